"""Decisions of the rules as results of actions."""

from collections.abc import Callable

from xiaoer.events import Facts
from xiaoer.pack import NOT_THERE
from xiaoer.shop.actions.request import Change, Request
from xiaoer.shop.models import Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused


def decided(decision: Decision, order: Order | None = None, *, allowed: str = "allowed") -> ActionResult:
    """Give a decision, about an order if there is one, as a result with its clause and facts."""
    of_order = {} if order is None else {"order": order.id, "state": order.state}
    facts: Facts = {
        **of_order,
        "clause": decision.clause.id,
        "clause_title": decision.clause.title,
        **decision.facts,
    }
    match decision:
        case Allowed():
            return ActionResult(allowed, facts)
        case Refused(reason=reason):
            return ActionResult("refused", {"reason": reason, **facts})


def missing() -> ActionResult:
    """Say that there is no such thing, or none of the customer's own."""
    return ActionResult(NOT_THERE)


def judged(request: Request, decide: Callable[[Order], Decision]) -> ActionResult:
    """Decide about the order that is named."""
    order = request.order
    return missing() if order is None else decided(decide(order), order)


def carried_out(
    request: Request, decide: Callable[[Order], Decision], make: Callable[[Order, Allowed, ActionResult], Change]
) -> Change:
    """Decide about the order that is named, and make the change where it is allowed; `make` is given the result."""
    order = request.order
    if order is None:
        return Change(missing())
    decision = decide(order)
    result = decided(decision, order, allowed="done")
    return make(order, decision, result) if isinstance(decision, Allowed) else Change(result)
