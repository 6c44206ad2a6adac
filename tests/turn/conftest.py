from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from xiaoer.app import Joined
from xiaoer.pack import Pack, read_pack
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import joined_with, settings_for


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@pytest.fixture
async def joined(shop_pack: Pack, tmp_path: Path) -> AsyncIterator[Joined]:
    async with joined_with(a_shop_reader(), shop_pack, settings_for(tmp_path)) as parts:
        yield parts
