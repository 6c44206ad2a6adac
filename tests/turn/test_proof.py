import pytest

from xiaoer.app import Joined
from xiaoer.events import IdentityProved
from xiaoer.ids import CustomerId
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, Guest, order_in
from xiaoer.turn import OtherCustomerError, TurnResult

STRANGER = CustomerId("C1002")


def names(result: TurnResult) -> list[str]:
    return [reply.name for reply in result.replies]


async def test_a_task_about_orders_waits_for_the_sign_in_and_goes_on_with_it(joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    assert names(await Guest(joined.turns).say(f"取消订单 {order.id}")) == ["sign_in_needed"]
    result = await joined.turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")
    assert names(result) == ["signed_in", "why_cancel"]
    frame = (await joined.turns.state(GUEST)).frame
    assert frame is not None
    assert frame.slots["order"].value == order.id


async def test_a_sign_in_without_a_waiting_task_says_nothing(joined: Joined) -> None:
    await Guest(joined.turns).say("你好")
    assert names(await joined.turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")) == []
    assert (await joined.turns.state(GUEST)).customer == FIRST_CUSTOMER


async def test_signing_in_again_stores_nothing(joined: Joined) -> None:
    await Guest(joined.turns).say("取消订单")
    await joined.turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")
    assert (await joined.turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")).is_repeat
    log = await joined.conversations.load(DEMO_SHOP, GUEST)
    assert sum(isinstance(item.event, IdentityProved) for item in log) == 1


async def test_another_customers_sign_in_is_refused(joined: Joined) -> None:
    await Guest(joined.turns, customer=FIRST_CUSTOMER).say("你好")
    with pytest.raises(OtherCustomerError):
        await joined.turns.sign_in(GUEST, STRANGER, proof="test")
    assert (await joined.turns.state(GUEST)).customer == FIRST_CUSTOMER


async def test_another_customers_message_is_refused_and_not_stored(joined: Joined) -> None:
    await Guest(joined.turns, customer=FIRST_CUSTOMER).say("你好")
    before = await joined.conversations.load(DEMO_SHOP, GUEST)
    with pytest.raises(OtherCustomerError):
        await Guest(joined.turns, customer=STRANGER).say("我的快递到哪了")
    assert await joined.conversations.load(DEMO_SHOP, GUEST) == before
