"""How moving a shop in and out is shown: how fast it goes, and what came of it."""

import sys
import time

import click

from xiaoer.cli.output import progress, show_table
from xiaoer.shop import ImportResult, Tell, TransferProgress

_SECONDS_ON_A_TERMINAL = 0.5
_SECONDS_IN_A_LOG = 10.0


def rates() -> Tell:
    """Give a function that shows, every now and then, what is worked at, how many a second, and the share done."""
    show, pause = progress(), _SECONDS_ON_A_TERMINAL if sys.stderr.isatty() else _SECONDS_IN_A_LOG
    shown, shown_at = TransferProgress("", 0, 0.0), time.monotonic()

    def tell(now: TransferProgress) -> None:
        nonlocal shown, shown_at
        seconds = time.monotonic() - shown_at
        if now.done < shown.done:  # rows have been counted till now, and records are from now on
            shown, shown_at = now, time.monotonic()
        elif seconds >= pause or now.share >= 1:
            a_second = (now.done - shown.done) / max(seconds, 1e-9)
            show(f"{now.what}: {now.done:,} done, {a_second:,.0f} a second", now.share)
            shown, shown_at = now, time.monotonic()

    return tell


def show_outcome(result: ImportResult) -> None:
    """Print what came of an import, for people."""
    headings = ("what", "new", "changed", "unchanged", "kept", "left out")
    rows = [(one.kind, one.new, one.changed, one.unchanged, one.kept, one.refused) for one in result.records]
    show_table(headings, rows)
    if result.is_resumed:
        click.echo("It had been stopped, and went on where it was.")
    if result.faults:
        click.echo(f"Things that are wrong: {result.faults}, listed in {result.report}")
    if result.kept:
        why = "because the files would undo what customers had changed"
        click.echo(f"Kept, {why}: {result.kept}, listed in {result.report}")
    if result.is_dry_run:
        click.echo("A dry run: nothing was changed.")
    elif not result.is_kept:
        click.echo(f"Nothing was changed, because something {'is wrong' if result.faults else 'was kept'} (--strict).")
    elif not result.changes:
        is_all = not result.faults and not result.kept
        click.echo(f"Nothing was changed{': the shop holds all of it already' if is_all else ''}.")
