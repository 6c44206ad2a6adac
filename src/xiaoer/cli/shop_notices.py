"""`xiaoer shop notices`: who is to be told of what, now that it is back in stock."""

import asyncio
from dataclasses import asdict
from pathlib import Path

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.ids import ShopId
from xiaoer.settings import Settings, load_settings
from xiaoer.shop import DueNotice, Records, due_notices
from xiaoer.store import Database


@click.command("notices")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def notices_command(data: Path | None, *, as_json: bool) -> None:
    """List the customers who asked to be told of what is in stock now. Example: xiaoer shop notices --json."""
    due = asyncio.run(_due(load_settings(data=data)))
    if as_json:
        show_json([asdict(notice) for notice in due])
    else:
        rows = [(one.customer, one.sku, one.stock, one.title, one.asked_at.isoformat()) for one in due]
        show_table(("customer", "sku", "in stock", "title", "asked at"), rows)


async def _due(settings: Settings) -> list[DueNotice]:
    database = await Database.open(settings.store_url)
    try:
        records = Records(database, ShopId(settings.shop))
        return list(due_notices(await records.all_customers(), await records.products()))
    finally:
        await database.close()
