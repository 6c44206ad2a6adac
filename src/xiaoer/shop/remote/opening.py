"""The merchant's system, connected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from xiaoer.breaker import Breaker
from xiaoer.pack import Pack
from xiaoer.settings import ShopApiSettings
from xiaoer.shop.counter import ShopCounter
from xiaoer.shop.records import Records
from xiaoer.shop.remote.catalogue import CatalogueCopy, CopyRules
from xiaoer.shop.remote.connection import Connection, Surroundings
from xiaoer.shop.remote.errors import ShopAwayError
from xiaoer.shop.remote.merchant import Merchant
from xiaoer.shop.remote.records import RemoteRecords


class RemoteShop(ShopCounter):
    """The counter on the merchant's system: rules and words are the pack's, goods and orders are the merchant's.

    Raises:
        ClauseMissingError: the pack lacks a clause, in force now, that a rule computes with.
    """

    def __init__(self, records: RemoteRecords, pack: Pack, *, now: datetime) -> None:
        super().__init__(records, pack, now=now)


@asynccontextmanager
async def remote_records(
    settings: ShopApiSettings, around: Surroundings, memory: Records, *, copy: Path | None = None
) -> AsyncIterator[RemoteRecords]:
    """Connect to the merchant's system that the settings name; nothing is asked of it yet.

    `memory` notes changes before they are sent. `copy` is the file in which the goods outlast a restart.
    """
    async with _client(settings) as client:
        breaker = Breaker(
            failures=settings.breaker_failures,
            rest_seconds=settings.breaker_seconds,
            monotonic=around.monotonic,
            away=ShopAwayError,
            name="merchant's system",
        )
        merchant = Merchant(Connection(client, settings, breaker, around))
        rules = CopyRules(copy, settings.catalogue_seconds, around.monotonic)
        catalogue = CatalogueCopy(merchant, rules)
        try:
            yield RemoteRecords(merchant, catalogue, memory, can_identify=settings.identifies)
        finally:
            await catalogue.close()


def _client(settings: ShopApiSettings) -> httpx.AsyncClient:
    timeout = httpx.Timeout(
        connect=settings.connect_seconds,
        read=settings.read_seconds,
        write=settings.read_seconds,
        pool=settings.connect_seconds,
    )
    # No cookie is taken: customers share the connections, and nothing of one may come along with another.
    cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(timeout=timeout, cookies=cookies, follow_redirects=False, trust_env=False)
