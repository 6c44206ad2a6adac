"""`xiaoer compress`: make a model of the full tier smaller and faster."""

from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.output import progress, show_json
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.learn import compression, data


class _Given(Columns):
    prune: float | None
    layers: int | None
    distil: float | None
    int8: bool
    epochs: int
    rate: float
    seed: int


_USUAL = compression.CompressionSetting()
_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command("compress")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--data", "path", type=click.Path(path_type=Path), required=True, help="What the model was trained on.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the smaller model.")
@click.option("--prune", type=_SHARE, default=None, help="Share of the heads and neurons of each layer that is cut.")
@click.option("--layers", type=click.IntRange(1), help="Layers that stay.")
@click.option("--distil", type=_SHARE, help="Share of the parameters that a pupil has, which learns from the model.")
@click.option("--int8/--no-int8", default=True, show_default=True, help="Weights as whole bytes.")
@click.option(
    "--epochs", type=click.IntRange(1), default=_USUAL.training.epochs, show_default=True, help="Of training."
)
@click.option("--rate", type=float, default=_USUAL.training.rate, show_default=True, help="Highest learning rate.")
@columns
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print the smaller model's card as JSON.")
def command(model: Path, path: Path, out: Path, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Make a MODEL of the full tier smaller and faster: whole bytes, pruning, distillation, alone or together.

    Example: xiaoer compress my-model --data train.csv --prune 0.5 --distil 0.25 --out my-small-model
    """
    setting = compression.CompressionSetting(
        prune=given["prune"] or 0.0,
        layers=given["layers"],
        distil=given["distil"],
        is_int8=given["int8"],
        training=_USUAL.training.model_copy(update={"epochs": given["epochs"], "rate": given["rate"]}),
    )
    table = data.version_at(path, setting_of(given)).table
    card = compression.compress_model(
        model, table, out, setting, seed=given["seed"], progress=progress(is_quiet=as_json)
    )
    if as_json:
        show_json(card)
    else:
        click.echo(f"{out}: " + "  ".join(f"{name} {score:.4g}" for name, score in card.scores.items()))
