"""Whatever is changed, taken back and taken up again in whatever order: money, stock and states add up."""

from collections import Counter
from collections.abc import Mapping

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.money import Money
from xiaoer.pack import Phrases
from xiaoer.shop import Order, Policies, Product
from xiaoer.shop.actions import ALL_ACTIONS, Effect, Request
from xiaoer.shop.goods import Goods
from xiaoer.shop.remote.effects import effects_of, history_of, restocked, restocks_of, with_effects
from xiaoer.shop.states import OrderState

from .factories import ANNA, NOW, NUMBER, a_line, a_product, an_order

_EFFECTS = {action.spec.name: action for action in ALL_ACTIONS if isinstance(action, Effect)}
_DONE = (
    "order.cancel",
    "order.restore",
    "order.restore",
    "order.change_quantity",
    "order.change_quantity",
    "order.change_options",
    "delivery.schedule",
    "delivery.schedule",
    "return.open",
    "exchange.open",
    "aftersale.withdraw",
    "aftersale.withdraw",
)
_PAID = "a charge is paid"
_deeds = st.tuples(st.sampled_from((*_DONE, _PAID)), st.integers(1, 2), st.integers(0, 5), st.sampled_from("RE"))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    state: OrderState = draw(st.sampled_from(["unpaid", "paid", "delivered"]))
    lines = tuple(a_line(number=number, quantity=draw(st.integers(1, 3))) for number in (1, 2))
    order = an_order(state, lines=lines)
    if order.payment is None:
        return order
    # A coupon: less was paid than the lines cost together.
    paid = max(1, order.goods_amount.minor - draw(st.sampled_from([0, 0, 700, 15_000])))
    return msgspec.structs.replace(order, payment=msgspec.structs.replace(order.payment, amount=Money(paid)))


def _arguments(action: str, line: int, number: int, kind: str) -> Mapping[str, str]:
    variants = a_product().variants
    given = {
        "order": NUMBER,
        "line": f"{NUMBER}-{line}",
        "lines": f"{NUMBER}-{line}" if number > 3 else "",
        "quantity": str(number),
        "variant": variants[number % 2].sku,
        "reason": "quality",
        "request": f"{kind}{NUMBER}{number:02d}",
        "day": f"2026-06-{16 + number}" if number else "none",
    }
    return {name: value for name, value in given.items() if name in _EFFECTS[action].spec.parameters}


def _pieces(order: Order, product: Product) -> Counter[str]:
    """Count what there is of each variant: in stock, with the customer or for them, and set aside for an exchange."""
    there = Counter({str(variant.sku): variant.stock for variant in product.variants})
    if order.state != "cancelled":
        for line in order.lines:
            there[line.sku] += line.quantity - line.cancelled_quantity
    for item in order.exchanges:
        there[item.sku] += item.quantity if item.state == "opened" else 0
    return there


def _with_a_charge_paid(order: Order) -> Order:
    waiting = next((charge for charge in order.charges if charge.state == "waiting"), None)
    paid = (msgspec.structs.replace(c, state="paid", paid_at=NOW) if c is waiting else c for c in order.charges)
    return msgspec.structs.replace(order, charges=tuple(paid))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders(), deeds=st.lists(_deeds, max_size=10))
def test_money_stock_and_states_add_up(
    policies: Policies, order: Order, deeds: list[tuple[str, int, int, str]]
) -> None:
    product = a_product(stock=6)
    pieces = _pieces(order, product)
    for name, *numbers in deeds:
        if name == _PAID:
            order = _with_a_charge_paid(order)
            continue
        request = Request(
            arguments=_arguments(name, *numbers),  # type: ignore[arg-type]  # a line, a number and a letter
            customer=ANNA,
            orders=(order,),
            goods=Goods.of([product]),
            policies=policies,
            phrases=Phrases(),
            now=NOW,
        )
        change = _EFFECTS[name].change(request)
        if change.order is None:
            assert change.result.outcome == "refused"
            continue
        _tellable(order, change.order, product, change.products)
        order = change.order
        product = change.products[0] if change.products else product
        assert _pieces(order, product) == pieces
        assert all(variant.stock >= 0 for variant in product.variants)
        assert all(line.kept_quantity >= 0 and line.returned_quantity >= 0 for line in order.lines)
        assert Money(0) <= order.refunded_amount <= order.paid_amount
        if order.state == "cancelled":
            assert order.refunded_amount == order.paid_amount
            assert not [charge for charge in order.charges if charge.state == "waiting"]


def _tellable(before: Order, after: Order, product: Product, changed: tuple[Product, ...]) -> None:
    """The merchant's system, told what happened, comes to the same."""
    assert with_effects(before, effects_of(before, after), history_of(before, after)) == after
    told = restocks_of([product], changed)
    assert not changed or restocked(product, told) == changed[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders().filter(lambda order: order.state == "paid"), before=st.lists(_deeds, max_size=4))
def test_what_is_cancelled_and_restored_is_as_it_was(
    policies: Policies, order: Order, before: list[tuple[str, int, int, str]]
) -> None:
    product = a_product(stock=6)

    def do(name: str, arguments: Mapping[str, str]) -> None:
        nonlocal order, product
        goods = Goods.of([product])
        asked = Request(arguments, ANNA, (order,), goods, policies, Phrases(), NOW)
        change = _EFFECTS[name].change(asked)
        order = change.order or order
        product = change.products[0] if change.products else product

    for name, *numbers in before:
        if name.startswith("order.change"):
            do(name, _arguments(name, *numbers))  # type: ignore[arg-type]  # a line, a number and a letter
    kept, stock = order, product
    do("order.cancel", {"order": NUMBER, "reason": "x"})
    assert order.state == "cancelled"
    do("order.restore", {"order": NUMBER})
    due = sorted((c.of, c.amount.minor) for c in kept.charges if c.state == "waiting")
    assert (order.state, order.lines, product) == ("paid", kept.lines, stock)
    assert order.refunded_amount == kept.refunded_amount
    assert sorted((c.of, c.amount.minor) for c in order.charges if c.state == "waiting") == due
