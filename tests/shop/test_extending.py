"""More time until an order completes by itself: once, while it runs."""

import pytest

from xiaoer.shop.states import OrderState

from .factories import an_order
from .shops import Counter


async def test_an_order_completes_later_once(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    done = await counter.ask("order.extend", key="1")
    order = await counter.order()
    assert (done.outcome, done.facts["was_by"], done.facts["confirm_by"]) == ("done", "2026-06-24", "2026-07-01")
    assert (order.receipt_extended_days, order.history[-1].action) == (7, "extend_receipt")
    again = await counter.ask("order.extend", key="2")
    assert (again.facts["reason"], again.facts["confirm_by"]) == ("extended_before", "2026-07-01")
    assert await counter.order() == order


async def test_of_what_is_on_the_road_it_counts_from_the_promised_day(counter: Counter) -> None:
    await counter.lay(an_order("shipped"))
    assert (await counter.ask("order.check_extend")).facts["was_by"] == "2026-06-26"


@pytest.mark.parametrize(
    ("state", "reason"),
    [("unpaid", "not_paid"), ("paid", "not_shipped"), ("completed", "completed"), ("cancelled", "already_cancelled")],
)
async def test_what_does_not_wait_for_receipt_is_not_extended(counter: Counter, state: OrderState, reason: str) -> None:
    await counter.lay(an_order(state))
    refused = await counter.ask("order.extend")
    assert (refused.outcome, refused.facts["reason"], refused.facts["clause"]) == ("refused", reason, "order.extend")
