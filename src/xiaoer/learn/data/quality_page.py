"""The page of a quality report: gates, plots, and what to look at."""

from collections.abc import Mapping

from xiaoer.learn.data.charts import bars, histogram
from xiaoer.learn.data.pages import page, table
from xiaoer.learn.data.quality import RATIO, QualityReport

_SHOWN = 200


def quality_page(report: QualityReport, data_hash: str) -> str:
    """Make the page of a report; two hundred suspects and contradictions are shown at most."""
    most = report.figures.smallest_intent * next(gate.wanted for gate in report.gates if gate.name == RATIO)
    sections = [
        ("Gates", _gates(report)),
        ("Samples of each intent (the line: the most that it may have)", bars(_rows(report.intents), mark=most)),
        ("Core scenes with too few samples", table(("intent", "samples"), report.uncovered.items())),
        ("Length of the texts, in characters", histogram(report.lengths)),
        ("Marks of each kind of entity", bars(_rows(report.entities))),
        ("Samples of each source", bars(_rows(report.sources))),
        ("What an intent has to do with (0 nothing, 1 all)", bars(_rows(report.associations), mark=1.0)),
        (f"Nearly the same text under several intents: {len(report.contradictions)}", _contradictions(report)),
        (f"Labels in doubt: {len(report.suspects)}", _suspects(report)),
    ]
    about = f"Data {data_hash}: {report.figures.samples} samples of {report.figures.intents} intents."
    if report.held_out_accuracy is not None:
        about += f" The light model, trained without them, puts {report.held_out_accuracy:.1%} where their labels do."
    return page("Quality of data", about, sections)


def _rows(counts: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(name or "(none)", float(count)) for name, count in counts.items()]


def _gates(report: QualityReport) -> str:
    rows = [(gate.name, gate.value, gate.limit, gate.verdict) for gate in report.gates]
    return table(("", "is", "wanted", ""), rows)


def _contradictions(report: QualityReport) -> str:
    rows = [
        ("; ".join(f"{text} ({intent})" for _, text, intent in one.samples), ", ".join(id for id, _, _ in one.samples))
        for one in report.contradictions[:_SHOWN]
    ]
    return table(("texts", "where"), rows)


def _suspects(report: QualityReport) -> str:
    rows = [
        (one.text, one.intent, one.confidence_of_label, one.likelier, one.confidence, one.id)
        for one in report.suspects[:_SHOWN]
    ]
    return table(("text", "intent", "sure", "likelier", "sure", "where"), rows)
