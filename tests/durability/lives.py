"""One life of a process over files that outlast it, with the customer and the outside world that it talks to."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from ssl import PROTOCOL_TLS_CLIENT, SSLContext

import httpx
from pydantic import SecretStr
from starlette.applications import Starlette

from xiaoer.access import CountedProofs, VisitorTokens
from xiaoer.breaker import Breaker
from xiaoer.channels import CallbackDelivery, RestChannel, RestLimits
from xiaoer.dialogue import Search
from xiaoer.guard import RateLimit
from xiaoer.ids import ConversationId, ShopId
from xiaoer.pack import Pack, read_pack
from xiaoer.settings import GuardSettings, ShopApiSettings, TurnSettings
from xiaoer.shop import EmbeddedShop, Records, RemoteRecords, RemoteShop, Shop, ShopAwayError, Surroundings
from xiaoer.shop.remote.catalogue import CatalogueCopy, CopyRules
from xiaoer.shop.remote.connection import Connection
from xiaoer.shop.remote.merchant import Merchant
from xiaoer.store import Conversations, Database, Journal, Outbox, Tries
from xiaoer.testing.clock import HandClock
from xiaoer.testing.reader import KeywordReader
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GivenShelf, retriever_of
from xiaoer.turn import Parts, Release, Turns

from ..wishes import ENTITIES, WISHES
from .fuse import Fuse, FusedComposer, FusedDatabase, FusedLine, FusedReader, FusedShop, fused_app

TOKEN, THEIRS = "an invented token for tests", ShopId("merchant")
YES, YES_ID = "确认", "yes"

_SENDER = "小满的手机"
_ANSWERS = "http://shop.example/answers"
_SECRET = "a secret of tests alone, of no use elsewhere"
_READER = KeywordReader(WISHES, ENTITIES)


@dataclass(frozen=True)
class Stage:
    """What each life has alike and nobody changes: the pack, and the search in its knowledge."""

    pack: Pack
    search: Search

    @classmethod
    def load(cls) -> "Stage":
        """Read the demo shop's pack."""
        pack = read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")
        return cls(pack, retriever_of(pack).search)


@dataclass(frozen=True)
class Place:
    """What outlasts a life: a folder with the database, and the address of the merchant's system, if there is one."""

    folder: Path
    merchant: str = ""
    channel: str = "rest"

    @property
    def url(self) -> str:
        """The address of the database."""
        return f"sqlite+aiosqlite:///{self.folder}/xiaoer.db"

    @property
    def conversation(self) -> ConversationId:
        """The conversation that the customer's messages belong to."""
        return ConversationId(f"{self.channel}+{FIRST_CUSTOMER}:{_SENDER}")


@dataclass
class Inbox:
    """The shop's own server, to which answers are pushed; what comes under a known key is a repeat."""

    answers: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.answers.setdefault(request.headers["idempotency-key"], request.content)
        return httpx.Response(200)


@dataclass(frozen=True)
class Life:
    """A process that lives."""

    place: Place
    database: FusedDatabase
    turns: Turns
    delivery: CallbackDelivery
    client: httpx.AsyncClient

    async def say(self, text: str, message_id: str) -> bytes:
        """Send a message of the customer; give the response's body."""
        token = VisitorTokens(DEMO_SHOP, _SECRET).sign(FIRST_CUSTOMER, now=HandClock().now())
        body = {"sender": _SENDER, "message": text, "message_id": message_id, "metadata": {"visitor_token": token}}
        response = await self.client.post(f"/webhooks/{self.place.channel}/webhook", json=body)
        assert response.is_success, response.text
        return response.content

    async def say_yes_and_deliver(self) -> bytes:
        """Send the yes and push all answers that wait; give the response's body."""
        body = await self.say(YES, YES_ID)
        await self.deliver()
        return body

    async def recover(self) -> int:
        """Finish what an earlier life left unfinished."""
        return await self.turns.recover(older_than=HandClock().now() + timedelta(seconds=1))

    async def deliver(self) -> None:
        """Push all answers that wait."""
        while await self.delivery.deliver_due():
            pass


@asynccontextmanager
async def living(
    stage: Stage,
    place: Place,
    fuse: Fuse | None = None,
    *,
    writes: tuple[str, ...] = ("more",),
    inbox: Inbox | None = None,
) -> AsyncIterator[Life]:
    """Build all parts anew over what there is in a place; `writes` name what is written beside turns."""
    fuse = fuse or Fuse()
    database = await FusedDatabase.open(place.url)
    assert isinstance(database, FusedDatabase)
    database.fused.fuse, database.fused.names = fuse, writes
    try:
        async with _shop(stage, place, database, fuse) as shop:
            turns = Turns(_parts(stage, database, shop, fuse))
            app = fused_app(_application(turns), fuse)
            line = FusedLine(httpx.MockTransport(inbox or Inbox()), fuse, "answer sent", "answer taken")
            async with (
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://xiaoer.test") as client,
                httpx.AsyncClient(transport=line) as outward,
            ):
                yield Life(place, database, turns, CallbackDelivery(Outbox(database), outward, HandClock()), client)
    finally:
        await database.close()


def _application(turns: Turns) -> Starlette:
    tokens, rates = VisitorTokens(DEMO_SHOP, _SECRET), RateLimit(1_000_000)
    channel = RestChannel(turns, tokens, HandClock(), rates, RestLimits(100_000, callback_url=_ANSWERS))
    return Starlette(routes=channel.routes())


def _parts(stage: Stage, database: Database, shop: Shop, fuse: Fuse) -> Parts:
    reader, composer = FusedReader(_READER, fuse), FusedComposer(stage.pack, fuse)
    return Parts(
        shop_id=DEMO_SHOP,
        releases=GivenShelf(Release(stage.pack, reader, stage.search, composer, FusedShop(shop, fuse))),
        conversations=Conversations(database),
        journal=Journal(database),
        proofs=CountedProofs(Tries(database), DEMO_SHOP),
        clock=HandClock(),
        deliver=lambda _, __: fuse.cross("watchers told"),
        limits=TurnSettings(),
        guard=GuardSettings(),
    )


@asynccontextmanager
async def _shop(stage: Stage, place: Place, database: Database, fuse: Fuse) -> AsyncIterator[Shop]:
    now = HandClock().now()
    if not place.merchant:
        yield EmbeddedShop(database, DEMO_SHOP, stage.pack, now=now)
        return
    settings = ShopApiSettings(
        url=place.merchant, token=SecretStr(TOKEN), connect_seconds=10, read_seconds=10, total_seconds=20
    )
    plain = httpx.AsyncHTTPTransport(verify=SSLContext(PROTOCOL_TLS_CLIENT))  # to read all authorities takes long
    line = FusedLine(plain, fuse, "change sent", "change made")
    around = Surroundings(HandClock(), time.monotonic, Random(1))  # noqa: S311 - the same chance each time
    async with httpx.AsyncClient(transport=line) as client:
        breaker = Breaker(failures=5, rest_seconds=10, monotonic=time.monotonic, away=ShopAwayError, name="shop")
        merchant = Merchant(Connection(client, settings, breaker, around))
        catalogue = CatalogueCopy(merchant, CopyRules(place.folder / "goods.json", 60, time.monotonic))
        shop = RemoteShop(RemoteRecords(merchant, catalogue, Records(database, DEMO_SHOP)), stage.pack, now=now)
        try:
            yield shop
        finally:
            await catalogue.close()
