"""`xiaoer shop import`: take products, customers and orders from files."""

import asyncio
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from xiaoer.cli.given import Currency, Zone
from xiaoer.cli.output import show_json
from xiaoer.cli.transfers import rates, show_outcome
from xiaoer.ids import ShopId
from xiaoer.pack import read_pack
from xiaoer.settings import Settings, load_settings
from xiaoer.shop import ImportResult, ImportSetting, TransferFilesError, import_shop
from xiaoer.store import Database


class _Given(TypedDict):
    data: Path | None
    currency: str | None
    timezone: ZoneInfo | None
    report: Path | None
    is_strict: bool
    is_dry_run: bool
    overwrites_changes: bool


@click.command("import")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--currency", type=Currency(), help="Of amounts that name none; the pack's by default.")
@click.option("--timezone", type=Zone(), help="Of moments that name none; the pack's by default.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV file for what is wrong or kept.")
@click.option("--strict", "is_strict", is_flag=True, help="Change nothing if anything is wrong or kept.")
@click.option(
    "--overwrite-changes",
    "overwrites_changes",
    is_flag=True,
    help="Take records as the files have them, whatever customers had changed of them.",
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Change nothing; show what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(folder: Path, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Take products, customers and orders from the CSV and JSON files in FOLDER.

    A record replaces the one with its id, unless that would undo what was done in a conversation: then the shop's is
    kept. This and what is wrong goes into a report, row by row, and broken records are left out; the exit status is 1
    then. Stopped at any moment, the same command goes on where it was.
    Example: xiaoer shop import my-shop --dry-run
    """
    settings = load_settings(data=given["data"])
    try:
        result = asyncio.run(_import(settings, folder, _setting(settings, given)))
    except TransferFilesError as error:
        raise click.UsageError(f"{error} [{error.code}]") from error
    if as_json:
        show_json(result)
    else:
        show_outcome(result)
    if result.faults or result.kept:
        raise SystemExit(1)


def _setting(settings: Settings, given: _Given) -> ImportSetting:
    currency, zone, workplace = given["currency"], given["timezone"], settings.data / "imports"
    if currency is None or zone is None:
        manifest = read_pack(settings.pack).manifest
        currency, zone = currency or manifest.currency, zone or ZoneInfo(manifest.timezone)
    return ImportSetting(
        currency=currency,
        timezone=zone,
        workplace=workplace,
        report=given["report"] or workplace / "report.csv",
        is_dry_run=given["is_dry_run"],
        is_strict=given["is_strict"],
        overwrites_changes=given["overwrites_changes"],
    )


async def _import(settings: Settings, folder: Path, setting: ImportSetting) -> ImportResult:
    database = await Database.open(settings.store_url)
    try:
        return await import_shop(database, ShopId(settings.shop), folder, setting, rates())
    finally:
        await database.close()
