import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xiaoer.ids import ShopId
from xiaoer.pack import Pack, read_pack
from xiaoer.shop import DemoLists, Policies, Records, read_lists, read_policies
from xiaoer.store import Database

from .shops import Counter

_PACK = Path(__file__).parents[2] / "packs" / "shop_zh"
_PHRASES = """
the_other: [另外那单]
latest_order: [上一单, 最近那单]
order_states:
  shipped: [在路上, 已发货]
  paid: [未发货, 还没发货]
  delivered: [发货的, 收到的]
payment_kinds:
  wechat: [微信]
  credit_card: [信用卡]
  gift_card: [礼品卡]
  original: [原路]
clause_ends: ["，"]
whole_order: [那单]
inside: [里]
order_nouns: [那单]
thing_joins: [和]
another_thing: [和]
keeps: [留着, 照常]
excepts: [除了]
all_of_them: [都取消]
all_orders: [两单]
"""
SHOP = ShopId("shop_zh")


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The demo pack's policies and lists alone, with a few phrases of our own."""
    folder = tmp_path_factory.mktemp("pack")
    shutil.copy(_PACK / "pack.yaml", folder)
    for part in ("policies", "shop"):
        shutil.copytree(_PACK / part, folder / part)
    (folder / "phrases.yaml").write_text(_PHRASES, encoding="utf-8")
    return read_pack(folder)


@pytest.fixture(scope="session")
def policies(pack: Pack) -> Policies:
    return read_policies(pack.clauses, on=date(2026, 6, 15), timezone=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def lists(pack: Pack) -> DemoLists:
    return read_lists(pack.folder / "shop")


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database that holds nothing yet: made once, as it takes as long as what many a test does."""
    file = tmp_path_factory.mktemp("blank") / "shop.db"
    asyncio.run(_make(file))
    return file


async def _make(file: Path) -> None:
    await (await Database.open(f"sqlite+aiosqlite:///{file}")).close()


@pytest.fixture
async def database(blank: Path, tmp_path: Path) -> AsyncIterator[Database]:
    shutil.copy(blank, tmp_path)
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/{blank.name}")
    yield opened
    await opened.close()


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database, SHOP)


@pytest.fixture
async def counter(database: Database, records: Records, pack: Pack) -> Counter:
    return Counter(database, SHOP, records, pack)
