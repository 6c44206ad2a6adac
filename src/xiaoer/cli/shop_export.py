"""`xiaoer shop export`: write products, customers and orders to files."""

import asyncio
from pathlib import Path
from typing import cast

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.cli.transfers import rates
from xiaoer.ids import ShopId
from xiaoer.settings import Settings, load_settings
from xiaoer.shop import ExportFormat, ExportResult, TransferFilesError, export_shop
from xiaoer.store import Database


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "file_format", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export_command(folder: Path, file_format: str, data: Path | None, *, as_json: bool) -> None:
    """Write all products, customers and orders into the new folder FOLDER; an import gives them back the same.

    Example: xiaoer shop export backup --format jsonl
    """
    try:
        result = asyncio.run(_export(load_settings(data=data), folder, cast("ExportFormat", file_format)))
    except TransferFilesError as error:
        raise click.UsageError(f"{error} [{error.code}]") from error
    if as_json:
        show_json(result)
    else:
        show_table(("table", "rows"), list(result.rows.items()))


async def _export(settings: Settings, folder: Path, file_format: ExportFormat) -> ExportResult:
    database = await Database.open(settings.store_url)
    try:
        return await export_shop(database, ShopId(settings.shop), folder, file_format, rates())
    finally:
        await database.close()
