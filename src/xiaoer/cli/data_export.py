"""`xiaoer data export`: write data as a file of a pack's intents."""

from pathlib import Path

import click

from xiaoer.cli.data_shown import FROM, PAGE, show_faults
from xiaoer.cli.output import show_json
from xiaoer.learn import data
from xiaoer.pack import read_pack


@click.command("export")
@click.argument("folder", type=FROM)
@click.option("--to", "target", type=PAGE, required=True, help="YAML file for a pack's folder intents/.")
@click.option("--pack", type=FROM, help="Pack that says what its intents are about.")
@click.option("--part", help="Only samples of this part, for example train.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written and left out as JSON.")
def export_command(folder: Path, target: Path, pack: Path | None, part: str | None, *, as_json: bool) -> None:
    """Write the data in FOLDER as intents of a pack, from which models are trained; exit 1 if rows were left out.

    Example: xiaoer data export my-split-data --part train --to my-pack/intents/all.yaml
    """
    version = data.read_version(folder)
    about = {name: intent.about for name, intent in read_pack(pack).intents.items()} if pack is not None else {}
    heading = f"Data {version.manifest.data_hash}{f', part {part}' if part is not None else ''}"
    written, faults = data.intents_file(version.table, about, heading=heading, part=part)
    count = sum(part in {None, sample.split} for sample in version.table) - len(faults)
    target.write_text(written, encoding="utf-8")
    if as_json:
        show_json({"written": count, "left_out": [fault._asdict() for fault in faults]})
    else:
        show_faults(faults)
        click.echo(f"{count} samples written to {target}")
    if faults:
        raise SystemExit(1)
