"""A running shop with every way in, and what in it nobody but its owner may learn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from xiaoer.app import Joined, web_app
from xiaoer.channels import CallbackDelivery
from xiaoer.ids import ConversationId, CustomerId, OrderId, ShopId
from xiaoer.pack import Pack
from xiaoer.settings import ShopApiSettings
from xiaoer.shop import Customer, Order, Records, RemoteDirectory, RemoteShop, remote_records
from xiaoer.store import Catalogue, Customers, Orders
from xiaoer.testing.clock import HandClock
from xiaoer.testing.reader import KeywordReader
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GivenShelf, joined_with, seed_usual_demo, settings_for
from xiaoer.testing.shop_server import ShopServer
from xiaoer.turn import Turns

from ..shop.merchants import HandTime
from ..wishes import ENTITIES, WISHES

ATTACKER, VICTIM = FIRST_CUSTOMER, CustomerId("C1003")
THEIRS = ShopId("theirs")
CALLBACK = "https://shop.example/answers"
Books = tuple[list[bytes], list[bytes], list[bytes]]
"""The documents of all orders, goods and customers, as they are stored."""
_ALL = 100_000


@dataclass(frozen=True, slots=True)
class World:
    """A shop that runs; `books` are where its goods and orders are kept, `pushed` what callbacks brought.

    `time` is that in which a shop elsewhere is asked anew.
    """

    joined: Joined
    app: Starlette
    client: httpx.AsyncClient
    books: Records
    shop: ShopId
    delivery: CallbackDelivery
    pushed: list[str]
    time: HandTime = field(default_factory=HandTime)

    def token(self, customer: CustomerId) -> str:
        """Sign a customer in, as the shop's site would."""
        return self.joined.tokens.sign(customer, now=self.joined.clock.now())

    async def read_books(self) -> Books:
        """Give all that the shop has written down."""
        database = self.joined.database
        return (
            await Orders(database).list(self.shop, limit=_ALL),
            await Catalogue(database).list(self.shop, limit=_ALL),
            await Customers(database).list(self.shop, limit=_ALL),
        )

    async def victims_order(self) -> Order:
        """Give the order that the tests try to get at: it was sent, so that a parcel can be followed too."""
        return next(order for order in await self.books.orders_of(VICTIM) if order.shipments)

    async def secrets(self) -> frozenset[str]:
        """Give what of other customers than the attacker nobody may learn: of each kind all that is theirs alone."""
        orders, customers = await self.books.orders(), await self.books.customers()
        mine = {word for word, owner in _personal(orders, customers) if owner == ATTACKER}
        return frozenset(word for word, owner in _personal(orders, customers) if owner != ATTACKER) - mine

    async def open_conversation(self, customer: CustomerId | None) -> ConversationId:
        """Begin a conversation over the native API."""
        body = {} if customer is None else {"visitor_token": self.token(customer)}
        response = await self.client.post("/api/v1/conversations", json=body)
        return ConversationId(response.json()["id"])

    async def log_length(self) -> int:
        """Count the conversations that are stored."""
        return len(await self.joined.conversations.list(DEMO_SHOP, limit=10_000))


def _personal(orders: tuple[Order, ...], customers: tuple[Customer, ...]) -> list[tuple[str, CustomerId]]:
    found = [
        (word, order.customer)
        for order in orders
        for word in (*_whereabouts(order), *(parcel.tracking_no for parcel in order.shipments))
    ]
    found += [(word, one.id) for one in customers for word in (one.name, one.phone, masked(one.phone), one.email)]
    found += [(address.street, one.id) for one in customers for address in one.addresses]
    return [(word, owner) for word, owner in found if word]


def _whereabouts(order: Order) -> tuple[str, ...]:
    address = order.address
    return order.id, address.person, address.phone, masked(address.phone), address.street


def masked(phone: str) -> str:
    """Write a telephone number with a mask: even so it is told to nobody else."""
    return f"{phone[:3]}****{phone[-4:]}"


def absent_number(order: OrderId) -> OrderId:
    """Give a number that no order has and that looks as if one might."""
    return OrderId(f"{order[:8]}{999_999 - int(order[8:]):06d}")


def a_reader() -> KeywordReader:
    """Give a reader of the words with which customers ask for all that changes the shop, and for some answers."""
    return KeywordReader(
        {
            **WISHES,
            "到哪": "order.status",
            "发票": "invoice.request",
            "再发": "invoice.status",
            "没收到": "delivery.not_received",
            "退款": "refund.status",
            "人工": "human",
            "你好": "greet",
            "谢谢": "thanks",
            "包邮": "delivery.fee",
        },
        {
            **ENTITIES,
            "phone": r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])",
            "own_notices": "哪些到货",
            "invoice_title": r"(?<=抬头写)\S+",
            "sent_again": "再发|重发",
        },
    )


@dataclass(slots=True)
class Receiver:
    """The shop's server to which answers are pushed."""

    pushed: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.pushed.append(request.content.decode())
        return httpx.Response(200)


@asynccontextmanager
async def own_shop(pack: Pack, folder: Path) -> AsyncIterator[World]:
    """Open the shop that Xiaoer keeps itself."""
    settings = settings_for(folder, channels={"callback_url": CALLBACK})
    async with (
        joined_with(a_reader(), pack, settings, clock=HandClock()) as parts,
        _world(parts, parts.records, DEMO_SHOP) as it,
    ):
        yield it


@asynccontextmanager
async def remote_shop(
    pack: Pack, folder: Path, *, mixes_up_customers: bool = False, identifies: bool = True
) -> AsyncIterator[World]:
    """Open a shop whose goods and orders the merchant's system keeps, asked over REST."""
    clock, time = HandClock(), HandTime()
    settings = settings_for(folder, channels={"callback_url": CALLBACK})
    async with joined_with(a_reader(), pack, settings, clock=clock, has_demo=False) as parts:
        theirs = Records(parts.database, THEIRS)
        await seed_usual_demo(parts.database, THEIRS, pack, now=clock.now(), seed=settings.demo.seed)
        system = ShopServer(theirs, clock, mixes_up_customers=mixes_up_customers)
        async with system.serving() as url:
            asked = {"url": url, "token": SecretStr(system.token), "identifies": identifies, "read_seconds": 20.0}
            around, memory = time.around(clock), Records(parts.database, DEMO_SHOP)
            async with remote_records(ShopApiSettings.model_validate(asked), around, memory) as merchant:
                shop = RemoteShop(merchant, pack, now=clock.now())
                releases = GivenShelf(replace(parts.releases.current, shop=shop))
                turn_parts = replace(parts.turn_parts, releases=releases)
                directory = RemoteDirectory(parts.database, DEMO_SHOP, merchant.merchant, monotonic=time)
                away = replace(
                    parts, releases=releases, turn_parts=turn_parts, turns=Turns(turn_parts), records=directory
                )
                async with _world(away, theirs, THEIRS, time) as it:
                    yield it


@asynccontextmanager
async def _world(parts: Joined, books: Records, shop: ShopId, time: HandTime | None = None) -> AsyncIterator[World]:
    app, receiver = web_app(parts), Receiver()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as outward,
    ):
        delivery = CallbackDelivery(parts.outbox, outward, parts.clock)
        yield World(parts, app, client, books, shop, delivery, receiver.pushed, time or HandTime())
