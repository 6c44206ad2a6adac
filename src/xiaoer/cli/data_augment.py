"""`xiaoer data augment`: make further samples from those that are there, and measure what that brings."""

from pathlib import Path
from typing import TypedDict, Unpack, cast

import click
import msgspec

from xiaoer.cli.data_shown import FROM, TO, show_gain, show_version
from xiaoer.cli.output import progress, show_json, show_table
from xiaoer.learn import data
from xiaoer.pack import Pack, read_pack

_USUAL = data.AugmentSetting()


class _Given(TypedDict):
    methods: tuple[str, ...]
    share: float
    words: float
    seed: int


@click.command("augment")
@click.argument("folder", type=FROM)
@click.option("--to", "target", type=TO, help="Folder for the data with what was made.")
@click.option("--measure", is_flag=True, help="Say what each method brings, by leaving it out.")
@click.option("--most", type=click.IntRange(1), help="To measure, train on so many samples at most.")
@click.option("--pack", type=FROM, help="Pack whose lexicons have the synonyms, and whose words the model sees.")
@click.option(
    "--by", "methods", multiple=True, type=click.Choice(data.METHODS), help="A method; all that can be if left out."
)
@click.option("--share", type=click.FloatRange(0, 1), default=_USUAL.share, show_default=True, help="Of the samples.")
@click.option("--words", type=click.FloatRange(0, 1), default=_USUAL.words, show_default=True, help="Of their words.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def augment_command(  # one an option
    folder: Path,
    target: Path | None,
    pack: Path | None,
    most: int | None,
    *,
    measure: bool,
    as_json: bool,
    **given: Unpack[_Given],
) -> None:
    """Add samples made of those in FOLDER that are trained on: said otherwise, mistyped, with words between.

    Example: xiaoer data augment my-split-data --to my-augmented-data --by noise --by homophones
    """
    if target is None and not measure:
        raise click.UsageError("Say what to do: --to FOLDER writes what is made, --measure tells what it brings.")
    version, read = data.read_version(folder), read_pack(pack) if pack is not None else None
    setting = _setting(given, read)
    if measure:
        tell = progress(is_quiet=as_json)
        gain = data.measure_gain(version.table, setting, pack=read, most=most, tell=tell)
        (show_json if as_json else show_gain)(gain)
    if target is not None:
        table, made = data.augment(version.table, setting, pack=read)
        after = version.then("augment", msgspec.to_builtins(setting), table)
        data.write_version(after, target)
        if not as_json:
            show_table(("method", "samples made"), list(made.items()))
        if not (measure and as_json):
            show_version(after, as_json=as_json)


def _setting(given: _Given, pack: Pack | None) -> data.AugmentSetting:
    methods = cast("tuple[data.Method, ...]", given["methods"]) or tuple(
        method for method in data.METHODS if method != "synonyms" or pack is not None
    )
    return data.AugmentSetting(methods=methods, share=given["share"], words=given["words"], seed=given["seed"])
