"""Whatever a customer does in whatever order: no more is paid back than was paid, in all and for each piece."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import ACTIONS, Order, OrderLine, Product, read_policies
from xiaoer.shop.actions import ALL_ACTIONS, Effect, Request
from xiaoer.shop.goods import Goods
from xiaoer.shop.remote.effects import effects_of, history_of, with_effects
from xiaoer.shop.states import OrderState

from .factories import ANNA, NOW, NUMBER, a_line, a_product, an_order

_EFFECTS = {action.spec.name: action for action in ALL_ACTIONS if isinstance(action, Effect)}
_MONEY = (
    "order.cancel",
    "order.restore",
    "return.open",
    "claim.open",
    "aftersale.withdraw",
    "order.protect_price",
    "order.note",
)
_numbers = count()


def test_all_effects_that_pay_are_tried() -> None:
    paying = {name for name, spec in ACTIONS.items() if spec.is_effect and "refund_amount" in spec.facts}
    assert paying <= set(_MONEY)


def _priced(minor: int) -> Product:
    product = a_product()
    variants = tuple(msgspec.structs.replace(variant, price=Money(minor)) for variant in product.variants)
    return msgspec.structs.replace(product, variants=variants)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    state: OrderState = draw(st.sampled_from(["paid", "packing", "delivered", "completed"]))
    lines = tuple(
        msgspec.structs.replace(
            a_line(number=number, quantity=draw(st.integers(1, 3))), unit_price=Money(draw(st.integers(1, 20_000)))
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    )
    order = an_order(state, lines=lines)
    assert order.payment
    # A coupon: less was paid than the lines cost together.
    paid = max(1, order.goods_amount.minor - draw(st.sampled_from([0, 0, 500, 10_000])))
    return msgspec.structs.replace(order, payment=msgspec.structs.replace(order.payment, amount=Money(paid)))


_lines = st.lists(st.integers(1, 3), max_size=2, unique=True)
_deeds = st.tuples(
    st.sampled_from(_MONEY),
    _lines,
    st.integers(1, 20_000),
    st.sampled_from(["damaged", "missing", "faulty"]),
    st.sampled_from(["refund", "refund", "resend"]),
    st.integers(1, 3),
)


def _arguments(action: str, deed: tuple[str, list[int], int, str, str, int]) -> dict[str, str]:
    _, numbers, _, kind, wanted, quantity = deed
    lines = ",".join(f"{NUMBER}-{number}" for number in numbers)
    given = {
        "order": NUMBER,
        "lines": lines,
        "line": lines or f"{NUMBER}-1",
        "reason": kind,
        "kind": kind,
        "wanted": wanted,
        "quantity": str(quantity),
        "text": f"{next(_numbers)}",
        "request": f"{'RC'[quantity % 2]}{NUMBER}{quantity:02d}",
    }
    return {name: value for name, value in given.items() if name in ACTIONS[action].parameters}


def _worth(lines: Iterable[OrderLine]) -> int:
    """What the pieces that are kept have cost so far, less what was paid back for them."""
    return sum((line.net_price * line.kept_quantity).minor for line in lines)


def _promised(order: Order) -> int:
    """What is to be paid for returns under way."""
    return sum(item.refund_amount.minor for item in order.returns if item.state == "opened")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders(), deeds=st.lists(_deeds, max_size=8), limit=st.sampled_from([0, 6_000, 10**6]))
def test_money_adds_up(
    pack: Pack, order: Order, deeds: list[tuple[str, list[int], int, str, str, int]], limit: int
) -> None:
    read = read_policies(pack.clauses, on=date(2026, 6, 15), timezone=ZoneInfo("Asia/Shanghai"))
    claim = msgspec.structs.replace(read.claim, instant_refund_below_minor=limit)
    policies = replace(read, claim=claim)
    for deed in deeds:
        name, price = deed[0], deed[2]
        request = Request(
            arguments=_arguments(name, deed),
            customer=ANNA,
            orders=(order,),
            goods=Goods.of([_priced(price)]),
            policies=policies,
            phrases=pack.phrases,
            now=NOW,
        )
        change = _EFFECTS[name].change(request)
        assert (change.order is None) == (change.result.outcome != "done") or name == "order.note"
        if change.order is None:
            continue
        before, order = order, change.order
        assert with_effects(before, effects_of(before, order), history_of(before, order)) == order
        paid_back = order.refunded_amount - before.refunded_amount
        if name == "aftersale.withdraw":  # what was to be paid for pieces that are kept again is not
            assert paid_back.minor == -_promised(before) + _promised(order)
            assert all(line.net_price.minor >= 0 for line in order.lines)
            continue
        if name == "order.restore":  # what cancelling was to pay back is not
            assert change.result.facts["refund_amount"] == {"minor": -paid_back.minor, "currency": "CNY"}
            continue
        assert paid_back.minor >= 0
        assert order.refunded_amount <= order.paid_amount
        if order.state == before.state:  # a whole order that is cancelled gives all that is left, the coupon included
            assert paid_back.minor <= _worth(before.lines) - _worth(order.lines)
        assert all(line.net_price.minor >= 0 and line.kept_quantity >= 0 for line in order.lines)
        told = change.result.facts.get("refund_amount")
        if told is not None:
            assert told["minor"] == paid_back.minor
