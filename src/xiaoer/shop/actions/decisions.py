"""Decisions of the rules as results of actions."""

from xiaoer.events import Facts
from xiaoer.shop.models import Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused


def decided(decision: Decision, order: Order, *, allowed: str = "allowed") -> ActionResult:
    """Give a decision about an order as a result, with its clause and facts."""
    facts: Facts = {
        "order": order.id,
        "state": order.state,
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
    """Refuse because there is no such thing among the customer's own."""
    return ActionResult("refused", {"reason": "missing"})
