"""`xiaoer data clean`: take out what would teach a model something wrong, or the same thing twice."""

from pathlib import Path
from typing import Literal, TypedDict, Unpack

import click
import msgspec

from xiaoer.cli.data_shown import FROM, PAGE, TO, show_version
from xiaoer.cli.output import progress, show_json, show_table
from xiaoer.learn import data

_USUAL = data.CleanSetting()


class _Given(TypedDict):
    language: Literal["zh", "en"] | None
    conflicts: Literal["majority", "drop", "keep"]
    near: float
    longest: int
    needs_intent: bool
    labels: Literal["keep", "relabel", "drop"]
    odds: float
    folds: int
    rounds: int
    seed: int


@click.command("clean")
@click.argument("folder", type=FROM)
@click.option("--to", "target", type=TO, required=True, help="Folder for what stays.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Keep texts of this language only.")
@click.option(
    "--conflicts",
    type=click.Choice(["majority", "drop", "keep"]),
    default=_USUAL.conflicts,
    show_default=True,
    help="Of a text with several intents keep those of the majority, none, or all.",
)
@click.option(
    "--near",
    type=click.FloatRange(0, 1),
    default=_USUAL.near,
    show_default=True,
    help="Texts of one intent that are as much alike are near duplicates; 0 keeps them.",
)
@click.option("--longest", type=click.IntRange(1), default=_USUAL.longest, show_default=True, help="In characters.")
@click.option("--needs-intent", is_flag=True, help="Leave out what is not labelled.")
@click.option(
    "--labels",
    type=click.Choice(["keep", "relabel", "drop"]),
    default=_USUAL.labels,
    show_default=True,
    help="What becomes of samples that models of the others put elsewhere, by far.",
)
@click.option(
    "--odds", type=click.FloatRange(1), default=_USUAL.odds, show_default=True, help="So many times as likely."
)
@click.option("--folds", type=click.IntRange(2, 20), default=_USUAL.folds, show_default=True, help="Of these models.")
@click.option("--rounds", type=click.IntRange(1, 9), default=_USUAL.rounds, show_default=True, help="Of these models.")
@click.option("--seed", type=int, default=_USUAL.seed, show_default=True, help="Seed of everything random.")
@click.option("--report", type=PAGE, help="HTML file for the report.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def clean_command(folder: Path, target: Path, report: Path | None, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Take HTML, noise, doubled texts, conflicting and wrong labels out of the data in FOLDER.

    Examples: xiaoer data clean my-data --to my-clean-data --report clean.html;
    xiaoer data clean my-data --to my-mended-data --labels relabel
    """
    before, setting = data.read_version(folder), data.CleanSetting(**given)
    kept, done = data.clean(before.table, setting, tell=progress(is_quiet=as_json or setting.labels == "keep"))
    after = before.then("clean", msgspec.to_builtins(setting), kept)
    data.write_version(after, target)
    if report is not None:
        report.write_text(data.clean_page(done, before.manifest.data_hash), encoding="utf-8")
    if as_json:
        show_json({"manifest": after.manifest, "report": done})
        return
    old, new = msgspec.to_builtins(done.before), msgspec.to_builtins(done.after)
    show_table(("", "before", "after"), [(name.replace("_", " "), old[name], new[name]) for name in old])
    for reason, count in done.by_reason.items():
        click.echo(f"left out, {reason.replace('_', ' ')}: {count}")
    if done.relabelled:
        click.echo(f"given another intent: {len(done.relabelled)}")
    show_version(after, as_json=False)
