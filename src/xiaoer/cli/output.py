"""What commands print: progress and tables for people on stderr and stdout, JSON for programs."""

import shlex
import sys
from collections.abc import Callable, Sequence

import click
import msgspec

_TYPED = "xiaoer.cli.typed"


def show_json(value: object) -> None:
    """Print a value as JSON on stdout."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def show_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table with columns as wide as their widest cell."""
    cells = [[str(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def typed_command() -> str:
    """Give the command that runs, as it was typed."""
    return shlex.join(["xiaoer", *click.get_current_context().meta[_TYPED]])


def keep_typed(context: click.Context, words: Sequence[str]) -> None:
    """Keep what was typed behind `xiaoer`, for what a command tells of itself."""
    context.meta[_TYPED] = tuple(words)


def progress(*, is_quiet: bool = False) -> Callable[[str, float], None]:
    """Give a function that shows how far long work is: what is done now, and the share done (0 to 1)."""

    def show(what: str, share: float) -> None:
        if is_quiet:
            return
        end = "\n" if share >= 1 or not sys.stderr.isatty() else ""
        lead = "\r\033[K" if sys.stderr.isatty() else ""
        click.echo(f"{lead}{share:4.0%}  {what}{end}", err=True, nl=False)

    return show
