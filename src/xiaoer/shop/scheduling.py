"""The day on which a customer wants an order delivered: which days can be chosen, and until when."""

from datetime import date, datetime, timedelta
from typing import get_args

from xiaoer.events import Facts
from xiaoer.shop.models import Appointment, DayPart, Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import arrival
from xiaoer.shop.rules import Allowed, Decision, Refused, progress_code

NO_DAY = "none"
"""Stands for the wish that an appointment is taken back: whatever day it comes."""
_PARTS: tuple[DayPart, ...] = get_args(DayPart)
_LONGEST_DAYS = 3650


def may_choose_day(order: Order, policies: Policies, now: datetime) -> Decision:
    """Decide whether a day of delivery may be chosen at all: not once the courier has the parcel with them.

    Facts: `earliest` and `latest` of the days that can be chosen; of an appointment that was made `before` (its day)
    and `before_part`; refused because the courier has it, `carrier` and `tracking_no`.
    """
    clause = policies.schedule.clause
    if order.state not in policies.schedule.until_states:
        return Refused(progress_code(order.state), clause)
    parcel = order.shipment
    if parcel is not None and parcel.traces and parcel.traces[-1].what == "out_for_delivery":
        return Refused("out_for_delivery", clause, {"carrier": parcel.carrier, "tracking_no": parcel.tracking_no})
    today = policies.day(now)
    earliest = max(arrival(order, policies, now), today + timedelta(days=policies.schedule.from_days))
    latest = max(earliest, today + timedelta(days=policies.schedule.most_days))
    facts: Facts = {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
    if order.appointment is not None:
        facts |= {"before": order.appointment.day.isoformat(), "before_part": order.appointment.part}
    return Allowed(clause, facts)


def may_schedule(order: Order, day: str, part: str, policies: Policies, now: datetime) -> Decision:
    """Decide about a day as `day_meant` gives it; `none` takes an appointment back, empty is not known yet.

    Facts beside those of `may_choose_day`: day, part.
    """
    decision = may_choose_day(order, policies, now)
    if isinstance(decision, Refused) or not day:
        return decision
    facts = decision.facts | {"day": day, "part": part_meant(part)}
    if day == NO_DAY:
        if order.appointment is None:
            return Refused("no_appointment", decision.clause, facts)
        return Allowed(decision.clause, facts)
    appointment = appointment_on(day, part)
    if appointment is None:
        reason = "day_unclear"
    elif appointment == order.appointment:
        reason = "same_day"
    elif day < decision.facts["earliest"]:
        reason = "too_soon"
    else:
        reason = "too_far" if day > decision.facts["latest"] else ""
    return Refused(reason, decision.clause, facts) if reason else Allowed(decision.clause, facts)


def appointment_on(day: str, part: str) -> Appointment | None:
    """Give the appointment on a day in ISO form, none where it is no such day."""
    try:
        return Appointment(day=date.fromisoformat(day), part=part_meant(part))
    except ValueError:
        return None


def day_meant(order: Order, said: str, policies: Policies, now: datetime) -> str:
    """Give the day that is meant in ISO form: a bare number of days counts on from when the order would come."""
    if not said.isdecimal() or int(said) > _LONGEST_DAYS:
        return said
    there = max(arrival(order, policies, now), policies.day(now))
    return (there + timedelta(days=int(said))).isoformat()


def part_meant(part: str) -> DayPart:
    """Give the part of the day of that name; any, where there is none."""
    return next((known for known in _PARTS if known == part), "any")
