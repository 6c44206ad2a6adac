"""A cancelled order taken up again: until when, and that nothing of the cancelling is left."""

import msgspec
import pytest

from xiaoer.money import Money
from xiaoer.shop import Order

from .factories import NUMBER, a_cancelled_order, a_line, a_product, an_order
from .shops import Counter

_BIG = a_product(stock=0)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (a_cancelled_order(hours=25), "too_late"),
        (a_cancelled_order(refund="paid"), "refund_paid"),
        (a_cancelled_order(refund="failed"), "refund_paid"),
        (a_cancelled_order(by="shop"), "cancelled_by_shop"),
        (msgspec.structs.replace(a_cancelled_order(), history=()), "cancelled_by_shop"),
        (a_cancelled_order(is_paid=False), "never_paid"),
        (an_order("paid"), "not_shipped"),
        (an_order("closed"), "already_closed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_taken_up_again(counter: Counter, order: Order, reason: str) -> None:
    await counter.lay(order)
    refused = await counter.ask("order.restore")
    assert (refused.outcome, refused.facts["reason"], refused.facts["clause"]) == ("refused", reason, "order.restore")
    assert await counter.order() == order


async def test_what_is_sold_meanwhile_is_named(counter: Counter) -> None:
    await counter.lay(a_cancelled_order(), goods=(_BIG,))
    refused = await counter.ask("order.check_restore")
    assert (refused.facts["reason"], refused.facts["lines"]) == ("sold_out", [_BIG.title])


async def test_an_order_is_as_it_was_before_it_was_cancelled(counter: Counter) -> None:
    before = an_order("paid", lines=(a_line(quantity=2), a_line(number=2)))
    await counter.lay(before)
    await counter.ask("order.cancel", {"reason": "not_wanted"}, key="1")
    told = await counter.ask("order.check_restore")
    done = await counter.ask("order.restore", key="2")
    order = await counter.order()
    assert (done.outcome, done.facts["state"], order.state) == ("done", "paid", "paid")
    assert (told.facts["refund_amount"]["minor"], order.refunds[0].state) == (before.total.minor, "withdrawn")
    assert (order.lines, order.refunded_amount, await counter.stock()) == (before.lines, Money(0), 10)
    assert [entry.action for entry in order.history] == ["cancel", "restore"]
    assert (await counter.ask("refund.read")).outcome == "none"


async def test_it_may_be_cancelled_and_restored_again_and_again(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    for turn in range(3):
        assert (await counter.ask("order.cancel", {"reason": "x"}, key=f"c{turn}")).outcome == "done"
        assert (await counter.ask("order.restore", key=f"r{turn}")).outcome == "done"
    order = await counter.order()
    assert ([refund.state for refund in order.refunds], await counter.stock()) == (["withdrawn"] * 3, 10)


async def test_what_still_had_to_be_paid_is_asked_for_again(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    dearer = {"line": f"{NUMBER}-1", "variant": a_product().variants[1].sku}
    await counter.ask("order.change_options", dearer, key="1")
    await counter.ask("order.cancel", {"reason": "x"}, key="2")
    await counter.ask("order.restore", key="3")
    order = await counter.order()
    assert [(charge.state, charge.amount.minor) for charge in order.charges] == [("dropped", 1_000), ("waiting", 1_000)]


async def test_lines_that_were_cancelled_before_stay_cancelled(counter: Counter) -> None:
    await counter.lay(an_order("paid", lines=(a_line(), a_line(number=2))))
    await counter.ask("order.cancel", {"lines": f"{NUMBER}-1", "reason": "x"}, key="1")
    await counter.ask("order.cancel", {"reason": "x"}, key="2")
    done = await counter.ask("order.restore", key="3")
    order = await counter.order()
    assert [line.kept_quantity for line in order.lines] == [0, 1]
    assert ([refund.state for refund in order.refunds], done.facts["lines"]) == (
        ["processing", "withdrawn"],
        [a_product().title],
    )
