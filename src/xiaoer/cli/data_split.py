"""`xiaoer data split`: say which samples are trained on, tuned on and tested on."""

from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click
import msgspec

from xiaoer.cli.data_shown import FROM, TO, show_version
from xiaoer.cli.output import show_json, show_table
from xiaoer.learn import data

_USUAL = data.SplitSetting()


class _Given(TypedDict):
    by: Literal["random", "stratified", "time"]
    shares: tuple[float, float, float]
    folds: int
    near: float
    seed: int


@click.command("split")
@click.argument("folder", type=FROM)
@click.option("--to", "target", type=TO, required=True, help="Folder for the same data with its parts.")
@click.option(
    "--by", type=click.Choice(["random", "stratified", "time"]), default=_USUAL.by, show_default=True, help="How."
)
@click.option(
    "--shares", type=(float, float, float), default=_USUAL.shares, show_default=True, help="Train, dev, test."
)
@click.option("--folds", type=click.IntRange(0), default=0, help="So many equal parts instead.")
@click.option(
    "--near",
    type=click.FloatRange(0, 1),
    default=_USUAL.near,
    show_default=True,
    help="Texts as much alike are never parted; 0 parts all.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def split_command(folder: Path, target: Path, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Split the data in FOLDER into train, dev and test, or into folds; near duplicates stay together.

    Example: xiaoer data split my-clean-data --to my-split-data --shares 0.8 0.1 0.1
    """
    before, setting = data.read_version(folder), data.SplitSetting(**given)
    table, report = data.split(before.table, setting)
    after = before.then("split", msgspec.to_builtins(setting), table)
    data.write_version(after, target)
    if as_json:
        show_json({"manifest": after.manifest, "report": report})
        return
    total = len(table)
    rows = [
        (part, count, f"{count / total:.3f}", len(report.lacking.get(part, []))) for part, count in report.parts.items()
    ]
    show_table(("part", "samples", "share", "intents it lacks"), rows)
    click.echo(f"groups {report.groups}, the largest has {report.largest_group}")
    show_version(after, as_json=False)
