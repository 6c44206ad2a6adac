from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from xiaoer.knowledge import Retriever
from xiaoer.pack import Pack, SpokenCustomers, read_pack
from xiaoer.testing.reader import a_shop_reader
from xiaoer.trial import TrialStage, trial_stage


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@pytest.fixture(scope="session")
def retriever(shop_pack: Pack) -> Retriever:
    return Retriever.of_pack(shop_pack)


@pytest.fixture
async def stage(shop_pack: Pack, retriever: Retriever) -> AsyncIterator[TrialStage]:
    async with trial_stage(shop_pack, lambda words: (a_shop_reader(), None), retriever.search) as stage:
        yield stage


@pytest.fixture
def spoken(shop_pack: Pack) -> SpokenCustomers:
    assert shop_pack.customers is not None
    return shop_pack.customers
