"""Conversations led up to the customer's yes, kept as files, so that each test goes on from a copy."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from msgspec import structs
from starlette.types import ASGIApp, Receive, Scope, Send

from xiaoer.ids import CustomerId, OrderId, ProductId, SkuId
from xiaoer.pack import Pack
from xiaoer.shop import Customer, Order, Product, Records, Transaction
from xiaoer.store import Conversations, Database, StoredEvent
from xiaoer.store.sqlite import MEMORY
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, seed_usual_demo
from xiaoer.testing.shop_server import ShopServer

from .fuse import Fuse
from .lives import THEIRS, TOKEN, Inbox, Place, Stage, living
from .tasks import TASKS, Task, cheaper, late, waiting

Rows: TypeAlias = dict[str, list[tuple[object, ...]]]
"""All that is stored in a place, by database and table."""


SHOPS = ("embedded", "rest")
_CUSTOMERS = (FIRST_CUSTOMER, CustomerId("C1002"))


def writes_of(place: Place, then: str = "more") -> tuple[str, ...]:
    """Name what is written beside the turn of the yes, and what is written after it."""
    return ("note", "decision" if place.merchant else "effect", then)


@dataclass
class MerchantSystem:
    """The merchant's system at one address, whichever place its records lie in."""

    url: str = ""
    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class Outcome:
    """What there is in the shop and in the conversation."""

    orders: dict[OrderId, Order]
    products: dict[ProductId, Product]
    customers: dict[CustomerId, Customer]
    log: Sequence[StoredEvent]


@dataclass
class Scene:
    """The files at the instant before the yes, and what a life without a crash makes of them.

    By `steps` it came there; `instants` holds the files as they were at each. `settled` are the rows from which a new
    life was seen to come to the same.
    """

    shop: str
    channel: str
    folder: Path
    order: OrderId
    before: Outcome
    after: Outcome
    rows: Rows
    answer: bytes
    pushed: tuple[bytes, ...]
    steps: tuple[str, ...]
    instants: Path
    settled: list[Rows] = field(default_factory=list)


class Scenes:
    """All scenes that were asked for, each made once."""

    def __init__(self, stage: Stage, folder: Path, merchant: MerchantSystem) -> None:
        self.stage = stage
        self._folder = folder
        self._merchant = merchant
        self._made: dict[tuple[str, ...], Scene] = {}

    async def of(self, task: str, shop: str, channel: str = "rest") -> Scene:
        """Give the scene of a task in a shop, talked about on a channel."""
        known = (task, shop, channel)
        if known not in self._made:
            self._made[known] = await self._make(TASKS[task], shop, channel, self._folder / "-".join(known))
        return self._made[known]

    @asynccontextmanager
    async def copy(self, scene: Scene, folder: Path, *, of: Path | None = None) -> AsyncIterator[Place]:
        """Give a place that is as it was at the instant before the yes, or as another folder is."""
        async with self._place(shutil.copytree(of or scene.folder, folder), scene.shop, scene.channel) as place:
            yield place

    async def _make(self, task: Task, shop: str, channel: str, folder: Path) -> Scene:
        shutil.copytree(await self._seeded(shop), folder)
        async with self._place(folder, shop, channel) as place:
            before = await _outcome(place)
            order = _order(task, before)
            async with living(self.stage, place) as life:
                for number, text in enumerate(task.says):
                    await life.say(text.format(order=order), f"before {number}")
        played, instants = (folder.with_name(f"{folder.name}-{name}") for name in ("played", "instants"))

        def keep(step: str) -> None:
            shutil.copytree(played, instants / step, ignore=shutil.ignore_patterns("*-shm"))

        fuse, inbox = Fuse(watch=keep), Inbox()
        async with self._place(shutil.copytree(folder, played), shop, channel) as place:
            async with living(self.stage, place, fuse, writes=writes_of(place, "delivery"), inbox=inbox) as life:
                answer = await life.say_yes_and_deliver()
            after, rows = await _outcome(place), rows_in(place.folder)
        steps, pushed = tuple(fuse.passed), tuple(inbox.answers.values())
        return Scene(shop, channel, folder, order, before, after, rows, answer, pushed, steps, instants)

    async def _seeded(self, shop: str) -> Path:
        """Give a folder with goods and orders in our database, or in the merchant's."""
        folder = self._folder / f"seeded-{shop}"
        if not folder.exists():
            ours, name = (DEMO_SHOP, "xiaoer") if shop == "embedded" else (THEIRS, "merchant")
            database = await Database.open(f"sqlite+aiosqlite:///{folder}/{name}.db")
            await _seed(Records(database, ours), self.stage.pack)
            await database.close()
        return folder

    @asynccontextmanager
    async def _place(self, folder: Path, shop: str, channel: str) -> AsyncIterator[Place]:
        """Give a folder as a place; a merchant's system works on it for as long as the place is used."""
        if shop == "embedded":
            yield Place(folder, channel=channel)
            return
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/merchant.db")
        self._merchant.app = ShopServer(Records(database, THEIRS), HandClock(), token=TOKEN).app()
        try:
            yield Place(folder, self._merchant.url, channel)
        finally:
            await database.close()


