"""Giving lines of an order back: each is judged by its own rule, what may go back goes together."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import left_out, line_name, number_said, order_and_lines
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, given_back, noted
from xiaoer.shop.models import Order, OrderLine, Return
from xiaoer.shop.payment_rules import refund_way
from xiaoer.shop.policies import Policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import return_id
from xiaoer.shop.rules import Allowed, Decision, Refused, may_return, money_facts, return_amount, way_days
from xiaoer.shop.ways import Way, is_same, named_way

_TERMS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "line",
    "lines",
    "left_out",
    "refund_amount",
    "refund_method",
    "method",
    "former",
    "quantity",
    "deadline",
    "days",
    "freight_payer",
    "freight_insured",
    "freight_from",
    "freight_to",
    "must_be_sealed",
    "quality_until",
    "category",
)


def _check(request: Request) -> ActionResult:
    found = order_and_lines(request, "line")
    return missing() if found is None else _judged(*found, request, allowed="allowed")


def _open(request: Request) -> Change:
    found = order_and_lines(request, "line")
    if found is None:
        return Change(missing())
    order, lines = found
    result = _judged(order, lines, request, allowed="done")
    way = refund_way(order, request.holder, request.argument("refund_to"), request.policies)
    if result.outcome != "done" or isinstance(way, Refused):
        return Change(result)
    changed = order
    for line, decision in _decisions(order, lines, request):
        if isinstance(decision, Allowed):
            changed = _with_return(changed, line, int(decision.facts["quantity"]), request)
    opened = changed.returns[len(order.returns) :]
    facts = _opened_facts(opened, way, request.policies, request.now)
    return Change(ActionResult("done", {**result.facts, **facts}), changed)


def _judged(order: Order, lines: Sequence[OrderLine], request: Request, *, allowed: str) -> ActionResult:
    """Give the terms for all lines together: those of the first that may go back, sums, and what has to stay."""
    decisions = _decisions(order, lines, request)
    going = [(line, decision) for line, decision in decisions if isinstance(decision, Allowed)]
    line, first = (going or decisions)[0]
    result = decided(first, order, allowed=allowed)
    facts = {**result.facts, "line": line.id, "title": line.title}
    way = refund_way(order, request.holder, request.argument("refund_to"), request.policies)
    if going and isinstance(way, Refused):
        return decided(way, order)
    if going and isinstance(way, Way):
        facts |= _together(order, going) | left_out(decisions) | {"refund_method": way.name}
    return ActionResult(result.outcome, facts)


def _together(order: Order, going: Sequence[tuple[OrderLine, Allowed]]) -> Facts:
    terms = [decision.facts for _, decision in going]
    left = order.paid_amount - order.refunded_amount
    lines = [line for line, _ in going]
    price = sum((Money(**each["refund_amount"]) for each in terms), Money(0, left.currency))
    return {
        "line": ",".join(line.id for line in lines),
        "lines": [line_name(line) for line in lines],
        "quantity": sum(int(each["quantity"]) for each in terms),
        "refund_amount": money_facts(price if price <= left else left),
        "deadline": min(each["deadline"] for each in terms),
        "freight_insured": all(each["freight_insured"] for each in terms),
        "must_be_sealed": any(each["must_be_sealed"] for each in terms),
    }


def _decisions(order: Order, lines: Sequence[OrderLine], request: Request) -> list[tuple[OrderLine, Decision]]:
    """Judge each line; a number of pieces is only said of one alone."""
    reason = request.argument("reason")
    quantity = number_said(request.argument("quantity")) if len(lines) == 1 else None
    return [
        (line, may_return(order, line, request.policies, request.now, reason=reason, quantity=quantity))
        for line in lines
    ]


def _with_return(order: Order, line: OrderLine, quantity: int, request: Request) -> Order:
    opened = Return(
        id=return_id(order.id, len(order.returns) + 1),
        line=line.id,
        quantity=quantity,
        reason=request.argument("reason"),
        state="opened",
        opened_at=request.now,
        refund_amount=return_amount(order, line, quantity),
        refund_to=_refund_to(order, request),
        credit=line.credit,
    )
    details = {"return": opened.id, "line": opened.line, "quantity": str(opened.quantity)}
    note = Note(by=request.by, at=request.now, reason=opened.reason, details=details)
    changed = msgspec.structs.replace(given_back(order, opened), returns=(*order.returns, opened))
    return noted(changed, "open_return", note)


def _refund_to(order: Order, request: Request) -> str:
    """Name the payment method that is wanted instead of the one by which the order was paid."""
    way = named_way(order, request.holder, request.argument("refund_to"))
    return way.method_id if way and not is_same(way, request.own_way(order)) else ""


def _opened_facts(opened: Sequence[Return], way: Way, policies: Policies, now: datetime) -> Facts:
    return {
        "return": opened[0].id,
        "returns": [item.id for item in opened],
        "how": "pick_up",
        "pick_up": policies.next_pick_up(now),
        "address": policies.pick_up.address,
        "refund_method": way.name,
        "refund_days": policies.refund_times.review_days + way_days(way, policies.refund_times),
    }


RETURN_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="return.check",
            about="Says whether lines may be returned, until when, for how much, who pays the way, and what must stay.",
            parameters=("order", "line", "reason", "quantity", "refund_to"),
            outcomes=("allowed", "refused", "missing"),
            facts=(*_TERMS, "title"),
            optional=("line", "reason", "quantity", "refund_to"),
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="return.open",
            about="Opens returns of lines, of all pieces that are left or so many of one line, and orders the pick-up.",
            parameters=("order", "line", "reason", "quantity", "refund_to"),
            optional=("quantity", "refund_to"),
            outcomes=("done", "refused", "missing"),
            facts=(*_TERMS, "title", "return", "returns", "how", "pick_up", "address", "refund_days"),
            is_effect=True,
        ),
        _open,
        needs_holder=True,
    ),
)
