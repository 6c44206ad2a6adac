from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.money import Money
from xiaoer.shop import Invoice, Policies
from xiaoer.shop.rules import (
    Allowed,
    Decision,
    Refused,
    add_working_days,
    may_cancel,
    may_change_address,
    may_request_invoice,
    may_return,
    return_amount,
)
from xiaoer.shop.states import OrderState

from .factories import NOW, a_line, a_product, an_order


def _verdict(decision: Decision) -> str:
    return decision.reason if isinstance(decision, Refused) else "allowed"


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("unpaid", "allowed"),
        ("paid", "allowed"),
        ("packing", "being_packed"),
        ("shipped", "in_transit"),
        ("delivered", "delivered"),
        ("completed", "completed"),
        ("cancelled", "already_cancelled"),
        ("closed", "already_closed"),
    ],
)
def test_an_order_is_cancelled_until_it_is_packed(policies: Policies, state: OrderState, verdict: str) -> None:
    decision = may_cancel(an_order(state), policies, NOW)
    assert _verdict(decision) == verdict
    assert decision.clause.id == "order.cancel"


@pytest.mark.parametrize(
    ("method", "days", "due"),
    [
        ("wechat", 1, "2026-06-16"),
        ("bank_card", 3, "2026-06-18"),
        ("credit_card", 5, "2026-06-22"),
        ("?", 5, "2026-06-22"),
    ],
)
def test_a_cancelled_order_is_paid_back_by_its_method(policies: Policies, method: str, days: int, due: str) -> None:
    decision = may_cancel(an_order("paid", method=method), policies, NOW)
    assert isinstance(decision, Allowed)
    assert decision.facts["refund_amount"] == {"minor": 11_000, "currency": "CNY"}
    assert (decision.facts["refund_days"], decision.facts["refund_by"]) == (days, due)


def test_an_unpaid_order_gives_nothing_back(policies: Policies) -> None:
    decision = may_cancel(an_order("unpaid"), policies, NOW)
    assert decision.facts == {"is_part": False, "refund_amount": {"minor": 0, "currency": "CNY"}}


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("unpaid", "allowed"), ("packing", "allowed"), ("shipped", "in_transit"), ("closed", "already_closed")],
)
def test_the_address_is_changed_until_the_parcel_leaves(policies: Policies, state: OrderState, verdict: str) -> None:
    assert _verdict(may_change_address(an_order(state), policies)) == verdict


def test_a_parcel_does_not_go_where_the_shop_does_not_deliver(policies: Policies) -> None:
    decision = may_change_address(an_order(), policies, new_address="香港特别行政区九龙弥敦道1号")
    assert _verdict(decision) == "outside_range"
    assert decision.clause.id == "delivery.range"


@pytest.mark.parametrize(
    ("days", "reason", "verdict"),
    [
        (0, "not_wanted", "allowed"),
        (7, "not_wanted", "allowed"),
        (8, "not_wanted", "too_late"),
        (8, "quality", "allowed"),
        (15, "quality", "allowed"),
        (16, "quality", "too_late"),
        (8, "", "too_late"),
    ],
)
def test_the_time_to_return_depends_on_the_reason(policies: Policies, days: int, reason: str, verdict: str) -> None:
    order = an_order("delivered", delivered=timedelta(days=days))
    assert _verdict(may_return(order, order.lines[0], policies, NOW, reason=reason)) == verdict


def test_the_last_day_to_return_is_whole(policies: Policies) -> None:
    order = an_order("delivered", delivered=timedelta(days=7, hours=9))
    late_evening = NOW + timedelta(hours=13)
    assert _verdict(may_return(order, order.lines[0], policies, late_evening)) == "allowed"
    assert _verdict(may_return(order, order.lines[0], policies, late_evening + timedelta(hours=2))) == "too_late"


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("unpaid", "not_paid"),
        ("paid", "not_delivered"),
        ("packing", "not_delivered"),
        ("shipped", "not_delivered"),
        ("completed", "allowed"),
        ("cancelled", "already_cancelled"),
    ],
)
def test_goods_are_returned_after_they_arrived(policies: Policies, state: OrderState, verdict: str) -> None:
    order = an_order(state)
    assert _verdict(may_return(order, order.lines[0], policies, NOW)) == verdict


