"""A merchant's system that hangs, fails, answers garbage or too much is bounded in time and memory."""

import asyncio
import tracemalloc

import pytest

from xiaoer.pack import Pack
from xiaoer.shop import AccessRefusedError, BadAnswerError, Shop, ShopAwayError
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import ANNA, NOW, an_order
from .merchants import Merchant, a_merchant

_ORDER = "GET /customers/"


async def is_read(merchant: Merchant) -> bool:
    return (await merchant.ask("order.read")).outcome == "ok"


@pytest.mark.parametrize(
    "fault", [Fault.FAILS, Fault.IS_GARBAGE, Fault.IS_CUT_OFF, Fault.IS_LOST, Fault.IS_BUSY], ids=lambda f: f.name
)
async def test_a_failed_question_is_asked_again(database: Database, pack: Pack, fault: Fault) -> None:
    async with a_merchant(database, pack, retries=2) as merchant:
        await merchant.lay(an_order())
        await merchant.shop.words()
        merchant.faults.add(fault, times=2, on=_ORDER)
        assert await is_read(merchant)
        assert len(merchant.time.pauses) == 2


async def test_pauses_grow_and_are_spread_by_chance(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=4, breaker_failures=9) as merchant:
        await merchant.lay(an_order())
        merchant.faults.add(Fault.FAILS, times=4, on=_ORDER)
        assert await is_read(merchant)
        first, second, third, fourth = merchant.time.pauses
        assert 0.05 <= first <= 0.15
        assert 0.1 <= second <= 0.3
        assert 0.2 <= third <= 0.6
        assert 0.4 <= fourth <= 1.2
        assert len({pause / 2**n for n, pause in enumerate(merchant.time.pauses)}) == 4


async def test_a_busy_system_is_asked_again_when_it_said(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order())
        merchant.faults.add(Fault.IS_BUSY, on=_ORDER)
        assert await is_read(merchant)
        assert merchant.time.pauses == [1.0]


async def test_a_wait_longer_than_there_is_time_is_not_begun(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, total_seconds=0.9) as merchant:
        merchant.faults.add(Fault.IS_BUSY)
        with pytest.raises(ShopAwayError):
            await merchant.remote.order_of(ANNA, an_order().id)
        assert merchant.time.pauses == []


@pytest.mark.parametrize(
    "fault", [Fault.HANGS, Fault.DRIPS, Fault.FAILS, Fault.IS_GARBAGE, Fault.IS_CUT_OFF], ids=lambda f: f.name
)
async def test_a_system_that_goes_on_failing_is_away_within_the_time_limit(
    database: Database, pack: Pack, fault: Fault
) -> None:
    async with a_merchant(database, pack, read_seconds=0.1, total_seconds=0.3) as merchant:
        merchant.faults.add(fault, times=9)
        async with asyncio.timeout(5):
            with pytest.raises(ShopAwayError) as caught:
                await merchant.remote.orders_of(ANNA)
        assert ANNA not in str(caught.value)
        assert len(merchant.faults.asked) <= 3


async def test_nobody_listening_is_a_system_that_is_away(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, url="http://127.0.0.1:9") as merchant:
        with pytest.raises(ShopAwayError, match="ConnectError"):
            await merchant.remote.orders_of(ANNA)


async def test_an_endless_answer_is_cut_off_and_not_asked_for_again(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, max_answer_bytes=1_000_000) as merchant:
        merchant.faults.add(Fault.IS_ENDLESS)
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswerError, match="1000000 bytes"):
                await merchant.remote.orders_of(ANNA)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert most < 8_000_000
        assert len(merchant.faults.asked) == 1


async def test_a_wrong_token_is_not_a_system_that_is_away(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, server={"token": "another"}) as merchant:
        with pytest.raises(AccessRefusedError, match=r"shop_api\.token"):
            await merchant.remote.orders_of(ANNA)
        assert len(merchant.faults.asked) == 1


async def test_the_breaker_opens_rests_and_closes(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0, breaker_failures=3, breaker_seconds=10) as merchant:
        await merchant.lay(an_order())
        merchant.faults.add(Fault.FAILS, times=3)
        for _ in range(5):
            with pytest.raises(ShopAwayError):
                await merchant.remote.orders_of(ANNA)
        assert len(merchant.faults.asked) == 3

        merchant.time.seconds += 10
        merchant.faults.add(Fault.FAILS)
        for _ in range(2):
            with pytest.raises(ShopAwayError):
                await merchant.remote.orders_of(ANNA)
        assert len(merchant.faults.asked) == 4

        merchant.time.seconds += 10
        assert len(await merchant.remote.orders_of(ANNA)) == 1
        assert len(await merchant.remote.orders_of(ANNA)) == 1
        assert len(merchant.faults.asked) == 6


async def test_tries_end_when_the_breaker_opens(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=9, breaker_failures=2) as merchant:
        merchant.faults.add(Fault.FAILS, times=9)
        with pytest.raises(ShopAwayError):
            await merchant.remote.orders_of(ANNA)
        assert len(merchant.faults.asked) == 2


async def test_goods_are_told_while_orders_are_away(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(an_order())
        await merchant.shop.words()
        merchant.faults.add(Fault.FAILS, times=9)
        found = await merchant.ask("product.read", {"product": "P1"})
        assert found.outcome == "ok"
        with pytest.raises(ShopAwayError):
            await merchant.ask("order.read")


async def test_a_product_never_seen_is_away_and_not_missing(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay()
        await merchant.shop.words()
        merchant.faults.add(Fault.FAILS)
        shop: Shop = merchant.shop
        with pytest.raises(ShopAwayError):
            await shop.run("product.read", {"product": "P404"}, customer=None, now=NOW)
