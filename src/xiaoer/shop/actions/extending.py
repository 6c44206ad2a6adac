"""More time until an order completes by itself."""

from datetime import timedelta

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.models import Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.promises import expected_delivery
from xiaoer.shop.rules import Allowed, Decision, Refused, progress_code

_UNDER_WAY = ("shipped", "delivered")
_FACTS = ("reason", "clause", "clause_title", "order", "state", "days", "confirm_by", "was_by")


def may_extend(order: Order, policies: Policies) -> Decision:
    """Decide whether the time until an order completes by itself may be extended: once, while it runs.

    Facts: days, and of an order that left `confirm_by` (the day on which it completes then) and `was_by`; refused
    because it was extended before, `confirm_by` is the day on which it completes.
    """
    policy = policies.extension
    if order.state not in _UNDER_WAY:
        return Refused(progress_code(order.state), policy.clause)
    came = policies.day(order.delivered_at) if order.delivered_at else expected_delivery(order, policies)
    facts: Facts = {"days": policy.days}
    if came is not None:
        by = came + timedelta(days=policies.receipt.days + order.receipt_extended_days)
        later = by if order.receipt_extended_days else by + timedelta(days=policy.days)
        facts |= {"was_by": by.isoformat(), "confirm_by": later.isoformat()}
    if order.receipt_extended_days:
        return Refused("extended_before", policy.clause, facts)
    return Allowed(policy.clause, facts)


def _check(request: Request) -> ActionResult:
    return judged(request, lambda order: may_extend(order, request.policies))


def _extend(request: Request) -> Change:
    def make(order: Order, _: Allowed, result: ActionResult) -> Change:
        days = request.policies.extension.days
        note = Note(by=request.by, at=request.now, details={"days": str(days)})
        changed = msgspec.structs.replace(order, receipt_extended_days=days)
        return Change(result, noted(changed, "extend_receipt", note))

    return carried_out(request, lambda order: may_extend(order, request.policies), make)


EXTEND_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_extend",
            about="Says whether an order may complete by itself some days later, and when it does then.",
            parameters=("order",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="order.extend",
            about="Lets an order that left complete by itself some days later, once.",
            parameters=("order",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _extend,
    ),
)
