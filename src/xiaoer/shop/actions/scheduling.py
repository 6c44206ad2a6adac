"""The day on which an order is delivered, chosen by the customer, changed, or taken back."""

from functools import partial

import msgspec

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.models import Appointment, Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused
from xiaoer.shop.scheduling import NO_DAY, appointment_on, day_meant, may_schedule

_NEAREST = {"too_soon": "earliest", "too_far": "latest", "day_unclear": "earliest"}
"""The day that is offered instead of one that cannot be had."""
_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "earliest",
    "latest",
    "day",
    "part",
    "before",
    "before_part",
    "wanted",
    "why_not",
    "carrier",
    "tracking_no",
)


def _check(request: Request) -> ActionResult:
    return judged(request, partial(_proposal, request))


def _proposal(request: Request, order: Order) -> Decision:
    """Decide about the day that is meant; where it cannot be, about the nearest that can, and say why it cannot."""
    wanted = day_meant(order, request.argument("day"), request.policies, request.now)
    decision = _decision(request, order, wanted)
    if isinstance(decision, Allowed) or decision.reason not in _NEAREST:
        return decision
    instead = _decision(request, order, decision.facts[_NEAREST[decision.reason]])
    facts = {**instead.facts, "wanted": wanted, "why_not": decision.reason}
    if isinstance(instead, Refused):
        return Refused(instead.reason, instead.clause, facts)
    return Allowed(instead.clause, facts)


def _schedule(request: Request) -> Change:
    def make(order: Order, decision: Allowed, result: ActionResult) -> Change:
        day, part = decision.facts["day"], decision.facts["part"]
        appointment = None if day == NO_DAY else appointment_on(day, part)
        details = {"from": _written(order.appointment), "to": _written(appointment)}
        note = Note(by=request.by, at=request.now, details=details)
        changed = msgspec.structs.replace(order, appointment=appointment)
        return Change(result, noted(changed, "schedule_delivery", note))

    return carried_out(request, lambda order: _decision(request, order, request.argument("day")), make)


def _decision(request: Request, order: Order, day: str) -> Decision:
    return may_schedule(order, day, request.argument("part"), request.policies, request.now)


def _written(appointment: Appointment | None) -> str:
    return NO_DAY if appointment is None else f"{appointment.day.isoformat()} {appointment.part}"


SCHEDULE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="delivery.check_schedule",
            about="Says on which days an order may be delivered, and on this one (a number: so many days later).",
            parameters=("order", "day", "part"),
            optional=("day", "part"),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="delivery.schedule",
            about="Has an order delivered on a day (`day`), in a `part` of it; day `none` takes that back.",
            parameters=("order", "day", "part"),
            optional=("part",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _schedule,
    ),
)
