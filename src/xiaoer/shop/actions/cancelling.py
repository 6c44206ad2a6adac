"""Cancelling an order, or some of its lines while the rest is sent."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from xiaoer.events import Facts
from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, moved, noted
from xiaoer.shop.models import Order, OrderLine, Product, Refund
from xiaoer.shop.payment_rules import refund_way
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import new_refund, without_charges
from xiaoer.shop.rules import Allowed, Decision, Refused, cancelled_amount, may_cancel
from xiaoer.shop.stock import moved_stock
from xiaoer.shop.ways import Way

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "is_part",
    "lines",
    "refund_amount",
    "refund_method",
    "refund_days",
    "refund_by",
    "method",
    "former",
)


def _check(request: Request) -> ActionResult:
    found = _order_and_lines(request)
    if found is None:
        return missing()
    order, lines = found
    _, decision = _decision(order, lines, request)
    result = decided(decision, order)
    return ActionResult(result.outcome, result.facts | _named(lines))


def _cancel(request: Request) -> Change:
    found = _order_and_lines(request)
    if found is None:
        return Change(missing())
    order, lines = found
    way, decision = _decision(order, lines, request)
    result = decided(decision, order, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    gone = lines if decision.facts["is_part"] else order.lines
    reason = request.argument("reason")
    refunds = _with_refund(order, cancelled_amount(order, lines), way, request)
    if decision.facts["is_part"]:
        details = {"lines": ",".join(line.id for line in lines)}
        note = Note(by=request.by, at=request.now, reason=reason, details=details)
        cancelled = noted(_without(order, lines), "cancel_lines", note)
    else:
        details = _undone_by_restoring(order, refunds)
        cancelled = moved(order, "cancel", Note(by=request.by, at=request.now, reason=reason, details=details))
    charges = without_charges(order.charges, {line.id for line in gone})
    cancelled = msgspec.structs.replace(cancelled, refunds=refunds, charges=charges)
    facts = result.facts | _named(lines) | {"state": cancelled.state}
    return Change(ActionResult(result.outcome, facts), cancelled, _restocked(gone, request))


def _decision(order: Order, lines: Sequence[OrderLine], request: Request) -> tuple[Way, Decision]:
    """Decide, and give the way by which the money goes back."""
    own = request.own_way(order)
    decision = may_cancel(order, request.policies, request.now, lines=lines, way=own)
    if isinstance(decision, Refused) or order.payment is None:
        return own, decision
    way = refund_way(order, request.holder, request.argument("refund_to"), request.policies)
    if isinstance(way, Refused):
        return own, way
    return way, may_cancel(order, request.policies, request.now, lines=lines, way=way)


def _order_and_lines(request: Request) -> tuple[Order, tuple[OrderLine, ...]] | None:
    """Give the order and the lines that are named; None if one of them is not there."""
    order = request.order
    if order is None:
        return None
    lines = tuple(order.line(line_id) for line_id in request.listed("lines"))
    known = tuple(line for line in lines if line is not None)
    return (order, known) if len(known) == len(lines) else None


def _named(lines: Sequence[OrderLine]) -> Facts:
    return {"lines": [line.title for line in lines]} if lines else {}


def _without(order: Order, lines: Sequence[OrderLine]) -> Order:
    named = {line.id for line in lines}
    left = (
        msgspec.structs.replace(line, cancelled_quantity=line.cancelled_quantity + line.kept_quantity)
        if line.id in named
        else line
        for line in order.lines
    )
    return msgspec.structs.replace(order, lines=tuple(left))


def _with_refund(order: Order, due: Money, way: Way, request: Request) -> tuple[Refund, ...]:
    if due <= Money(0, due.currency):
        return order.refunds
    return (*order.refunds, new_refund(order, due, request.policies, request.now, way=way))


def _undone_by_restoring(order: Order, refunds: tuple[Refund, ...]) -> dict[str, str]:
    """Name the refund that is made, and the charges that are dropped."""
    dropped = ",".join(charge.id for charge in order.charges if charge.state == "waiting")
    made = "".join(refund.id for refund in refunds[len(order.refunds) :])
    return {name: value for name, value in (("refund", made), ("charges", dropped)) if value}


def _restocked(lines: Sequence[OrderLine], request: Request) -> tuple[Product, ...]:
    back: Counter[SkuId] = Counter()
    for line in lines:
        back[line.sku] += line.kept_quantity
    return moved_stock(request.goods, back)


CANCEL_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_cancel",
            about="Says whether an order, or these lines of it alone, may be cancelled and what is paid back.",
            parameters=("order", "lines", "refund_to"),
            optional=("lines", "refund_to"),
            outcomes=("allowed", "refused"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.cancel",
            about="Cancels an order, or these lines of it alone: goods go back into stock, money to its payer.",
            parameters=("order", "lines", "reason", "refund_to"),
            optional=("lines", "refund_to"),
            outcomes=("done", "refused"),
            facts=_FACTS,
            is_effect=True,
        ),
        _cancel,
        needs_holder=True,
    ),
)
