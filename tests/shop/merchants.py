"""A merchant's system over real HTTP, and a shop that asks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from pydantic import SecretStr

from xiaoer.ids import ShopId
from xiaoer.pack import Pack
from xiaoer.settings import ShopApiSettings
from xiaoer.shop import Records, RemoteRecords, RemoteShop, Surroundings, remote_records
from xiaoer.store import Database
from xiaoer.testing.clock import HandClock
from xiaoer.testing.shop_server import ShopServer

from .factories import NOW
from .shops import Counter

TOKEN = "an invented token for tests"
THEIRS, OURS = ShopId("merchant"), ShopId("xiaoer")


@dataclass
class HandTime:
    """Seconds that a test moves by hand, and the pauses that were asked for, which take none."""

    seconds: float = 100.0
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    time = __call__

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def around(self, clock: HandClock) -> Surroundings:
        return Surroundings(clock, self, Random(1), self.pause)  # noqa: S311 - the same chance each time


class Merchant(Counter):
    """The merchant's system with a shop in front of it, asked as the dialogue asks it."""

    def __init__(self, server: ShopServer, remote: RemoteRecords, pack: Pack, time: HandTime) -> None:
        self.records = server.records
        self.server, self.remote, self.time, self.faults = server, remote, time, server.faults
        # The other counter on the same rules: what is asked is the same.
        self.shop = RemoteShop(remote, pack, now=NOW)  # type: ignore[assignment]


def settings_of(**more: Any) -> ShopApiSettings:  # noqa: ANN401 - settings of any kind
    """Give settings with so much time that a busy machine makes no fault of its own."""
    patient = {"connect_seconds": 10.0, "read_seconds": 10.0, "total_seconds": 20.0}
    return ShopApiSettings(**{"token": SecretStr(TOKEN), **patient, **more})


@asynccontextmanager
async def a_merchant(
    database: Database, pack: Pack, *, copy: Path | None = None, server: dict[str, Any] | None = None, **more: object
) -> AsyncIterator[Merchant]:
    """Open a merchant's system with no orders yet; `server` and `more` are its and the adapter's settings."""
    clock = HandClock(NOW)
    system = ShopServer(**{"records": Records(database, THEIRS), "clock": clock, "token": TOKEN, **(server or {})})
    time = HandTime()
    memory = Records(database, OURS)
    async with system.serving() as url:
        settings = settings_of(**{"url": url, **more})
        async with remote_records(settings, time.around(clock), memory, copy=copy) as remote:
            yield Merchant(system, remote, pack, time)
