"""`xiaoer evaluate`: measure the understanding of a pack, by cross-validation or on labelled data."""

from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

import click

from xiaoer.cli.data_shown import FROM, PAGE
from xiaoer.cli.evaluate_shown import show_findings
from xiaoer.cli.given import Limit
from xiaoer.cli.models import ensure_model, registry_of
from xiaoer.clock import SystemClock
from xiaoer.learn import cross_validate, data, evaluation
from xiaoer.pack import read_pack
from xiaoer.settings import Settings, load_settings
from xiaoer.understand import LightModel, Understander, training_hash

_LIMIT = Limit(evaluation.FIGURES)


class _Given(TypedDict):
    on: Path | None
    compare: Path | None
    at_least: tuple[tuple[str, float], ...]
    at_most: tuple[tuple[str, float], ...]
    html: Path | None
    robust: bool


@click.command("evaluate")
@click.argument("pack", type=FROM, required=False)
@click.option("--on", type=FROM, help="Data (of `xiaoer data`) that the pack's model is judged by.")
@click.option("--compare", type=FROM, help="A pack whose model is judged by the same data; exit 1 if it is better.")
@click.option("--at-least", type=_LIMIT, multiple=True, help="Exit 1 if a figure is less; may be repeated.")
@click.option("--at-most", type=_LIMIT, multiple=True, help="Exit 1 if a figure is more; may be repeated.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Folds of the validation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--robust", is_flag=True, help="Judge by the same data mistyped, without punctuation, with emoji … too.")
@click.option("--html", type=PAGE, help="HTML file for the report, with plots.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(pack: Path | None, *, folds: int, seed: int, as_json: bool, **given: Unpack[_Given]) -> None:
    """Measure the understanding of a pack: on labelled data, or by cross-validation on the pack's own utterances.

    Example: xiaoer evaluate packs/shop_zh --on my-split-data --at-least accuracy=0.88 --at-most calibration_error=0.1
    """
    if given["on"] is None and (given["compare"] or given["robust"]):
        raise click.UsageError("Say by what to judge, --on FOLDER, to compare models or to disturb the texts.")
    settings = load_settings(pack=pack)
    if given["on"] is None:
        judged = cross_validate(read_pack(settings.pack), folds=folds, seed=seed)
        findings, by = evaluation.Findings(evaluation.Evaluation(judged)), "cross-validation"
    else:
        version = data.read_version(given["on"])
        by = f"data {version.manifest.data_hash}"
        findings = evaluation.examine(
            _trained(settings, is_quiet=as_json),
            version.table,
            now=SystemClock().now(),
            beside=_trained(load_settings(pack=given["compare"]), is_quiet=as_json) if given["compare"] else None,
            disturb=seed if given["robust"] else None,
        )
    measured = evaluation.figures(findings.evaluation)
    findings = replace(findings, gates=evaluation.gates(measured, dict(given["at_least"]), dict(given["at_most"])))
    if given["html"] is not None:
        about = f"The model of the pack {settings.pack}, judged by {by}"
        given["html"].write_text(evaluation.findings_page(findings, about), encoding="utf-8")
    show_findings(findings, as_json=as_json)
    if not findings.is_good:
        raise SystemExit(1)


def _trained(settings: Settings, *, is_quiet: bool) -> evaluation.Trained:
    pack = ensure_model(settings, is_quiet=is_quiet)
    folder = registry_of(settings).get(pack.manifest.name, training_hash(pack))
    return evaluation.Trained(pack, Understander(LightModel.load(folder), pack))
