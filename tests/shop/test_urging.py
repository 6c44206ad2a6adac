"""Urging: what is late or nearly so is noted, at most once within some hours."""

from datetime import timedelta

import msgspec
import pytest

from xiaoer.shop import HistoryEntry, Order, Policies
from xiaoer.shop.rules import Allowed, Refused
from xiaoer.shop.states import OrderState
from xiaoer.shop.urge_rules import may_urge

from .factories import NOW, an_order
from .shops import Counter


def paid_hours_ago(hours: float, state: OrderState = "paid") -> Order:
    order = an_order(state)
    assert order.payment
    payment = msgspec.structs.replace(order.payment, paid_at=NOW - timedelta(hours=hours))
    return msgspec.structs.replace(order, payment=payment)


def urged(order: Order, hours_ago: float, action: str = "urge_shipping") -> Order:
    entry = HistoryEntry(at=NOW - timedelta(hours=hours_ago), by="customer:C1", action=action)
    return msgspec.structs.replace(order, history=(entry,))


@pytest.mark.parametrize(
    ("hours", "reason", "is_late"), [(43.9, "in_time", False), (44, None, False), (48, None, False), (49, None, True)]
)
@pytest.mark.parametrize("state", ["paid", "packing"])
def test_sending_may_be_urged_shortly_before_it_was_promised(
    policies: Policies, state: OrderState, hours: float, reason: str | None, *, is_late: bool
) -> None:
    decision = may_urge(paid_hours_ago(hours, state), policies, NOW)
    assert getattr(decision, "reason", None) == reason
    assert (decision.facts["step"], decision.facts["is_late"]) == ("shipping", is_late)


def test_delivery_is_late_after_the_expected_day(policies: Policies) -> None:
    in_time, late = an_order("shipped", placed=timedelta(days=3)), an_order("shipped", placed=timedelta(days=6))
    decision = may_urge(in_time, policies, NOW)
    assert isinstance(decision, Refused)
    assert (decision.reason, decision.facts["due"]) == ("in_time", "2026-06-16T15:59:59+00:00")
    decision = may_urge(late, policies, NOW)
    assert isinstance(decision, Allowed)
    assert (decision.facts["step"], decision.facts["is_late"]) == ("delivery", True)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("unpaid", "not_paid"),
        ("delivered", "delivered"),
        ("completed", "completed"),
        ("cancelled", "already_cancelled"),
        ("closed", "already_closed"),
    ],
)
def test_what_waits_for_nobody_is_not_urged(policies: Policies, state: OrderState, reason: str) -> None:
    decision = may_urge(an_order(state), policies, NOW)
    assert isinstance(decision, Refused)
    assert decision.reason == reason


@pytest.mark.parametrize(("hours_ago", "reason"), [(23.9, "urged_before"), (24, None)])
def test_the_same_step_is_urged_again_only_after_some_hours(
    policies: Policies, hours_ago: float, reason: str | None
) -> None:
    decision = may_urge(urged(paid_hours_ago(60), hours_ago), policies, NOW)
    assert getattr(decision, "reason", None) == reason


def test_delivery_may_be_urged_when_sending_just_was(policies: Policies) -> None:
    order = urged(an_order("shipped", placed=timedelta(days=6)), 1)
    assert isinstance(may_urge(order, policies, NOW), Allowed)


async def test_urging_is_noted_once_and_changes_nothing_else(counter: Counter) -> None:
    order = paid_hours_ago(60)
    await counter.lay(order)
    first = await counter.ask("order.urge", key="1")
    second = await counter.ask("order.urge", key="2")
    after = await counter.order()
    assert (first.outcome, first.facts["is_late"], first.facts["may_cancel"]) == ("done", True, True)
    assert (second.outcome, second.facts["reason"]) == ("refused", "urged_before")
    assert [(entry.action, entry.details["step"]) for entry in after.history] == [("urge_shipping", "shipping")]
    assert msgspec.structs.replace(after, history=()) == order


@pytest.mark.parametrize(("placed", "may_claim"), [(6, False), (9, True)])
async def test_who_urges_a_parcel_long_overdue_may_claim_it(counter: Counter, placed: int, *, may_claim: bool) -> None:
    await counter.lay(an_order("shipped", placed=timedelta(days=placed)))
    result = await counter.ask("order.check_urge")
    assert (result.facts["may_claim"], result.facts["may_cancel"]) == (may_claim, False)
