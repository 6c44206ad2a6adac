"""A conversation on a merchant's system: done while it answers, an apology and a person while it does not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from xiaoer.app import Joined
from xiaoer.events import ActionFinished
from xiaoer.pack import Pack, read_pack
from xiaoer.shop import RemoteShop
from xiaoer.store import Database
from xiaoer.testing.clock import HandClock
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import (
    DEMO_SHOP,
    FIRST_CUSTOMER,
    GUEST,
    GivenShelf,
    Guest,
    joined_with,
    order_in,
    seed_usual_demo,
    settings_for,
)
from xiaoer.testing.shop_faults import Fault
from xiaoer.turn import Turns

from .factories import NOW
from .merchants import THEIRS, Merchant, a_merchant


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(Path(__file__).parents[2] / "packs" / "shop_zh")


@asynccontextmanager
async def talking(
    database: Database, pack: Pack, folder: Path, *, retries: int = 0
) -> AsyncIterator[tuple[Guest, Merchant, Joined]]:
    """Open a conversation of the demo's first customer on a merchant's system that has the demo's goods and orders."""
    await seed_usual_demo(database, THEIRS, pack, now=NOW, seed=7)
    async with (
        a_merchant(database, pack, retries=retries, breaker_failures=99) as merchant,
        joined_with(a_shop_reader(), pack, settings_for(folder), clock=HandClock(NOW), has_demo=False) as joined,
    ):
        shop = RemoteShop(merchant.remote, pack, now=NOW)
        await shop.words()
        release = replace(joined.releases.current, shop=shop)
        turns = Turns(replace(joined.turn_parts, releases=GivenShelf(release)))
        yield Guest(turns, customer=FIRST_CUSTOMER), merchant, joined


async def test_a_task_ends_in_a_changed_order_of_the_merchant_though_an_answer_is_lost(
    database: Database, shop_pack: Pack, tmp_path: Path
) -> None:
    async with talking(database, shop_pack, tmp_path, retries=2) as (guest, merchant, joined):
        order = await order_in(merchant.records, "paid")
        await guest.say(f"取消订单 {order.id}")
        await guest.say("拍错了")
        merchant.faults.add(Fault.IS_LOST, on="POST")
        result = await guest.say("确认")
        assert not result.is_with_person
        log = await joined.conversations.load(DEMO_SHOP, GUEST)
        done = [item.event for item in log if isinstance(item.event, ActionFinished)]
        assert (done[-1].action, done[-1].outcome) == ("order.cancel", "done")
        assert (await merchant.order(order.id)).state == "cancelled"


async def test_a_change_whose_answer_is_lost_for_good_calls_a_person(
    database: Database, shop_pack: Pack, tmp_path: Path
) -> None:
    async with talking(database, shop_pack, tmp_path) as (guest, merchant, joined):
        order = await order_in(merchant.records, "paid")
        await guest.say(f"取消订单 {order.id}")
        await guest.say("拍错了")
        merchant.faults.add(Fault.IS_LOST, times=9, on="POST")
        result = await guest.say("确认")
        assert [reply.name for reply in result.replies] == ["turn_failed"]
        assert result.is_with_person
        log = await joined.conversations.load(DEMO_SHOP, GUEST)
        done = [item.event for item in log if isinstance(item.event, ActionFinished)]
        assert "order.cancel" not in {event.action for event in done}


@pytest.mark.parametrize("fault", [Fault.FAILS, Fault.IS_GARBAGE, Fault.IS_CUT_OFF], ids=lambda f: f.name)
async def test_while_orders_are_away_the_customer_gets_an_apology_and_a_person(
    database: Database, shop_pack: Pack, tmp_path: Path, fault: Fault
) -> None:
    async with talking(database, shop_pack, tmp_path) as (guest, merchant, _):
        merchant.faults.add(fault, times=9)
        result = await guest.say("取消订单")
        assert [reply.name for reply in result.replies] == ["turn_failed"]
        assert result.is_with_person
        assert [reply.name for reply in (await guest.say("你好")).replies] == ["greet"]
