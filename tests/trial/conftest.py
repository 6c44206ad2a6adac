from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from xiaoer.pack import Pack, SpokenCustomers, read_pack
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import retriever_of
from xiaoer.trial import TrialStage, trial_stage


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@pytest.fixture
async def stage(shop_pack: Pack) -> AsyncIterator[TrialStage]:
    search = retriever_of(shop_pack).search
    async with trial_stage(shop_pack, lambda words: (a_shop_reader(), None), search) as stage:
        yield stage


@pytest.fixture
def spoken(shop_pack: Pack) -> SpokenCustomers:
    assert shop_pack.customers is not None
    return shop_pack.customers
