"""`xiaoer data annotate`: samples to the people who label them, and back."""

from pathlib import Path
from typing import Literal

import click
import msgspec

from xiaoer.cli.data_shown import FROM, PAGE, TO, show_faults, show_version
from xiaoer.cli.output import show_json, show_table
from xiaoer.learn import data
from xiaoer.pack import read_pack

_FILES = click.Path(dir_okay=False, path_type=Path)
_SHOWN = 20
_kind = click.option(
    "--kind",
    type=click.Choice(["classes", "spans", "both"]),
    default="classes",
    show_default=True,
    help="Of the Doccano project: intents, entities, or both (intent detection and slot filling).",
)


@click.group("annotate")
def annotate_command() -> None:
    """Choose what people should label, write it for Doccano, take it back, and say how far they agree."""


@annotate_command.command("export")
@click.argument("folder", type=FROM)
@click.option("--to", "target", type=PAGE, required=True, help="File of JSON lines for Doccano.")
@_kind
@click.option("--json", "as_json", is_flag=True, help="Print how many were written as JSON.")
def export_command(folder: Path, target: Path, kind: Literal["classes", "spans", "both"], *, as_json: bool) -> None:
    """Write the data in FOLDER for Doccano. Example: xiaoer data annotate export my-data --to label.jsonl."""
    table = data.read_version(folder).table
    target.write_bytes(data.for_doccano(table, kind))
    show_json({"samples": len(table)}) if as_json else click.echo(f"{len(table)} samples written to {target}")


@annotate_command.command("choose")
@click.argument("folder", type=FROM)
@click.option("--count", type=click.IntRange(1), default=200, show_default=True, help="How many to label.")
@click.option("--to", "target", type=PAGE, required=True, help="File of JSON lines for Doccano.")
@click.option("--pack", type=FROM, help="Pack whose words the model sees.")
@_kind
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print what was chosen as JSON.")
def choose_command(  # noqa: PLR0913  # one an option
    folder: Path,
    count: int,
    target: Path,
    pack: Path | None,
    kind: Literal["classes", "spans", "both"],
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Choose the unlabelled samples that teach most: unsure ones, spread over what there is.

    Example: xiaoer data annotate choose my-data --count 200 --to label.jsonl
    """
    read = read_pack(pack) if pack is not None else None
    chosen = data.choose(data.read_version(folder).table, count, pack=read, seed=seed)
    target.write_bytes(data.for_doccano([one.sample for one in chosen], kind))
    if as_json:
        show_json(chosen)
    else:
        show_table(("unsure", "guess", "text"), [(one.unsure, one.guess, one.sample.text) for one in chosen[:_SHOWN]])
        click.echo(f"{len(chosen)} samples written to {target}")


@annotate_command.command("import")
@click.argument("folder", type=FROM)
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--to", "target", type=TO, required=True, help="Folder for the labelled data.")
@_kind
@click.option("--json", "as_json", is_flag=True, help="Print what was taken as JSON.")
def import_command(
    folder: Path, files: tuple[Path, ...], target: Path, kind: Literal["classes", "spans", "both"], *, as_json: bool
) -> None:
    """Take labels from FILES that Doccano exported into the data in FOLDER; the majority decides, exit 1 on bad rows.

    Example: xiaoer data annotate import my-data ann.jsonl ben.jsonl --to my-labelled-data
    """
    before = data.read_version(folder)
    done = data.with_labels(before.table, files, kind)
    settings = {"kind": kind, "files": {str(file): data.file_hash(file) for file in files}}
    after = before.then("annotate", settings, done.table)
    data.write_version(after, target)
    if as_json:
        faults = [fault._asdict() for fault in done.faults]
        show_json({"manifest": after.manifest, "changed": done.changed, "left_out": faults})
    else:
        show_faults(done.faults)
        click.echo(f"labelled otherwise than before: {done.changed}")
        show_version(after, as_json=False)
    if done.faults:
        raise SystemExit(1)


@annotate_command.command("agree")
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--at-least", type=click.FloatRange(0, 1), default=data.ENOUGH, show_default=True, help="Exit 1 below.")
@click.option("--json", "as_json", is_flag=True, help="Print the agreement as JSON.")
def agree_command(files: tuple[Path, ...], at_least: float, *, as_json: bool) -> None:
    """Say how far the people agree who labelled the same samples, a file each: Cohen's kappa of two, Fleiss' of more.

    Example: xiaoer data annotate agree ann.jsonl ben.jsonl
    """
    found = data.agreement({str(file): tuple(data.labelled_in(file).samples) for file in files})
    if as_json:
        show_json({"is_enough": found.is_enough(at_least), **msgspec.to_builtins(found)})
    else:
        for one in found.disagreements[:_SHOWN]:
            click.echo(f"{one.id}  {one.text}\n    " + "  ".join(f"{who}: {what}" for who, what in one.labels.items()))
        show_table(("kappa of", "is"), [("intents", found.kappa), ("marks", found.span_kappa), *found.pairs.items()])
        click.echo(f"{found.samples} samples, {len(found.disagreements)} labelled differently; wanted: {at_least}")
    if not found.is_enough(at_least):
        raise SystemExit(1)
