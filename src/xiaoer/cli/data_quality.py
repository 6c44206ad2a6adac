"""`xiaoer data quality`: say whether data is fit to train on."""

from pathlib import Path
from typing import TypedDict, Unpack

import click

from xiaoer.cli.data_shown import FROM, PAGE
from xiaoer.cli.output import progress, show_json, show_table
from xiaoer.learn import data
from xiaoer.pack import read_pack

_USUAL = data.QualitySetting()


class _Given(TypedDict):
    core: tuple[str, ...]
    fewest: int
    folds: int
    seed: int


@click.command("quality")
@click.argument("folder", type=FROM)
@click.option("--pack", type=FROM, help="Pack whose flows name the core scenes, and whose words the model sees.")
@click.option("--core", multiple=True, help="An intent of the core scenes instead; may be repeated.")
@click.option("--fewest", type=click.IntRange(1), default=_USUAL.fewest, show_default=True, help="Samples of a scene.")
@click.option(
    "--folds", type=click.IntRange(0), default=_USUAL.folds, show_default=True, help="To find label noise; 0: do not."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--report", type=PAGE, help="HTML file for the report, with plots.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def quality_command(
    folder: Path, pack: Path | None, report: Path | None, *, as_json: bool, **given: Unpack[_Given]
) -> None:
    """Measure the data in FOLDER: completeness, consistency, coverage, class ratio, label noise; exit 1 if unfit.

    Example: xiaoer data quality my-clean-data --report quality.html
    """
    if given["folds"] == 1:
        raise click.BadParameter("one fold leaves nothing to train on; give 2 or more, or 0.", param_hint="--folds")
    version, setting = data.read_version(folder), data.QualitySetting(**given)
    read = read_pack(pack) if pack is not None else None
    done = data.quality(version.table, setting, pack=read, tell=progress(is_quiet=as_json))
    if report is not None:
        report.write_text(data.quality_page(done, version.manifest.data_hash), encoding="utf-8")
    if as_json:
        show_json({"data_hash": version.manifest.data_hash, "is_fit": done.is_fit, "report": done})
    else:
        _show(done)
    if not done.is_fit:
        raise SystemExit(1)


def _show(report: data.QualityReport) -> None:
    rows = [(gate.name, f"{gate.value:.4g}", gate.limit, gate.verdict) for gate in report.gates]
    show_table(("", "is", "wanted", ""), rows)
    for name, count in report.uncovered.items():
        click.echo(f"too few samples: {name} {count}")
    if report.held_out_accuracy is not None:
        click.echo(f"held-out accuracy {report.held_out_accuracy}, labels in doubt {len(report.suspects)}")
