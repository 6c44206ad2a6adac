"""Another number of pieces: what is sold, what is settled, and what is refused."""

import msgspec
import pytest

from xiaoer.money import Money
from xiaoer.shop import Order
from xiaoer.shop.states import OrderState

from .factories import NUMBER, a_line, a_product, an_order
from .shops import Counter

_LINE = f"{NUMBER}-1"
_PRICE = a_line().unit_price.minor


async def _change(counter: Counter, quantity: int, *, way: str = "", key: str = "k") -> str:
    wanted = {"line": _LINE, "quantity": str(quantity), **({"way": way} if way else {})}
    result = await counter.ask("order.change_quantity", wanted, key=key)
    return str(result.facts.get("reason", result.outcome))


def _bought(quantity: int, state: OrderState = "paid") -> Order:
    return an_order(state, lines=(a_line(quantity=quantity),))


@pytest.mark.parametrize(
    ("bought", "quantity", "way", "reason"),
    [
        (2, 0, "", "none_left"),
        (2, 2, "fewer", "none_left"),
        (2, 2, "", "same_quantity"),
        (2, 8, "", "sold_out"),
        (2, 21, "", "too_many"),
    ],
)
async def test_what_cannot_be_is_refused(counter: Counter, bought: int, quantity: int, way: str, reason: str) -> None:
    await counter.lay(_bought(bought))
    assert await _change(counter, quantity, way=way) == reason
    assert await counter.order() == _bought(bought)


@pytest.mark.parametrize(("state", "reason"), [("packing", "being_packed"), ("shipped", "in_transit")])
async def test_what_is_packed_stays_as_it_is(counter: Counter, state: OrderState, reason: str) -> None:
    await counter.lay(_bought(1, state))
    assert await _change(counter, 2) == reason


async def test_more_are_not_sold_at_a_price_that_is_gone(counter: Counter) -> None:
    line = msgspec.structs.replace(a_line(), unit_price=Money(_PRICE - 500))
    await counter.lay(an_order("paid", lines=(line,)))
    assert await _change(counter, 2) == "price_changed"


async def test_how_many_there_are_is_told(counter: Counter) -> None:
    await counter.lay(_bought(2))
    told = await counter.ask("order.check_quantity", {"line": _LINE, "quantity": "9"})
    assert told.facts["available"] == 2 + 5


async def test_more_are_charged_and_taken_out_of_stock(counter: Counter) -> None:
    await counter.lay(_bought(1))
    assert await _change(counter, 2, way="more") == "done"
    order = await counter.order()
    assert (order.lines[0].kept_quantity, await counter.stock()) == (3, 8)
    assert [(charge.amount.minor, charge.of) for charge in order.charges] == [(2 * _PRICE, _LINE)]
    assert (order.history[-1].action, order.history[-1].details["to"]) == ("change_quantity", "3")


async def test_fewer_are_paid_back_and_go_into_stock(counter: Counter) -> None:
    await counter.lay(_bought(3))
    assert await _change(counter, 1) == "done"
    order = await counter.order()
    assert (order.lines[0].kept_quantity, await counter.stock()) == (1, 12)
    assert [refund.amount.minor for refund in order.refunds] == [2 * _PRICE]


async def test_what_was_not_paid_yet_is_set_off(counter: Counter) -> None:
    await counter.lay(_bought(1))
    await _change(counter, 4, key="1")
    await _change(counter, 2, key="2")
    order = await counter.order()
    assert [(charge.amount.minor, charge.state) for charge in order.charges] == [
        (3 * _PRICE, "dropped"),
        (_PRICE, "waiting"),
    ]
    assert order.refunds == ()


async def test_before_payment_only_the_total_changes(counter: Counter) -> None:
    await counter.lay(an_order("unpaid", lines=(a_line(),)))
    told = await counter.ask("order.check_quantity", {"line": _LINE, "quantity": "3"})
    assert await _change(counter, 3) == "done"
    order = await counter.order()
    assert (told.facts["settlement"], told.facts["total"]["minor"]) == ("total", order.total.minor)
    assert (order.charges, order.refunds, order.goods_amount.minor) == ((), (), 3 * _PRICE)
    assert await counter.stock() == 2 * a_product().variants[0].stock - 2
