"""`xiaoer shop`: look at the shop's data, move it in and out, make the demo anew."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.cli.shop_api import api_command, check_command
from xiaoer.cli.shop_export import export_command
from xiaoer.cli.shop_import import import_command
from xiaoer.cli.shop_notices import notices_command
from xiaoer.cli.shop_schema import schema_command
from xiaoer.ids import ShopId
from xiaoer.pack import read_pack
from xiaoer.settings import Settings, load_settings
from xiaoer.shop import Customer, Records, seed_demo
from xiaoer.store import Catalogue, Customers, Database, Orders


@click.group("shop")
def command() -> None:
    """Look at the shop's data; move it in and out of files; make the demo anew."""


@command.command("show")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_command(data: Path | None, *, as_json: bool) -> None:
    """Count products, customers and orders by state. Example: xiaoer shop show."""
    counts = asyncio.run(_counts(load_settings(data=data)))
    if as_json:
        show_json(counts)
    else:
        show_table(("what", "how many"), list(counts.items()))


@command.command("customers")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most as many.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def customers_command(data: Path | None, limit: int, *, as_json: bool) -> None:
    """List customers by id. Example: xiaoer shop customers --limit 10."""
    customers = asyncio.run(_customers(load_settings(data=data), limit))
    rows = [(customer.id, customer.name, customer.level) for customer in customers]
    if as_json:
        show_json([{"id": id, "name": name, "level": level} for id, name, level in rows])
    else:
        show_table(("id", "name", "level"), rows)


@command.command("demo")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def demo_command(data: Path | None, *, as_json: bool) -> None:
    """Fill an empty shop with the demo, or renew an unused one. Example: xiaoer shop demo."""
    settings = load_settings(data=data)
    is_written = asyncio.run(_seed(settings))
    if as_json:
        show_json({"written": is_written})
    else:
        click.echo("The demo shop was made." if is_written else "The shop holds data already; nothing was changed.")


async def _seed(settings: Settings) -> bool:
    settings.data.mkdir(parents=True, exist_ok=True)
    database = await Database.open(settings.store_url)
    try:
        pack = read_pack(settings.pack)
        return await seed_demo(database, ShopId(settings.shop), pack, now=datetime.now(UTC), seed=settings.demo.seed)
    finally:
        await database.close()


async def _customers(settings: Settings, limit: int) -> tuple[Customer, ...]:
    database = await Database.open(settings.store_url)
    try:
        return await Records(database, ShopId(settings.shop)).customers(limit=limit)
    finally:
        await database.close()


async def _counts(settings: Settings) -> dict[str, int]:
    database, shop = await Database.open(settings.store_url), ShopId(settings.shop)
    try:
        products, customers = await Catalogue(database).count(shop), await Customers(database).count(shop)
        states = await Orders(database).count_by_state(shop)
    finally:
        await database.close()
    by_state = {f"orders {state}": count for state, count in sorted(states.items())}
    return {"products": products, "customers": customers, "orders": sum(states.values()), **by_state}


command.add_command(api_command)
command.add_command(check_command)
command.add_command(import_command)
command.add_command(export_command)
command.add_command(schema_command)
command.add_command(notices_command)
