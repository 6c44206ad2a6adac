"""`xiaoer evaluate`: measure the understanding of a pack by cross-validation."""

from pathlib import Path

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.learn import IntentReport, cross_validate
from xiaoer.pack import read_pack
from xiaoer.settings import load_settings


@click.command("evaluate")
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Folds of the validation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the folds.")
@click.option("--minimum", type=float, default=0.0, help="Exit 1 if the accuracy is under this share.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(pack: Path | None, folds: int, seed: int, minimum: float, *, as_json: bool) -> None:
    """Measure intent recognition by stratified cross-validation on the pack's own utterances.

    Example: xiaoer evaluate packs/shop_zh --minimum 0.88
    """
    settings = load_settings(pack=pack)
    report = cross_validate(read_pack(settings.pack), folds=folds, seed=seed)
    if as_json:
        show_json(report)
    else:
        _show(report)
    if report.accuracy < minimum:
        raise SystemExit(1)


def _show(report: IntentReport) -> None:
    rows = [(score.name, f"{score.precision:.3f}", f"{score.recall:.3f}", score.support) for score in report.classes]
    show_table(("intent", "precision", "recall", "utterances"), rows)
    click.echo(f"accuracy {report.accuracy:.4f}  macro F1 {report.macro_f1:.4f}  ECE {report.calibration_error:.4f}")