def rows_in(folder: Path) -> Rows:
    """Read all that is stored in a folder."""
    found: Rows = {}
    for file in sorted(folder.glob("*.db")):
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA synchronous = OFF")  # nothing is written here, so nothing need be flushed
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                found[f"{file.stem}.{table}"] = database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - ours
    return found


async def _outcome(place: Place) -> Outcome:
    ours = await Database.open(place.url)
    theirs = await Database.open(f"sqlite+aiosqlite:///{place.folder}/merchant.db") if place.merchant else None
    shop = Records(theirs, THEIRS) if theirs else Records(ours, DEMO_SHOP)
    outcome = Outcome(
        orders={order.id: order for order in await shop.orders()},
        products={product.id: product for product in await shop.products()},
        customers={customer.id: customer for customer in await shop.customers()},
        log=await Conversations(ours).load(DEMO_SHOP, place.conversation),
    )
    for database in filter(None, (ours, theirs)):
        await database.close()
    return outcome


def _order(task: Task, before: Outcome) -> OrderId:
    found = _fitting(task, [order for order in before.orders.values() if order.customer == FIRST_CUSTOMER])
    assert found is not None
    return found.id


def _fitting(task: Task, orders: Sequence[Order]) -> Order | None:
    """Give the newest order that is as a task wants it."""
    fitting = [order for order in orders if order.state == task.state and task.fits(order)]
    return max(fitting, key=lambda order: order.placed_at, default=None)


async def _seed(records: Records, pack: Pack) -> None:
    """Lay two customers of the demo into a shop, with their orders and the goods in them."""
    database = await Database.open(MEMORY)
    await seed_usual_demo(database, DEMO_SHOP, pack, now=HandClock().now(), seed=7)
    demo = Records(database, DEMO_SHOP)
    orders = _orders_for_tasks(await demo.orders())
    named = {line.product for order in orders for line in order.lines}
    bought = {line.sku for order in orders for line in order.lines}
    products = _with_one_sold_out([product for product in await demo.products() if product.id in named], bought)
    (fallen,) = {line.product for order in orders if order.state == "packing" for line in order.lines}
    products = [cheaper(product) if product.id == fallen else product for product in products]
    customers = [waiting(item, products[-1]) for item in await demo.customers() if item.id in _CUSTOMERS]
    await database.close()

    async def lay(transaction: Transaction) -> None:
        await transaction.store_products(products)
        await transaction.store_customers(customers)
        await transaction.store_orders(orders)

    await records.change(lay)


def _orders_for_tasks(demo: Sequence[Order]) -> list[Order]:
    """Give the orders of the two; what no order of the first one fits, they have from others."""
    orders = [order for order in demo if order.customer in _CUSTOMERS]
    orders.append(_for_the_first(orders, next(item for item in demo if item.state == "shipped" and item not in orders)))
    for task in TASKS.values():
        own = [order for order in orders if order.customer == FIRST_CUSTOMER]
        if _fitting(task, own) is None:
            found = _fitting(task, [order for order in demo if order.customer not in _CUSTOMERS])
            assert found is not None, task.action
            orders.append(structs.replace(found, customer=FIRST_CUSTOMER))
    return orders


def _for_the_first(orders: Sequence[Order], other: Order) -> Order:
    """Give the first customer another's parcel that is late, for where their own is going."""
    own = next(order for order in orders if order.customer == FIRST_CUSTOMER and order.state == "shipped")
    return structs.replace(late(other), customer=own.customer, address=own.address)


def _with_one_sold_out(products: Sequence[Product], bought: Collection[SkuId]) -> list[Product]:
    """Give the goods with some of each variant, but for the very first that nobody bought: none is left of that."""
    gone = next(item.sku for product in products for item in product.variants if item.sku not in bought)
    return [
        structs.replace(
            product,
            variants=tuple(
                structs.replace(item, stock=0 if item.sku == gone else item.stock + 1) for item in product.variants
            ),
        )
        for product in products
    ]
