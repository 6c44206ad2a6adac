from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from xiaoer.pack import Pack, read_pack

from .world import World, own_shop, remote_shop

# The same examples each time: what must never happen is no matter of luck.
settings.register_profile(
    "safety",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SEEDED = settings.get_profile("safety")


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


# One world serves all tests of a module: each looks at what it changes itself, in conversations of its own.
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
