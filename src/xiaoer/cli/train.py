"""`xiaoer train`: train the understanding from a pack, or a model from labelled data."""

from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.full_tier import FullOptions, full_of_data, full_of_pack, full_options, is_any_given
from xiaoer.cli.models import registry_of, train
from xiaoer.cli.output import progress, show_json, typed_command
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.learn import Origin, data, train_from_data
from xiaoer.pack import read_pack
from xiaoer.serve import ModelCard
from xiaoer.settings import load_settings


class _Given(Columns, FullOptions):
    pack: Path | None
    data: Path | None
    out: Path | None
    tier: str
    seed: int
    licence: str


@click.command("train")
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option(
    "--data", type=click.Path(path_type=Path), help="Train from this alone: a table, a file or folder of data."
)
@click.option("--tier", type=click.Choice(["light", "full"]), default="light", show_default=True, help="Which tier.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the model; of a pack the one above `models`.")
@click.option(
    "--licence", default="", help="With --data or of a full tier: under which terms the data is used, for the card."
)
@full_options
@columns
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print the model's card as JSON.")
def command(*, as_json: bool, **given: Unpack[_Given]) -> None:
    """Train the understanding from a pack and publish it for serving, or a model from labelled data.

    A running `xiaoer up` on the same folder takes a pack's model when the pack changes. Data has the columns text and
    intent, or is a folder of `xiaoer data`.

    Examples: xiaoer train packs/shop_zh; xiaoer train --data train.csv --out my-model
    """
    if given["tier"] != "full" and is_any_given(given):
        raise click.UsageError("Settings, a search and privacy are of the full tier: give --tier full as well.")
    card = _from_pack(given, is_quiet=as_json) if given["data"] is None else _from_data(given, is_quiet=as_json)
    if as_json:
        show_json(card)
    else:
        scores = "  ".join(f"{name} {score:.4g}" for name, score in card.scores.items())
        click.echo(f"{card.pack or given['out']} {card.data_hash}: {scores}")


def _from_pack(given: _Given, *, is_quiet: bool) -> ModelCard:
    settings = load_settings(pack=given["pack"], data=given["out"])
    pack, registry = read_pack(settings.pack), registry_of(settings)
    if given["tier"] == "light":
        if given["licence"]:
            raise click.UsageError("A licence is told of a model of labelled data, or of a full one.")
        return train(pack, registry, seed=given["seed"], is_quiet=is_quiet)
    origin = Origin(str(settings.pack), given["licence"], typed_command())
    return full_of_pack(pack, registry, given, seed=given["seed"], origin=origin, is_quiet=is_quiet)


def _from_data(given: _Given, *, is_quiet: bool) -> ModelCard:
    path, out = given["data"], given["out"]
    if given["pack"] is not None or path is None or out is None:
        raise click.UsageError("Say where the model goes, --out FOLDER, and name no pack beside the data.")
    version = data.version_at(path, setting_of(given))
    unlabelled = sum(sample.intent is None for sample in version.table)
    if unlabelled and given["tier"] == "light":  # the full tier learns whatever else they are labelled with
        click.echo(f"{unlabelled} samples have no intent and are left aside.", err=True)
    origin = Origin(str(path), given["licence"], typed_command())
    if given["tier"] == "full":
        return full_of_data(version.table, out, given, seed=given["seed"], origin=origin, is_quiet=is_quiet)
    return train_from_data(version.table, out, seed=given["seed"], origin=origin, progress=progress(is_quiet=is_quiet))
