"""A whole Xiaoer for tests: the real store, shop and pack, read by whatever reader a test gives; and its clients."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr
from starlette.types import ASGIApp, Message

from xiaoer.access import CountedProofs, VisitorTokens
from xiaoer.answer import Composer
from xiaoer.app import PICTURE_CHANNELS, Joined, ReleaseShelf
from xiaoer.channels import Live
from xiaoer.clock import Clock
from xiaoer.ids import ConversationId, CustomerId, MessageId, ShopId
from xiaoer.knowledge import Retriever
from xiaoer.media import Album
from xiaoer.pack import Pack
from xiaoer.settings import AccessSettings, Settings, StoreSettings, load_settings
from xiaoer.shop import DemoShop, EmbeddedShop, Order, Records, Shop, demo_of, seed_demo, store_demo
from xiaoer.store import Conversations, Database, Journal, Outbox, Tries
from xiaoer.testing.clock import HandClock
from xiaoer.turn import Incoming, Parts, Reader, Release, TurnResult, Turns

DEMO_SHOP = ShopId("demo")
FIRST_CUSTOMER = CustomerId("C1001")
"""The demo's first customer, who has an order for every task."""
GUEST = ConversationId("c_guest")

_SECRET = "a secret of tests alone, of no use elsewhere"  # noqa: S105  # signs tokens of servers in tests


class GivenShelf(ReleaseShelf):
    """A shelf with one release, given; nothing is read from a folder."""

    def __init__(self, release: Release) -> None:
        self._given = release
        self.problem = ""

    @property
    def current(self) -> Release:
        """The release given."""
        return self._given

    @property
    def is_loaded(self) -> bool:
        """Always."""
        return True

    @property
    def languages(self) -> tuple[str, ...]:
        """The language of the release."""
        return (self.current.pack.manifest.language,)

    async def speaking(self, language: str) -> Release:
        """Give the release, whatever the language."""
        return self.current

    def pack(self, version: str) -> Pack | None:
        """Find the given pack by its version."""
        return self._given.pack if version == self._given.pack.version else None

    async def load(self) -> Release:
        """Give the release."""
        return self._given

    async def watch(self, train: object, *, pause_seconds: float = 1.0) -> None:
        """Wait for ever: the release never changes."""
        await asyncio.Event().wait()


def a_release(pack: Pack, reader: Reader, shop: Shop) -> Release:
    """Give a release of a pack that is read by any reader."""
    return Release(pack, reader, retriever_of(pack).search, Composer(pack), shop)


_retrievers: deque[tuple[Pack, Retriever]] = deque(maxlen=4)


def retriever_of(pack: Pack) -> Retriever:
    """Give a pack's retriever: making one takes a second, and most tests have the same knowledge."""
    for known, retriever in _retrievers:
        if known.faq is pack.faq and known.lexicons is pack.lexicons:
            return retriever
    made = Retriever(pack.faq.values(), pack.lexicons.values())
    _retrievers.append((pack, made))
    return made


def settings_for(data: Path, *, url: str = ":memory:", **more: object) -> Settings:
    """Give settings on a data folder, with a known visitor secret; `more` as in `load_settings`."""
    access = AccessSettings(visitor_secret=SecretStr(_SECRET))
    return load_settings(**({"data": data, "store": StoreSettings(url=url), "access": access} | more))


@asynccontextmanager
async def joined_with(
    reader: Reader, pack: Pack, settings: Settings, *, clock: Clock | None = None, has_demo: bool = True
) -> AsyncIterator[Joined]:
    """Join the parts as `app.joined` does, but with a reader given; with the demo's goods and orders."""
    clock = clock or HandClock()
    database = await Database.open(settings.store_url)
    try:
        if has_demo:
            await seed_usual_demo(database, DEMO_SHOP, pack, now=clock.now(), seed=settings.demo.seed)
        shop = EmbeddedShop(database, DEMO_SHOP, pack, now=clock.now())
        yield _joined(settings, clock, database, a_release(pack, reader, shop))
    finally:
        await database.close()


async def seed_usual_demo(database: Database, shop: ShopId, pack: Pack, *, now: datetime, seed: int) -> None:
    """Do as `seed_demo`, but make the demo once that most tests begin with."""
    records = Records(database, shop)
    if await records.is_empty():
        await store_demo(records, _demo_of(pack, now, seed))
    else:
        await seed_demo(database, shop, pack, now=now, seed=seed)


_demos: deque[tuple[Pack, datetime, int, DemoShop]] = deque(maxlen=4)


def _demo_of(pack: Pack, now: datetime, seed: int) -> DemoShop:
    """Give a pack's demo at a moment: most tests begin with the same."""
    for known, moment, number, demo in _demos:
        if known is pack and (moment, number) == (now, seed):
            return demo
    made = demo_of(pack, now=now, seed=seed)
    _demos.append((pack, now, seed, made))
    return made


