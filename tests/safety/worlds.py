"""Both kinds of shop as fixtures: the one that Xiaoer keeps itself, and one that the merchant's system keeps.

A conftest that imports them gives them to the tests beside it. One world serves all tests of a module: each looks at
what it changes itself, in conversations of its own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from xiaoer.pack import Pack, read_pack

from .world import World, own_shop, remote_shop

__all__ = ["own", "remote", "shop_pack", "world"]


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def own(shop_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with own_shop(shop_pack, tmp_path_factory.mktemp("own")) as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def remote(shop_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with remote_shop(shop_pack, tmp_path_factory.mktemp("remote")) as it:
        yield it


@pytest.fixture(params=["own", "remote"])
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.getfixturevalue(request.param)
    return found
