"""Reading how far a refund is."""

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import missing
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.case_progress import progress_facts
from xiaoer.shop.cases import Case
from xiaoer.shop.models import Order, Return
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import money_facts
from xiaoer.shop.views import refund_facts


def _read(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return missing()
    facts: Facts = {"order": order.id}
    waiting = [item for item in order.returns if item.state in ("opened", "sent_back", "received")]
    refunds = [refund for refund in order.refunds if refund.state != "withdrawn"]
    if not waiting and not refunds:
        waiting = [item for item in order.returns if item.state == "rejected"]
    if waiting:
        method = order.payment.method if order.payment else ""
        return ActionResult("in_progress", {**facts, "method": method, **_return_facts(order, waiting[-1], request)})
    if not refunds:
        return ActionResult("none", facts)
    refund = refunds[-1]
    outcome = "paid" if refund.state == "paid" else "in_progress"
    return ActionResult(outcome, {**facts, **refund_facts(refund, request.policies, request.now)})


def _return_facts(order: Order, item: Return, request: Request) -> Facts:
    """Say how far a return is; its money is late once the pieces are there and the day promised for it is over."""
    progress = progress_facts(Case("return", order, item), request.policies, request.now, holder=request.holder)
    return {
        "amount": money_facts(item.refund_amount),
        "asked_at": item.opened_at.isoformat(),
        "return": item.id,
        "return_state": item.state,
        "is_late": item.state == "received" and progress["is_late"],
    }


REFUND_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="refund.read",
            about="Says how far the newest refund of an order is; while goods are on their way back, the return.",
            parameters=("order",),
            outcomes=("in_progress", "paid", "none", "missing"),
            facts=(
                "order",
                "amount",
                "method",
                "state",
                "asked_at",
                "expected_by",
                "paid_at",
                "is_late",
                "return",
                "return_state",
            ),
        ),
        _read,
    ),
)
