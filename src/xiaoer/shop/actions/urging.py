"""Urging an order's next step: noted once, and told by when it was promised."""

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.claim_rules import NOT_RECEIVED, may_claim
from xiaoer.shop.models import Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, may_cancel
from xiaoer.shop.urge_rules import URGED, may_urge

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "step",
    "due",
    "is_late",
    "again_at",
    "may_claim",
    "may_cancel",
)


def _check(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return missing()
    result = decided(may_urge(order, request.policies, request.now), order)
    return ActionResult(result.outcome, {**result.facts, **_otherwise(order, request)})


def _otherwise(order: Order, request: Request) -> dict[str, bool]:
    """Say what else a customer who will not wait may do."""
    claims = (
        may_claim(order, line, request.policies, request.now, kind=NOT_RECEIVED)
        for line in order.lines
        if order.state == "shipped"
    )
    return {
        "may_claim": any(isinstance(decision, Allowed) for decision in claims),
        "may_cancel": isinstance(may_cancel(order, request.policies, request.now), Allowed),
    }


def _urge(request: Request) -> Change:
    order = request.order
    if order is None:
        return Change(missing())
    decision = may_urge(order, request.policies, request.now)
    result = decided(decision, order, allowed="done")
    result = ActionResult(result.outcome, {**result.facts, **_otherwise(order, request)})
    if not isinstance(decision, Allowed):
        return Change(result)
    step = str(decision.facts["step"])
    note = Note(by=request.by, at=request.now, details={"step": step, "due": str(decision.facts["due"])})
    return Change(result, noted(order, URGED[step], note))


URGE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_urge",
            about="Says whether an order's next step may be urged, when it was promised, and what else may be done.",
            parameters=("order",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="order.urge",
            about="Notes in an order's history that its next step, sending or delivery, was urged.",
            parameters=("order",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _urge,
    ),
)
