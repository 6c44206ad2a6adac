"""The page of a cleaning: before and after, and what was left out."""

from collections.abc import Iterator

import msgspec

from xiaoer.learn.data.charts import bars
from xiaoer.learn.data.cleaning import CleanReport, LeftOut
from xiaoer.learn.data.pages import page, table

_SHOWN = 200


def clean_page(report: CleanReport, data_hash: str) -> str:
    """Make the page of a report; of each reason the first two hundred samples are shown."""
    before, after = msgspec.to_builtins(report.before), msgspec.to_builtins(report.after)
    figures = table(("", "before", "after"), [(name.replace("_", " "), before[name], after[name]) for name in before])
    reasons = report.by_reason
    sections = [
        ("Before and after", figures),
        ("Why samples were left out", bars([(reason.replace("_", " "), count) for reason, count in reasons.items()])),
        (f"Given another intent: {len(report.relabelled)}", _relabelled(report)),
        *(
            (f"{reason.replace('_', ' ').capitalize()}: {reasons[reason]}", _samples(report, reason))
            for reason in reasons
        ),
    ]
    return page("Cleaning", f"Data {data_hash}. Texts changed: {report.changed}.", sections)


def _relabelled(report: CleanReport) -> str:
    rows = [
        (one.text, one.intent, one.confidence_of_label, one.likelier, one.confidence, one.id)
        for one in report.relabelled[:_SHOWN]
    ]
    return table(("text", "intent before", "sure", "intent now", "sure", "where"), rows)


def _samples(report: CleanReport, reason: str) -> str:
    of_reason: Iterator[LeftOut] = (one for one in report.left_out if one.reason == reason)
    rows = [(one.text, one.intent, one.id, one.beside) for one, _ in zip(of_reason, range(_SHOWN), strict=False)]
    return table(("text", "intent", "where", "kept instead"), rows)
