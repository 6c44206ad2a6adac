from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.money import Money
from xiaoer.pack import GivenOrder, read_pack
from xiaoer.shop import (
    Customer,
    DemoListError,
    DemoLists,
    DemoShop,
    Order,
    Policies,
    Setting,
    make_demo,
    order_from_given,
    read_lists,
    read_policies,
)
from xiaoer.shop.documents import decode_order, encode
from xiaoer.shop.regions import parted
from xiaoer.shop.states import ORDER_STATES

from .factories import NOW

_LATER = timedelta(days=100, hours=7)
_SHIPPED = ("shipped", "delivered", "completed")


@pytest.fixture(scope="session")
def setting(lists: DemoLists, policies: Policies) -> Setting:
    return Setting(lists, policies, NOW)


@pytest.fixture(scope="session")
def demo(lists: DemoLists, policies: Policies) -> DemoShop:
    return make_demo(lists, policies, seed=7, now=NOW)


def test_the_demo_is_large_enough(demo: DemoShop) -> None:
    assert len(demo.products) >= 100
    assert len(demo.customers) >= 50
    assert len({order.id for order in demo.orders}) == len(demo.orders) >= 300
    assert all(len(product.variants) > 0 for product in demo.products)
    assert {order.state for order in demo.orders} == {*ORDER_STATES.changes.values(), "unpaid"}
    assert {len(order.id) for order in demo.orders} == {14}


def test_the_first_customer_has_an_order_for_every_task(demo: DemoShop) -> None:
    own = [order for order in demo.orders if order.customer == demo.customers[0].id]
    ages = [NOW - order.delivered_at for order in own if order.delivered_at]
    assert demo.customers[0].name == "林小满"
    assert {order.state for order in own} >= {"unpaid", "paid", "packing", "shipped", "delivered", "completed"}
    assert any(NOW - order.placed_at == timedelta(minutes=10) for order in own)
    assert any(timedelta(days=5) < age < timedelta(days=6) for age in ages)
    assert timedelta(days=8) in ages


def test_nobody_real_is_in_the_demo(demo: DemoShop) -> None:
    assert all(customer.email.endswith("@example.com") for customer in demo.customers)
    assert all(customer.phone[:7] in ("1380000", "1390000") for customer in demo.customers)
    assert len({customer.phone for customer in demo.customers}) == len(demo.customers)


def test_the_same_seed_gives_the_same_shop_moved_in_time(lists: DemoLists, policies: Policies, demo: DemoShop) -> None:
    later = make_demo(lists, policies, seed=7, now=NOW + _LATER)
    assert later.products == demo.products
    assert later.customers == tuple(_moved(customer) for customer in demo.customers)
    assert [(order.id, order.state, order.placed_at) for order in later.orders] == [
        (order.id, order.state, order.placed_at + _LATER) for order in demo.orders
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001  # made aware below
def test_times_and_money_of_every_order_agree(lists: DemoLists, policies: Policies, seed: int, at: datetime) -> None:
    now = at.replace(tzinfo=NOW.tzinfo)
    for order in make_demo(lists, policies, seed=seed, now=now).orders:
        _check(order, now)


def _check(order: Order, now: datetime) -> None:
    assert order.total == sum((line.amount for line in order.lines), Money(0)) + order.freight
    _check_money(order)
    _check_times(order, now)
    assert (order.shipment is not None) == (order.state in _SHIPPED)
    assert (order.completed_at is not None) == (order.state == "completed")
    assert decode_order(encode(order)) == order


def _check_money(order: Order) -> None:
    refunded = sum((refund.amount for refund in order.refunds), Money(0))
    assert refunded <= order.paid_amount
    assert order.refunded_amount <= order.paid_amount
    if order.payment:
        assert order.payment.amount == order.total
    if order.state == "cancelled" and order.payment:
        assert refunded == order.paid_amount


def _check_times(order: Order, now: datetime) -> None:
    shipment = order.shipment
    shipped_at = shipment.shipped_at if shipment else None
    moments = [order.placed_at, order.paid_at, shipped_at, order.delivered_at, order.completed_at]
    known = [moment for moment in moments if moment is not None]
    assert known == sorted(known)
    history = [entry.at for entry in order.history]
    traces = [trace.at for trace in shipment.traces] if shipment else []
    assert traces == sorted(traces)
    refunds = [moment for refund in order.refunds for moment in (refund.asked_at, refund.paid_at) if moment]
    invoices = [m for m in (order.invoice.requested_at, order.invoice.issued_at) if m] if order.invoice else []
    for moment in (*known, *history, *traces, *refunds, *invoices):
        assert order.placed_at <= moment <= now
    assert all(order.delivered_at and item.opened_at > order.delivered_at for item in order.returns)


@pytest.mark.parametrize(
    "state", ["unpaid", "paid", "packing", "shipped", "delivered", "completed", "cancelled", "closed"]
)
@pytest.mark.parametrize(
    ("paid", "shipped", "delivered"), [(24, None, None), (0, None, None), (24, None, 192), (1, 90, 30)]
)
def test_a_given_order_agrees_with_itself(
    setting: Setting,
    demo: DemoShop,
    state: str,
    paid: float,
    shipped: float | None,
    delivered: float | None,
) -> None:
    given_order = GivenOrder.model_validate(
        {
            "number": "20260615000099",
            "state": state,
            "paid_hours_ago": paid,
            "shipped_hours_ago": shipped,
            "delivered_hours_ago": delivered,
            "lines": [{"sku": "any"}, {"sku": "P1035-02", "quantity": 2}],
        }
    )
    order = order_from_given(given_order, demo.customers[0], demo.products, setting)
    assert (order.id, order.state, order.customer) == ("20260615000099", state, demo.customers[0].id)
    assert [(line.sku, line.quantity) for line in order.lines] == [("P1001-01", 1), ("P1035-02", 2)]
    if delivered is not None and state == "delivered":
        assert order.delivered_at == NOW - timedelta(hours=delivered)
    _check(order, NOW + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("state", "refund", "refunds", "returns"),
    [
        ("cancelled", "processing", ["processing"], []),
        ("cancelled", "paid", ["paid"], []),
        ("delivered", "opened", [], ["opened"]),
        ("delivered", "paid", ["paid"], ["refunded"]),
    ],
)
def test_a_given_refund_is_as_far_as_it_says(
    setting: Setting,
    demo: DemoShop,
    state: str,
    refund: str,
    refunds: list[str],
    returns: list[str],
) -> None:
    asked = {
        "number": "20260615000099",
        "state": state,
        "lines": [{"sku": "any"}],
        "refund": refund,
        "invoice": "issued",
    }
    order = order_from_given(GivenOrder.model_validate(asked), demo.customers[0], demo.products, setting)
    assert [item.state for item in order.refunds] == refunds
    assert [item.state for item in order.returns] == returns
    assert order.invoice is not None
    assert order.invoice.state == "issued"


@pytest.mark.parametrize(
    ("asked", "exchanges", "claims", "kept"),
    [
        ({"exchange": "opened"}, ["opened"], [], 0),
        ({"exchange": "withdrawn"}, ["withdrawn"], [], 2),
        ({"claim": "opened"}, [], ["opened"], 2),
        ({"exchange": "sent", "claim": "rejected"}, ["sent"], ["rejected"], 0),
    ],
)
def test_a_given_case_is_as_far_as_it_says(
    setting: Setting, demo: DemoShop, asked: dict[str, str], exchanges: list[str], claims: list[str], kept: int
) -> None:
    given_order = GivenOrder.model_validate(
        {
            "number": "20260615000099",
            "state": "delivered",
            "lines": [{"sku": "P1035-02", "quantity": 2}],
            "delivered_hours_ago": 50,
            **asked,
        }
    )
    order = order_from_given(given_order, demo.customers[0], demo.products, setting)
    assert [item.state for item in order.exchanges] == exchanges
    assert [item.state for item in order.claims] == claims
    assert order.lines[0].kept_quantity == kept


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"lines": [{"sku": "P9-1"}]}])
def test_a_given_order_that_cannot_be_is_refused(setting: Setting, demo: DemoShop, wrong: dict[str, object]) -> None:
    asked = {"number": "20260615000099", "state": "paid", "lines": [{"sku": "any"}], **wrong}
    with pytest.raises(DemoListError):
        order_from_given(GivenOrder.model_validate(asked), demo.customers[0], demo.products, setting)


