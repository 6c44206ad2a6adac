"""`xiaoer evaluate`: measure the understanding of a pack, by cross-validation or on labelled data."""

from pathlib import Path
from typing import TypedDict, Unpack

import click

from xiaoer.cli.data_shown import FROM, PAGE
from xiaoer.cli.evaluate_shown import show_findings
from xiaoer.cli.given import Limit
from xiaoer.cli.models import ensure_model, registry_of
from xiaoer.clock import SystemClock
from xiaoer.learn import cross_validate, data, evaluation
from xiaoer.pack import Pack, read_pack
from xiaoer.settings import Settings, load_settings
from xiaoer.understand import LightModel, Understander, training_hash

_LIMIT = Limit(evaluation.FIGURES)


class _Given(TypedDict):
    on: Path | None
    compare: Path | None
    at_least: tuple[tuple[str, float], ...]
    at_most: tuple[tuple[str, float], ...]
    html: Path | None


@click.command("evaluate")
@click.argument("pack", type=FROM, required=False)
@click.option("--on", type=FROM, help="Data (of `xiaoer data`) that the pack's model is judged by.")
@click.option("--compare", type=FROM, help="A pack whose model is judged by the same data; exit 1 if it is better.")
@click.option("--at-least", type=_LIMIT, multiple=True, help="Exit 1 if a figure is less; may be repeated.")
@click.option("--at-most", type=_LIMIT, multiple=True, help="Exit 1 if a figure is more; may be repeated.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Folds of the validation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--html", type=PAGE, help="HTML file for the report, with plots.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(pack: Path | None, *, folds: int, seed: int, as_json: bool, **given: Unpack[_Given]) -> None:
    """Measure the understanding of a pack: on labelled data, or by cross-validation on the pack's own utterances.

    Example: xiaoer evaluate packs/shop_zh --on my-split-data --at-least accuracy=0.88 --at-most calibration_error=0.1
    """
    if given["on"] is None and given["compare"]:
        raise click.UsageError("Say by what to judge both: --on FOLDER.")
    settings = load_settings(pack=pack)
    if given["on"] is None:
        evaluated = evaluation.Evaluation(cross_validate(read_pack(settings.pack), folds=folds, seed=seed))
        comparison = None
    else:
        evaluated, comparison = _judge(settings, given["on"], given["compare"], is_quiet=as_json)
    held = evaluation.gates(evaluation.figures(evaluated), dict(given["at_least"]), dict(given["at_most"]))
    findings = evaluation.Findings(evaluated, held, comparison)
    if given["html"] is not None:
        about = f"The pack {settings.pack} by {given['on'] or 'cross-validation'}"
        given["html"].write_text(evaluation.findings_page(findings, about), encoding="utf-8")
    show_findings(findings, as_json=as_json)
    if not findings.is_good:
        raise SystemExit(1)


def _judge(
    settings: Settings, on: Path, compare: Path | None, *, is_quiet: bool
) -> tuple[evaluation.Evaluation, evaluation.Comparison | None]:
    table, now = data.read_version(on).table, SystemClock().now()
    trained = [_trained(settings, is_quiet=is_quiet)]
    if compare is not None:
        trained.append(_trained(settings.model_copy(update={"pack": compare}), is_quiet=is_quiet))
    samples = evaluation.unseen(table, [pack for pack, _ in trained])
    heard, *others = (evaluation.hear(understander, samples, now=now) for _, understander in trained)
    comparison = evaluation.compare(heard, others[0], trained[1][1].model_id) if others else None
    return evaluation.evaluate(heard), comparison


def _trained(settings: Settings, *, is_quiet: bool) -> tuple[Pack, Understander]:
    pack = ensure_model(settings, is_quiet=is_quiet)
    folder = registry_of(settings).get(pack.manifest.name, training_hash(pack))
    return pack, Understander(LightModel.load(folder), pack)
