"""Notes on an order that has not been sent."""

import msgspec
import pytest

from xiaoer.shop.states import OrderState

from .factories import an_order
from .shops import Counter


@pytest.mark.parametrize("state", ["unpaid", "paid", "packing"])
async def test_a_note_is_added_to_what_is_noted_already(counter: Counter, state: OrderState) -> None:
    await counter.lay(msgspec.structs.replace(an_order(state), note="送礼"))
    result = await counter.ask("order.note", {"text": " 请放\n门口 "})
    order = await counter.order()
    assert (result.outcome, order.note) == ("done", "送礼 / 请放 门口")
    assert [(entry.action, entry.details) for entry in order.history] == [
        ("note", {"from": "送礼", "to": "送礼 / 请放 门口"})
    ]


async def test_the_same_note_is_noted_once(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    for key in ("1", "2"):
        assert (await counter.ask("order.note", {"text": "请放门口"}, key=key)).outcome == "done"
    order = await counter.order()
    assert (order.note, len(order.history)) == ("请放门口", 1)


@pytest.mark.parametrize(
    ("state", "reason"), [("shipped", "in_transit"), ("delivered", "delivered"), ("cancelled", "already_cancelled")]
)
async def test_what_has_left_takes_no_note(counter: Counter, state: OrderState, reason: str) -> None:
    await counter.lay(an_order(state))
    result = await counter.ask("order.note", {"text": "请放门口"})
    assert (result.outcome, result.facts["reason"]) == ("refused", reason)


@pytest.mark.parametrize(("length", "outcome"), [(100, "allowed"), (101, "refused")])
async def test_a_note_has_a_longest_length(counter: Counter, length: int, outcome: str) -> None:
    await counter.lay(an_order("paid"))
    result = await counter.ask("order.check_note", {"text": "字" * length})
    assert (result.outcome, result.facts["longest"], result.facts["length"]) == (outcome, 100, length)
