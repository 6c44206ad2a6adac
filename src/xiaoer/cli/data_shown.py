"""What the commands of `xiaoer data` share: the folders that they are given, and how data is shown."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from xiaoer.cli.output import show_json, show_table
from xiaoer.learn import data

_SHOWN_FAULTS = 20

FROM = click.Path(file_okay=False, path_type=Path)
TO = click.Path(file_okay=False, path_type=Path)
PAGE = click.Path(dir_okay=False, path_type=Path)


def show_version(version: data.Version, *, as_json: bool, with_steps: bool = False) -> None:
    """Print what data is: its hash, its size and, if wanted, the steps that led to it."""
    manifest = version.manifest
    if as_json:
        show_json(manifest)
        return
    click.echo(f"data {manifest.data_hash}: {manifest.samples} samples of {manifest.intents} intents")
    for step in manifest.steps if with_steps else ():
        inputs = ", ".join(f"{name} {content}" for name, content in step.inputs.items())
        click.echo(f"  {step.data_hash}  {step.station} of {inputs}")


def show_faults(faults: Sequence[data.RowFault]) -> None:
    """Print the rows that were left out, on stderr, the first ones only if there are many."""
    for fault in faults[:_SHOWN_FAULTS]:
        click.echo(str(fault), err=True)
    if len(faults) > _SHOWN_FAULTS:
        click.echo(f"… and {len(faults) - _SHOWN_FAULTS} more rows; --json lists them all.", err=True)


def show_gain(report: data.GainReport) -> None:
    """Print what each way to augment brings."""
    rows = [("nothing made", report.plain), ("all methods", report.all_methods)]
    rows += [(f"without {name}", accuracy) for name, accuracy in report.without.items()]
    show_table(
        ("trained on", "as written", "mistyped", "the one left out brings", ""),
        [
            (name, one.as_written, one.mistyped, *msgspec.structs.astuple(report.gains[name.removeprefix("without ")]))
            if name.startswith("without ")
            else (name, one.as_written, one.mistyped, "", "")
            for name, one in rows
        ],
    )
    click.echo(
        f"trained on {report.trained_on} samples and {report.made} made of them, tested on {report.tested_on};"
        f" differences below {report.noise} are chance"
    )
