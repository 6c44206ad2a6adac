"""`xiaoer evaluate`: measure a model, on labelled data or by cross-validation of a pack."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.data_shown import FROM, PAGE
from xiaoer.cli.evaluate_models import pack_folder, trained_anywhere, trained_at, trained_from
from xiaoer.cli.evaluate_shown import show_findings
from xiaoer.cli.given import Limit
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.learn import cross_validate, data, evaluation
from xiaoer.pack import read_pack
from xiaoer.settings import load_settings

_LIMIT = Limit(evaluation.FIGURES)
_ANY = click.Path(path_type=Path)


class _Given(Columns):
    pack: Path | None
    named: Path | None
    model: Path | None
    data: Path | None
    compare: Path | None
    at_least: tuple[tuple[str, float], ...]
    at_most: tuple[tuple[str, float], ...]
    html: Path | None
    robust: bool
    folds: int
    seed: int


@click.command("evaluate")
@click.argument("pack", type=FROM, required=False)
@click.option("--pack", "named", type=FROM, help="The pack whose model is judged: its folder, or its name in packs/.")
@click.option("--model", type=FROM, help="Folder of a model of labelled data, judged instead of a pack's.")
@click.option("--data", "--on", "data", type=_ANY, help="What to judge by: a table, a file or folder of data.")
@click.option(
    "--compare", type=FROM, help="A model's folder or a pack, judged by the same data; exit 1 if it is better."
)
@click.option("--at-least", type=_LIMIT, multiple=True, help="Exit 1 if a figure is less; may be repeated.")
@click.option("--at-most", type=_LIMIT, multiple=True, help="Exit 1 if a figure is more; may be repeated.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True, help="Folds of the validation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--robust", is_flag=True, help="Judge by the same data mistyped, without punctuation, with emoji … too.")
@click.option("--html", type=PAGE, help="HTML file for the report, with plots.")
@columns
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(*, as_json: bool, **given: Unpack[_Given]) -> None:
    """Measure a model: on labelled data, or that of a pack by cross-validation on the pack's own utterances.

    Examples: xiaoer evaluate --model my-model --data test.csv; xiaoer evaluate --pack shop_zh --data labelled.csv
    --at-least accuracy=0.88 --at-most calibration_error=0.1
    """
    _refuse_wrong_use(given)
    findings, about = _by_validation(given) if given["data"] is None else _by_data(given, is_quiet=as_json)
    measured = evaluation.figures(findings.evaluation)
    findings = replace(findings, gates=evaluation.gates(measured, dict(given["at_least"]), dict(given["at_most"])))
    if given["html"] is not None:
        given["html"].write_text(evaluation.findings_page(findings, about), encoding="utf-8")
    show_findings(findings, as_json=as_json)
    if not findings.is_good:
        raise SystemExit(1)


def _refuse_wrong_use(given: _Given) -> None:
    if sum(one is not None for one in (given["pack"], given["named"], given["model"])) > 1:
        raise click.UsageError("Name one pack or one --model; another one goes with --compare.")
    if given["data"] is None and (given["model"] or given["compare"] or given["robust"]):
        raise click.UsageError(
            "Say by what to judge, --data PATH: to judge a model of data, to compare models, to disturb the texts."
        )


def _by_validation(given: _Given) -> tuple[evaluation.Findings, str]:
    settings = load_settings(pack=pack_folder(given["pack"] or given["named"]))
    judged = cross_validate(read_pack(settings.pack), folds=given["folds"], seed=given["seed"])
    about = f"The model of the pack {settings.pack}, judged by cross-validation"
    return evaluation.Findings(evaluation.Evaluation(judged)), about


def _by_data(given: _Given, *, is_quiet: bool) -> tuple[evaluation.Findings, str]:
    version = data.version_at(given["data"] or Path(), setting_of(given))
    if given["model"] is not None:
        model = trained_at(given["model"])
    else:
        model = trained_from(given["pack"] or given["named"], is_quiet=is_quiet)
    other = given["compare"]
    findings = evaluation.examine(
        model,
        version.table,
        beside=trained_anywhere(other, is_quiet=is_quiet) if other is not None else None,
        disturb=given["seed"] if given["robust"] else None,
    )
    return findings, f"The model {model.name}, judged by data {version.manifest.data_hash}"
