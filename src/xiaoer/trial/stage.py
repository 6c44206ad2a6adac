"""A whole Xiaoer for rehearsals: in memory, at a fixed moment, with the demo's goods and no orders but those given."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import structs

from xiaoer.access import CountedProofs
from xiaoer.answer import Composer
from xiaoer.clock import Clock
from xiaoer.dialogue import Search
from xiaoer.ids import AttachmentId, ConversationId, CustomerId, OrderId, ShopId
from xiaoer.pack import Given, Meanwhile, Pack
from xiaoer.settings import GuardSettings, TurnSettings
from xiaoer.shop import (
    Address,
    Customer,
    DemoLists,
    EmbeddedShop,
    Order,
    Records,
    Setting,
    Transaction,
    customer_by_then,
    customer_from_given,
    make_demo,
    order_from_given,
    read_lists,
    read_policies,
    stocked,
)
from xiaoer.store import Conversations, Database, Journal, Tries
from xiaoer.trial.readings import DirectedFull, DirectedReader
from xiaoer.turn import FullReader, Parts, Reader, Release, Turns

_NOW = datetime(2026, 6, 15, 10, 0)  # noqa: DTZ001  # local time of whatever zone the pack is in
_CUSTOMER = CustomerId("trial-customer")
_NOBODY = CustomerId("trial-nobody")
PICTURE_CHANNEL = "web"
"""The channel of rehearsals in which pictures can be sent."""
ReadersOf: TypeAlias = Callable[[Mapping[str, Mapping[str, str]]], tuple[Reader, FullReader | None]]
"""Makes the reader of a pack from the words of the shop's goods, and a full model beside it, if one is to read."""


class StillClock:
    """A clock that shows one moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._moment


@dataclass(frozen=True, slots=True)
class Scene:
    """One rehearsal: a shop of its own, one conversation, and who is there; `holder` is how they were at its start."""

    turns: Turns
    records: Records
    conversation: ConversationId
    holder: Customer
    clock: Clock
    reader: DirectedReader

    @property
    def customer(self) -> CustomerId:
        """Who the scene's customer is."""
        return self.holder.id

    async def order(self, number: str) -> Order | None:
        """Find an order of the scene's shop, whoever's it is."""
        return next((order for order in await self.records.orders() if order.id == OrderId(number)), None)

    async def notices(self) -> tuple[str, ...]:
        """Give the SKUs of which the scene's customer wants to be told when they are back in stock."""
        holder = await self.records.customer(self.customer)
        return tuple(notice.sku for notice in holder.stock_notices) if holder else ()

    async def default_address(self) -> str:
        """Write the address that parcels of the scene's customer go to unless another is named."""
        holder = await self.records.customer(self.customer)
        address = holder.addresses[0] if holder and holder.addresses else None
        return f"{address.region}{address.street} {address.person} {address.phone}" if address else ""

    async def balance(self, method: str) -> int | None:
        """Give what is on a payment method of the scene's customer, in minor units; None where none is kept."""
        holder = await self.records.customer(self.customer)
        found = holder.payment_method(method) if holder else None
        return found.balance.minor if found and found.balance else None


@dataclass(frozen=True, slots=True)
class _OnlyRelease:
    current: Release
    languages: tuple[str, ...] = ()

    async def speaking(self, language: str) -> Release:
        return self.current

    def pack(self, version: str) -> Pack | None:
        return self.current.pack if version == self.current.pack.version else None


class _AnyAttachments:
    """Knows whatever picture a test names: none is looked into."""

    async def require(self, conversation: ConversationId, pictures: Collection[AttachmentId]) -> None:
        """Refuse nothing."""