def test_a_wrong_list_is_named_with_its_field(tmp_path: Path) -> None:
    with pytest.raises(DemoListError, match=r"products\.yaml is missing"):
        read_lists(tmp_path)
    (tmp_path / "products.yaml").write_text("products: [{id: X1}]", encoding="utf-8")
    with pytest.raises(DemoListError, match=r"products\.yaml \[products\.0\.id\]"):
        read_lists(tmp_path)


# A shop in another language

_ENGLISH = Path(__file__).parents[2] / "packs" / "shop_en"


@pytest.fixture(scope="module")
def larkmoor() -> DemoShop:
    pack = read_pack(_ENGLISH)
    policies = read_policies(pack.clauses, on=NOW.date(), timezone=ZoneInfo(pack.manifest.timezone))
    return make_demo(read_lists(_ENGLISH / "shop"), policies, seed=7, now=NOW, currency="USD")


def test_people_and_addresses_are_written_as_the_lists_say(larkmoor: DemoShop) -> None:
    first = larkmoor.customers[0]
    assert first.name == "Maya Parker"
    assert all(customer.name.isascii() and customer.addresses[0].street.isascii() for customer in larkmoor.customers)
    assert all(customer.phone.startswith("+1503555") for customer in larkmoor.customers)
    assert all(parted(customer.addresses[0].region).region for customer in larkmoor.customers)


def test_orders_are_paid_in_the_ways_that_the_clause_names(larkmoor: DemoShop) -> None:
    methods = {order.payment.method for order in larkmoor.orders if order.payment}
    assert methods == {"credit_card", "debit_card", "paypal", "apple_pay", "pay_later"}


def test_customers_hold_what_the_lists_give(demo: DemoShop, lists: DemoLists) -> None:
    first, *others = demo.customers
    kinds = [method.kind for method in first.payment_methods]
    assert kinds == [entry.kind for entry in lists.people.payment_methods]
    assert {method.balance is not None for method in first.payment_methods} == {True, False}
    assert len(first.coupons) == len(lists.people.coupons)
    assert all(customer.payment_methods for customer in others)
    assert (
        len({method.label for customer in demo.customers for method in customer.payment_methods if method.balance}) > 1
    )


def _moved(customer: Customer) -> Customer:
    """Give a customer whose coupons are valid as long after the later moment as they were after the first."""
    coupons = (
        structs.replace(coupon, valid_from=coupon.valid_from + _LATER, valid_until=coupon.valid_until + _LATER)
        for coupon in customer.coupons
    )
    return structs.replace(customer, coupons=tuple(coupons))
