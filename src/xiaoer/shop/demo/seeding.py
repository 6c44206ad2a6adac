"""Filling an empty shop with the demo, and keeping the demo fresh as long as nobody has used it."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from xiaoer.ids import ShopId
from xiaoer.pack import Pack
from xiaoer.shop.demo.lists import read_lists
from xiaoer.shop.demo.making import DemoShop, make_demo
from xiaoer.shop.history import BY_CUSTOMER
from xiaoer.shop.models import Order, Product
from xiaoer.shop.policies import read_policies
from xiaoer.shop.records import Records, Transaction
from xiaoer.store import Database

_LISTS_FOLDER = "shop"
_STALE_AFTER = timedelta(days=1)
_MOST_ORDERS = 2000
"""A shop with more orders than a demo has is not looked through at each start."""


async def seed_demo(database: Database, shop: ShopId, pack: Pack, *, now: datetime, seed: int = 2026) -> bool:
    """Write the demo into a shop if it is empty, or anew if it is an unused demo of yesterday or before.

    A shop with any order that is not the demo's, or that a customer has changed, is left as it is. Gives whether
    anything was written.

    Raises:
        DemoListError: the pack's lists of the demo are missing or wrong.
    """
    records = Records(database, shop)
    stored = await _unused_and_old(records, now)
    if stored is None:
        return False
    demo = demo_of(pack, now=now, seed=seed)
    if stored and {order.id for order in stored} != {order.id for order in demo.orders}:
        return False
    await store_demo(records, demo)
    return True


def demo_of(pack: Pack, *, now: datetime, seed: int = 2026) -> DemoShop:
    """Make the demo of a pack's lists; its goods are found by the names of sister packs too.

    Raises:
        DemoListError: the pack's lists of the demo are missing or wrong.
    """
    timezone = ZoneInfo(pack.manifest.timezone)
    policies = read_policies(pack.clauses, on=now.astimezone(timezone).date(), timezone=timezone)
    lists = read_lists(pack.folder / _LISTS_FOLDER)
    demo = make_demo(lists, policies, seed=seed, now=now, currency=pack.manifest.currency)
    return dataclasses.replace(demo, products=_named_by_sisters(demo.products, pack))


async def store_demo(records: Records, demo: DemoShop) -> None:
    """Write a demo into a shop, all or nothing."""

    async def work(transaction: Transaction) -> None:
        await transaction.store_products(demo.products)
        await transaction.store_customers(demo.customers)
        await transaction.store_orders(demo.orders)

    await records.change(work)


def _named_by_sisters(products: Iterable[Product], pack: Pack) -> tuple[Product, ...]:
    """Let goods be found by the short names of sister packs too, whose lists call the same things by the same ids."""
    names: dict[str, tuple[str, ...]] = {}
    for said in pack.sisters:
        folder = pack.folder / said.pack / _LISTS_FOLDER
        for entry in read_lists(folder).products.products if folder.is_dir() else ():
            names[entry.id] = (*names.get(entry.id, ()), *entry.names)
    return tuple(replace(product, names=(*product.names, *names.get(product.id, ()))) for product in products)


async def _unused_and_old(records: Records, now: datetime) -> tuple[Order, ...] | None:
    """Give the orders of a shop that may be an old demo, none if it is empty; nothing if it is to be left as it is."""
    if await records.is_empty():
        return ()
    stored = await records.first_orders(limit=_MOST_ORDERS)
    is_used = any(entry.by.startswith(BY_CUSTOMER) for order in stored for entry in order.history)
    is_new = not stored or now - max(order.placed_at for order in stored) <= _STALE_AFTER
    return None if is_used or is_new or len(stored) == _MOST_ORDERS else stored
