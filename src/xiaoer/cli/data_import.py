"""`xiaoer data import`: take samples from files."""

from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.data_shown import TO, show_faults, show_version
from xiaoer.cli.output import show_json
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.learn import data


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "folder", type=TO, required=True, help="Folder for the data.")
@columns
@click.option("--json", "as_json", is_flag=True, help="Print the manifest and what was left out as JSON.")
def import_command(files: tuple[Path, ...], folder: Path, *, as_json: bool, **given: Unpack[Columns]) -> None:
    """Take samples from FILES: packs, Rasa NLU YAML, CSV and Excel, Doccano JSON lines, tagged tokens, logs.

    A broken row is reported with its line and left out, the others are kept; the exit status is 1 then.

    Example: xiaoer data import nlu.yml faq.csv --to my-data
    """
    imported = data.import_files(files, setting_of(given))
    data.write_version(imported.version, folder)
    if as_json:
        faults = [fault._asdict() for fault in imported.faults]
        show_json({"manifest": imported.version.manifest, "left_out": faults})
    else:
        show_faults(imported.faults)
        show_version(imported.version, as_json=False)
    if imported.faults:
        raise SystemExit(1)
