"""The day of a delivery: chosen in the policies' window, changed and taken back until the courier has it."""

from datetime import date, timedelta

import msgspec
import pytest

from xiaoer.shop import Order, Policies
from xiaoer.shop.models import Appointment, Trace
from xiaoer.shop.promises import expected_delivery
from xiaoer.shop.scheduling import may_choose_day
from xiaoer.shop.states import OrderState

from .factories import NOW, an_order
from .shops import Counter

_SATURDAY = "2026-06-20"
_WINDOW = {"earliest": "2026-06-18", "latest": "2026-06-29"}


def _with_trace(order: Order, what: str) -> Order:
    traces = (Trace(at=NOW - timedelta(hours=2), place="杭州西湖站", what=what),)
    return msgspec.structs.replace(order, shipments=(msgspec.structs.replace(order.shipments[0], traces=traces),))


async def test_a_day_is_set_changed_and_taken_back(counter: Counter) -> None:
    await counter.lay(an_order("packing"))
    done = await counter.ask("delivery.schedule", {"day": _SATURDAY, "part": "morning"}, key="1")
    assert (done.outcome, done.facts["day"], done.facts["part"]) == ("done", _SATURDAY, "morning")
    assert (await counter.order()).appointment == Appointment(day=date(2026, 6, 20), part="morning")
    changed = await counter.ask("delivery.schedule", {"day": "2026-06-22"}, key="2")
    assert (changed.outcome, changed.facts["before"], changed.facts["before_part"]) == ("done", _SATURDAY, "morning")
    assert (await counter.order()).appointment == Appointment(day=date(2026, 6, 22))
    back = await counter.ask("delivery.schedule", {"day": "none"}, key="3")
    order = await counter.order()
    assert (back.outcome, order.appointment) == ("done", None)
    assert [entry.details["to"] for entry in order.history] == ["2026-06-20 morning", "2026-06-22 any", "none"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-06-17", "too_soon"),
        ("2026-06-30", "too_far"),
        ("2020-01-01", "too_soon"),
        ("月底", "day_unclear"),
        ("none", "no_appointment"),
    ],
)
async def test_a_day_that_cannot_be_is_not_set(counter: Counter, day: str, reason: str) -> None:
    await counter.lay(an_order("paid"))
    refused = await counter.ask("delivery.schedule", {"day": day})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", reason)
    assert refused.facts.items() >= _WINDOW.items()
    assert (await counter.order()).appointment is None


@pytest.mark.parametrize(
    ("day", "proposed", "why_not"),
    [
        ("2026-06-16", "2026-06-18", "too_soon"),
        ("2026-07-20", "2026-06-29", "too_far"),
        ("月底", "2026-06-18", "day_unclear"),
        ("2", _SATURDAY, None),
        (_SATURDAY, _SATURDAY, None),
    ],
)
async def test_the_nearest_day_is_proposed_instead(
    counter: Counter, day: str, proposed: str, why_not: str | None
) -> None:
    await counter.lay(an_order("paid"))
    checked = await counter.ask("delivery.check_schedule", {"day": day})
    assert (checked.outcome, checked.facts["day"], checked.facts.get("why_not")) == ("allowed", proposed, why_not)


async def test_the_day_that_is_set_already_is_not_set_again(counter: Counter) -> None:
    await counter.lay(msgspec.structs.replace(an_order("paid"), appointment=Appointment(day=date(2026, 6, 20))))
    refused = await counter.ask("delivery.check_schedule", {"day": _SATURDAY})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", "same_day")
    assert (await counter.ask("delivery.check_schedule", {"day": _SATURDAY, "part": "evening"})).outcome == "allowed"


async def test_what_the_courier_has_with_them_keeps_its_day(counter: Counter) -> None:
    await counter.lay(_with_trace(an_order("shipped"), "out_for_delivery"))
    refused = await counter.ask("delivery.schedule", {"day": _SATURDAY})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", "out_for_delivery")
    assert (refused.facts["carrier"], refused.facts["tracking_no"]) == ("zto", "7730000123456")
    assert (await counter.order()).appointment is None


async def test_what_is_on_the_road_may_wait_for_its_day(counter: Counter) -> None:
    await counter.lay(_with_trace(an_order("shipped"), "in_transit"))
    assert (await counter.ask("delivery.schedule", {"day": _SATURDAY})).outcome == "done"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("unpaid", "not_paid"),
        ("delivered", "delivered"),
        ("completed", "completed"),
        ("cancelled", "already_cancelled"),
    ],
)
async def test_what_is_not_on_its_way_has_no_day(counter: Counter, state: OrderState, reason: str) -> None:
    await counter.lay(an_order(state))
    refused = await counter.ask("delivery.schedule", {"day": _SATURDAY})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", reason)
    assert refused.facts["clause"] == "delivery.schedule"


async def test_an_order_tells_of_its_day_until_it_came(counter: Counter) -> None:
    on_saturday = Appointment(day=date(2026, 6, 20), part="evening")
    await counter.lay(msgspec.structs.replace(an_order("packing"), appointment=on_saturday))
    told = (await counter.ask("order.read")).facts["order"]
    assert told["appointment"] == {"day": _SATURDAY, "part": "evening"}
    await counter.lay(msgspec.structs.replace(an_order("delivered"), appointment=on_saturday))
    assert "appointment" not in (await counter.ask("order.read")).facts["order"]


def test_what_waits_for_its_day_is_not_late_before(policies: Policies) -> None:
    order = an_order("shipped", placed=timedelta(days=12))
    assert expected_delivery(order, policies) == date(2026, 6, 7)
    waiting = msgspec.structs.replace(order, appointment=Appointment(day=date(2026, 6, 20)))
    assert expected_delivery(waiting, policies) == date(2026, 6, 20)
    early = msgspec.structs.replace(order, appointment=Appointment(day=date(2026, 6, 1)))
    assert expected_delivery(early, policies) == date(2026, 6, 7)


def test_far_away_a_day_is_chosen_from_when_the_parcel_is_there(policies: Policies) -> None:
    order = an_order("paid")
    far = msgspec.structs.replace(order.address, region="西藏自治区拉萨市城关区")
    decision = may_choose_day(msgspec.structs.replace(order, address=far), policies, NOW)
    assert decision.facts["earliest"] == "2026-06-23"
