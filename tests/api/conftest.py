from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from xiaoer.app import Joined, web_app
from xiaoer.pack import Pack, read_pack
from xiaoer.testing.clock import HandClock
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import joined_with, settings_for


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def joined(shop_pack: Pack, tmp_path: Path, clock: HandClock) -> AsyncIterator[Joined]:
    async with joined_with(a_shop_reader(), shop_pack, settings_for(tmp_path), clock=clock) as parts:
        yield parts


@pytest.fixture
def app(joined: Joined) -> Starlette:
    return web_app(joined)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