class TrialStage:
    """Sets up scenes for a pack; every scene has a shop of its own in one database in memory.

    `now` (UTC) is the moment of every scene, `products` is what its shop sells, `methods` are ways to pay such as its
    customers have, and `phone` is the number that its customer and the orders given have.
    """

    def __init__(self, pack: Pack, readers_of: ReadersOf, search: Search, database: Database) -> None:
        self._readers_of = readers_of
        self._readers: tuple[Reader, FullReader | None] | None = None
        self._database = database
        self._scenes = 0
        zone = ZoneInfo(pack.manifest.timezone)
        self._clock = StillClock(_NOW.replace(tzinfo=zone).astimezone(UTC))
        policies = read_policies(pack.clauses, on=_NOW.date(), timezone=zone)
        self._setting = Setting(read_lists(pack.folder / "shop"), policies, self._clock.now())
        demo = make_demo(self._setting.lists, policies, seed=1, now=self._clock.now(), currency=pack.manifest.currency)
        self._currency = pack.manifest.currency
        self.pack = pack
        self.now = self._clock.now()
        self.products = demo.products
        self.methods = demo.customers[0].payment_methods
        self.phone = self._setting.lists.people.phones[0].format(number=1234, two=99)
        self._search = search
        self._composer = Composer(pack)

    async def scene(self, given: Given) -> Scene:
        """Make a scene with the orders that a test gives."""
        self._scenes += 1
        shop_id = ShopId(f"trial-{self._scenes}")
        records = Records(self._database, shop_id)
        known = _customer(given, self._setting.lists, self.phone)
        customer = customer_from_given(given, known, self.products, self._currency, self._setting.now)
        orders = [order_from_given(order, customer, self.products, self._setting) for order in given.orders]

        async def work(transaction: Transaction) -> None:
            await transaction.store_products([stocked(product, given.stock) for product in self.products])
            await transaction.store_customers([customer] if given.on_record else [])
            await transaction.store_orders(orders)

        await records.change(work)
        shop = EmbeddedShop(self._database, shop_id, self.pack, now=self._clock.now())
        if self._readers is None:
            self._readers = self._readers_of(await shop.words())
        light, beside = self._readers
        reader = DirectedReader(light)
        full = DirectedFull(beside, reader) if beside is not None else None
        release = Release(self.pack, reader, self._search, self._composer, shop, full=full)
        turns = Turns(self._parts(shop_id, release))
        return Scene(turns, records, ConversationId(f"c_trial_{self._scenes}"), customer, self._clock, reader)

    async def happen(self, scene: Scene, meanwhile: Meanwhile) -> None:
        """Have something happen in the shop of a scene behind its customer's back."""
        kept = await scene.records.customer(scene.customer)
        customer = customer_by_then(meanwhile, kept or scene.holder, self.products, self.now)
        orders = [order_from_given(order, customer, self.products, self._setting) for order in meanwhile.orders]
        gone = [order for order in await scene.records.orders_of(scene.customer) if order.id in meanwhile.gone]
        products = await scene.records.products() if meanwhile.stock else ()
        moved = [one for one in products if any(variant.sku in meanwhile.stock for variant in one.variants)]

        async def work(transaction: Transaction) -> None:
            await transaction.store_products([stocked(product, meanwhile.stock) for product in moved])
            await transaction.store_customers([customer] if kept else [])
            # To its customer an order that is somebody else's is none.
            await transaction.store_orders([*orders, *(structs.replace(order, customer=_NOBODY) for order in gone)])

        await scene.records.change(work)

    def _parts(self, shop: ShopId, release: Release) -> Parts:
        return Parts(
            shop_id=shop,
            releases=_OnlyRelease(release),
            conversations=Conversations(self._database),
            journal=Journal(self._database),
            proofs=CountedProofs(Tries(self._database), shop),
            clock=self._clock,
            deliver=lambda conversation, events: None,
            limits=TurnSettings(),
            guard=GuardSettings(),
            attachments=_AnyAttachments(),
            picture_channels=frozenset({PICTURE_CHANNEL}),
        )


def _customer(given: Given, lists: DemoLists, phone: str) -> Customer:
    """Give the customer of the tests, at the demo's first place: its first customer unless a test names another."""
    name = given.name if "name" in given.model_fields_set else lists.people.first_customer
    places, place = lists.places, lists.places.places[0]
    street = places.address.format(street=places.streets[0], door=18, estate=places.estates[0], building=3, room=502)
    address = Address(person=name, phone=phone, region=place.region, street=street, postcode=place.postcode)
    return Customer(id=_CUSTOMER, name=name, phone=phone, email="customer@example.com", addresses=(address,))


@asynccontextmanager
async def trial_stage(pack: Pack, readers_of: ReadersOf, search: Search) -> AsyncIterator[TrialStage]:
    """Open a stage, with what reads its messages and finds its answers; it is gone in the end."""
    database = await Database.open(":memory:")
    try:
        yield TrialStage(pack, readers_of, search, database)
    finally:
        await database.close()