def _joined(settings: Settings, clock: Clock, database: Database, release: Release) -> Joined:
    live, releases, conversations = Live(), GivenShelf(release), Conversations(database)
    album = Album(settings.data / "attachments" / DEMO_SHOP, settings.attachments, clock)
    parts = Parts(
        shop_id=DEMO_SHOP,
        releases=releases,
        conversations=conversations,
        journal=Journal(database),
        proofs=CountedProofs(Tries(database), DEMO_SHOP),
        clock=clock,
        deliver=live.deliver,
        limits=settings.turn,
        guard=settings.guard,
        attachments=album,
        picture_channels=PICTURE_CHANNELS if settings.attachments.enabled else frozenset(),
    )
    secret = settings.access.visitor_secret or SecretStr(_SECRET)
    return Joined(
        settings=settings,
        shop_id=DEMO_SHOP,
        clock=clock,
        database=database,
        conversations=conversations,
        outbox=Outbox(database),
        records=Records(database, DEMO_SHOP),
        releases=releases,
        live=live,
        turns=Turns(parts),
        turn_parts=parts,
        tokens=VisitorTokens(DEMO_SHOP, secret.get_secret_value()),
        album=album,
    )


async def order_in(records: Records, state: str, customer: CustomerId = FIRST_CUSTOMER) -> Order:
    """Give the customer's newest order in a state."""
    return next(order for order in await records.orders_of(customer) if order.state == state)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in one conversation; `customer` is who is proved to write, if anybody."""

    turns: Turns
    conversation: ConversationId = GUEST
    customer: CustomerId | None = None
    is_private: bool = True

    async def say(self, text: str, message_id: str | None = None, *, reply_to: str = "") -> TurnResult:
        """Send a message and give what came of it."""
        return await self.turns.take(
            Incoming(
                conversation=self.conversation,
                text=text,
                channel="test",
                message_id=None if message_id is None else MessageId(message_id),
                customer=self.customer,
                proof="test" if self.customer else "",
                reply_to=reply_to,
                is_private=self.is_private,
            )
        )


@dataclass(slots=True)
class SocketClient:
    """The client's end of a WebSocket, spoken to an ASGI application in the same event loop.

    With `reads` cleared the client takes nothing more, as behind a line that is stuck.
    """

    reads: asyncio.Event = field(default_factory=asyncio.Event)
    closed_with: int | None = None
    _inbound: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    _outbound: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)

    async def send(self, frame: Mapping[str, object] | str | bytes) -> None:
        """Send a frame: a mapping as JSON, text or bytes as they are."""
        match frame:
            case str():
                await self._inbound.put({"type": "websocket.receive", "text": frame})
            case bytes():
                await self._inbound.put({"type": "websocket.receive", "bytes": frame})
            case _:
                await self._inbound.put({"type": "websocket.receive", "text": msgspec.json.encode(frame).decode()})

    async def receive(self) -> dict[str, Any]:  # JSON of whatever kind of frame
        """Give the next frame.

        Raises:
            EOFError: the server closed the socket; `closed_with` says by which code.
        """
        message = await asyncio.wait_for(self._outbound.get(), 10)
        if message["type"] == "websocket.close":
            self.closed_with = message.get("code", 1000)
            raise EOFError(f"closed with {self.closed_with}")
        decoded: dict[str, Any] = msgspec.json.decode(message["text"])
        return decoded

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Give the frames up to and with the next one of a kind."""
        frames = [await self.receive()]
        while frames[-1]["type"] != kind:
            frames.append(await self.receive())
        return frames

    async def serve(self, app: ASGIApp, path: str, query: str) -> None:
        """Run the application's end until it is over."""
        self._inbound.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [],
            "subprotocols": [],
            "client": ("test", 1),
            "server": ("test", 80),
            "state": {},
        }
        await app(scope, self._inbound.get, self._take)

    def hang_up(self) -> None:
        """Close the socket from the client's side."""
        self._inbound.put_nowait({"type": "websocket.disconnect", "code": 1000})

    async def _take(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            return
        await self.reads.wait()
        await self._outbound.put(message)


@asynccontextmanager
async def socket_to(app: ASGIApp, path: str, query: str = "") -> AsyncIterator[SocketClient]:
    """Open a WebSocket to an ASGI application; it is hung up in the end."""
    client = SocketClient()
    client.reads.set()
    serving = asyncio.create_task(client.serve(app, path, query))
    try:
        yield client
    finally:
        client.reads.set()
        client.hang_up()
        await asyncio.wait_for(serving, 10)
