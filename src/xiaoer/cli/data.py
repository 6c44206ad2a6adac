"""`xiaoer data`: the stations from what users have to what models are trained on."""

from pathlib import Path

import click

from xiaoer.cli.data_annotate import annotate_command
from xiaoer.cli.data_augment import augment_command
from xiaoer.cli.data_clean import clean_command
from xiaoer.cli.data_collect import collect_command
from xiaoer.cli.data_export import export_command
from xiaoer.cli.data_import import import_command
from xiaoer.cli.data_quality import quality_command
from xiaoer.cli.data_run import run_command
from xiaoer.cli.data_shown import FROM, show_version
from xiaoer.cli.data_split import split_command
from xiaoer.learn import data


@click.group("data")
def command() -> None:
    """Bring in, clean, split, judge, label and multiply what is trained on.

    Data is a folder with the samples and a manifest that names their hash and every step that led to them.
    """


@command.command("show")
@click.argument("folder", type=FROM)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def show_command(folder: Path, *, as_json: bool) -> None:
    """Show what the data in FOLDER is and how it came about. Example: xiaoer data show my-data."""
    show_version(data.read_version(folder), as_json=as_json, with_steps=True)


command.add_command(import_command)
command.add_command(collect_command)
command.add_command(clean_command)
command.add_command(split_command)
command.add_command(quality_command)
command.add_command(annotate_command)
command.add_command(augment_command)
command.add_command(run_command)
command.add_command(export_command)
