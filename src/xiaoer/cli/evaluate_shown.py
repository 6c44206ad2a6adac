"""How the findings of an evaluation are shown."""

from collections.abc import Mapping
from dataclasses import fields

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.learn import ClassScore, evaluation

_PAIRS = 10


def show_findings(findings: evaluation.Findings, *, as_json: bool) -> None:
    """Print what was found, as JSON or for people: classes, the most frequent confusions, figures, gates."""
    figures = evaluation.figures(findings.evaluation)
    if as_json:
        show_json(_as_record(findings, figures))
        return
    report, entities = findings.evaluation.intents, findings.evaluation.entities
    show_table(("intent", "precision", "recall", "F1", "texts"), [_row(score) for score in report.classes])
    if entities is not None:
        click.echo()
        show_table(("entity", "precision", "recall", "F1", "marks"), [_row(score) for score in entities.kinds])
    click.echo()
    show_table(
        ("is", "was taken for", "times"), [(one.truth, one.guess, one.count) for one in report.confusions[:_PAIRS]]
    )
    click.echo()
    show_table(
        ("figure", "value"), [("texts", report.texts), *((name, f"{value:.4f}") for name, value in figures.items())]
    )
    if findings.left_out:
        why = "; ".join(f"{reason}: {count}" for reason, count in findings.left_out.items())
        click.echo(f"left out: {why}")
    if findings.robustness:
        click.echo()
        rows = [(one.name, one.texts, f"{one.as_written:.4f}", f"{one.disturbed:.4f}") for one in findings.robustness]
        show_table(("disturbance", "texts", "accuracy as written", "disturbed"), rows)
    _show_verdicts(findings)


def _as_record(findings: evaluation.Findings, figures: Mapping[str, float]) -> dict[str, object]:
    """Give what programs read: the usual figures under short names, then everything that was found."""
    report = findings.evaluation.intents
    out_of_scope = ("in_scope_accuracy", "in_scope_refused", *(name for name in figures if name.startswith("out_of")))
    return {
        "texts": report.texts,
        "accuracy": report.accuracy,
        "macro_f1": report.macro_f1,
        "ece": report.calibration_error,
        "latency_ms": findings.evaluation.latency_milliseconds,
        "out_of_scope": {name.removeprefix("out_of_scope_"): figures.get(name) for name in out_of_scope},
        "is_good": findings.is_good,
        "figures": figures,
        **{field.name: getattr(findings, field.name) for field in fields(findings)},
    }


def _show_verdicts(findings: evaluation.Findings) -> None:
    for gate in findings.gates:
        click.echo(f"{gate.name} {gate.value:.4f}, {gate.limit}: {gate.verdict}")
    found = findings.comparison
    if found is not None:
        click.echo(f"accuracy {found.accuracy:.4f}, that of {found.other} {found.other_accuracy:.4f}")
        click.echo(
            f"read rightly by this one alone {found.only_this}, by the other alone {found.only_other}:"
            f" McNemar p = {found.p_value:.2g}" + (", it is worse" if found.is_worse else "")
        )


def _row(score: ClassScore) -> tuple[object, ...]:
    return score.name, f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", score.support
