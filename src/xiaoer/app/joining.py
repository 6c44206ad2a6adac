"""The parts built and joined: one running Xiaoer, with or without a web server before it."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import structlog

from xiaoer.access import CountedProofs, VisitorTokens
from xiaoer.app.archive import PackArchive
from xiaoer.app.full_shelf import LoadFull
from xiaoer.app.news import NoticeDelivery
from xiaoer.app.pack_shelf import ShelfParts
from xiaoer.app.releases import ReleaseShelf
from xiaoer.channels import Live
from xiaoer.clock import Clock, SystemClock
from xiaoer.errors import XiaoerError
from xiaoer.ids import ShopId
from xiaoer.media import Album
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import ModelRegistry, SharedRegistry, shared_registry
from xiaoer.settings import Settings
from xiaoer.shop import (
    EmbeddedShop,
    Records,
    RemoteDirectory,
    RemoteRecords,
    RemoteShop,
    Shop,
    Surroundings,
    remote_records,
    seed_demo,
)
from xiaoer.store import Conversations, Database, Journal, Notices, Outbox, Tries
from xiaoer.turn import Parts, Turns
from xiaoer.understand import load_classifier

PICTURE_CHANNELS = frozenset({"web"})
"""The channels on which customers can send pictures."""

_RECOVERED_AFTER = timedelta(seconds=20)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Joined:
    """All parts of one running Xiaoer."""

    settings: Settings
    shop_id: ShopId
    clock: Clock
    database: Database
    conversations: Conversations
    outbox: Outbox
    records: Records
    releases: ReleaseShelf
    live: Live
    turns: Turns
    turn_parts: Parts
    tokens: VisitorTokens
    album: Album
    shared_models: SharedRegistry | None = None

    async def pull_models(self) -> None:
        """Bring here, for ever, the models that are chosen on other machines; while the store is away all goes on."""
        was_away = False
        while self.shared_models is not None:
            try:
                await asyncio.to_thread(self.shared_models.pull)
                was_away = False
            except XiaoerError as error:
                if not was_away:
                    _log.warning("models.not_pulled", why=str(error))
                was_away = True
            await asyncio.sleep(self.settings.models.pull_seconds)

    @property
    def news(self) -> NoticeDelivery:
        """Give what tells customers that what they waited for is back."""
        return NoticeDelivery(self.shop_id, Notices(self.database), self.releases, self.turns, self.clock)

    async def recover(self, *, pause_seconds: float = 5.0) -> None:
        """Finish, for ever, turns that were cut off after they had begun to change the shop."""
        while True:
            await self.turns.recover(older_than=self.clock.now() - _RECOVERED_AFTER)
            await asyncio.sleep(pause_seconds)

    async def tidy(self, *, pause_seconds: float = 3600.0) -> None:
        """Clear away, for ever, pictures that no message named; first when turns that were cut off are finished."""
        while True:
            await asyncio.sleep(pause_seconds)
            await self.album.sweep(self.conversations, self.shop_id)


@asynccontextmanager
async def joined(
    settings: Settings, *, clock: Clock | None = None, load_full: LoadFull = load_classifier
) -> AsyncIterator[Joined]:
    """Build and join the parts; close them in the end. `load_full` reads a full model from its folder.

    Raises:
        PackError: the pack has faults. NoModelError: no model was trained. DatabaseAwayError: no database.
        ShopAwayError: the merchant's system is away, and its goods were never seen.
    """
    clock = clock or SystemClock()
    settings.data.mkdir(parents=True, exist_ok=True)
    database = await Database.open(settings.store_url)
    try:
        async with _merchant(settings, clock, Records(database, ShopId(settings.shop))) as merchant:
            parts = await _join(settings, clock, database, merchant, load_full)
            try:
                yield parts
            finally:
                parts.releases.close()
    finally:
        await database.close()


@asynccontextmanager
async def _merchant(settings: Settings, clock: Clock, memory: Records) -> AsyncIterator[RemoteRecords | None]:
    """Connect to the merchant's system, if the settings name one."""
    if not settings.shop_api.url:
        yield None
        return
    # Chance spreads tries that failed together; it keeps no secret.
    around = Surroundings(clock, time.monotonic, Random())  # noqa: S311  # spreads tries; keeps no secret
    async with remote_records(settings.shop_api, around, memory, copy=settings.data / "goods.json") as merchant:
        yield merchant


async def _join(
    settings: Settings, clock: Clock, database: Database, merchant: RemoteRecords | None, load_full: LoadFull
) -> Joined:
    shop = ShopId(settings.shop)
    conversations = Conversations(database)
    live = Live()
    if settings.demo.enabled:
        pack = await asyncio.to_thread(read_pack, settings.pack)
        await seed_demo(database, shop, pack, now=clock.now(), seed=settings.demo.seed)

    def shop_of(pack: Pack) -> Shop:
        if merchant is None:
            return EmbeddedShop(database, shop, pack, now=clock.now())
        return RemoteShop(merchant, pack, now=clock.now())

    registry, archive = ModelRegistry(settings.data / "models"), PackArchive(settings.data / "packs")
    releases = ReleaseShelf(settings.pack, ShelfParts(shop_of, registry, archive, settings.tiers, load_full))
    await releases.load()
    album = Album(settings.data / "attachments" / shop, settings.attachments, clock)
    parts = Parts(
        shop_id=shop,
        releases=releases,
        conversations=conversations,
        journal=Journal(database),
        proofs=CountedProofs(Tries(database), shop),
        clock=clock,
        deliver=live.deliver,
        limits=settings.turn,
        guard=settings.guard,
        attachments=album,
        picture_channels=PICTURE_CHANNELS if settings.attachments.enabled else frozenset(),
    )
    return Joined(
        settings=settings,
        shop_id=shop,
        clock=clock,
        database=database,
        conversations=conversations,
        outbox=Outbox(database),
        records=_records(database, shop, merchant),
        releases=releases,
        live=live,
        turns=Turns(parts),
        turn_parts=parts,
        tokens=VisitorTokens(shop, visitor_secret(settings)),
        album=album,
        shared_models=shared_registry(settings.data / "models", settings.models.store),
    )


def _records(database: Database, shop: ShopId, merchant: RemoteRecords | None) -> Records:
    if merchant is None:
        return Records(database, shop)
    return RemoteDirectory(database, shop, merchant.merchant, monotonic=time.monotonic)


def visitor_secret(settings: Settings) -> str:
    """Give the secret of the settings, or one of our own that is made once and kept in the data folder."""
    if settings.access.visitor_secret is not None:
        return settings.access.visitor_secret.get_secret_value()
    path: Path = settings.data / "visitor.secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text().strip()