@pytest.mark.parametrize(
    ("category", "reason", "verdict"),
    [("fresh", "", "excluded_category"), ("custom", "", "excluded_category"), ("fresh", "damaged", "allowed")],
)
def test_some_goods_are_returned_only_when_faulty(policies: Policies, category: str, reason: str, verdict: str) -> None:
    order = an_order("delivered", lines=(a_line(a_product(category=category)),))
    assert _verdict(may_return(order, order.lines[0], policies, NOW, reason=reason)) == verdict


def test_a_refusal_says_until_when_faulty_goods_go_back(policies: Policies) -> None:
    order = an_order("delivered", delivered=timedelta(days=8))
    decision = may_return(order, order.lines[0], policies, NOW)
    assert decision.facts["quality_until"] == "2026-06-22"


@pytest.mark.parametrize(
    ("category", "reason", "payer", "insured", "sealed"),
    [
        ("bedding", "not_wanted", "customer", False, False),
        ("shoes", "not_wanted", "customer", True, False),
        ("beauty", "not_wanted", "customer", False, True),
        ("beauty", "quality", "shop", False, False),
    ],
)
def test_the_terms_of_a_return_follow_the_clauses(
    policies: Policies, category: str, reason: str, payer: str, insured: bool, sealed: bool
) -> None:
    order = an_order("delivered", lines=(a_line(a_product(category=category)),))
    facts = may_return(order, order.lines[0], policies, NOW, reason=reason).facts
    assert (facts["freight_payer"], facts["freight_insured"], facts["must_be_sealed"]) == (payer, insured, sealed)


def test_what_is_returned_already_is_not_returned_again(policies: Policies) -> None:
    order = an_order("delivered", lines=(a_line(quantity=2, returned=2),))
    assert _verdict(may_return(order, order.lines[0], policies, NOW)) == "already_returned"


@pytest.mark.parametrize(("days", "verdict"), [(180, "allowed"), (181, "too_late")])
def test_an_invoice_is_asked_for_in_time(policies: Policies, days: int, verdict: str) -> None:
    order = an_order("completed", delivered=timedelta(days=days + 3), completed=timedelta(days=days))
    assert _verdict(may_request_invoice(order, policies, NOW)) == verdict


@pytest.mark.parametrize(
    ("state", "verdict"), [("unpaid", "not_paid"), ("cancelled", "already_cancelled"), ("paid", "allowed")]
)
def test_an_invoice_is_for_what_was_paid(policies: Policies, state: OrderState, verdict: str) -> None:
    assert _verdict(may_request_invoice(an_order(state), policies, NOW)) == verdict


def test_an_invoice_is_asked_for_once(policies: Policies) -> None:
    invoice = Invoice(
        kind="personal",
        title="林小满",
        amount=Money(11_000),
        state="requested",
        requested_at=NOW,
        email="a@example.com",
    )
    assert _verdict(may_request_invoice(an_order(invoice=invoice), policies, NOW)) == "already_requested"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_working_days_end_on_a_working_day(day: date, count: int) -> None:
    end = add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert end.weekday() < 5
    assert sum(other.weekday() < 5 for other in between) == count


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
def test_an_order_costs_what_its_lines_cost(quantities: list[int]) -> None:
    lines = tuple(a_line(number=n, quantity=quantity) for n, quantity in enumerate(quantities, start=1))
    order = an_order(lines=lines)
    assert order.total.minor == sum(line.unit_price.minor * line.quantity for line in lines)
    assert return_amount(order, lines[0], lines[0].quantity * 10) <= order.paid_amount
