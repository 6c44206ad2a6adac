"""More or fewer pieces of a line that was not packed yet."""

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import line_name, number_said
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.quantities import due_for_quantity, may_change_quantity, with_quantity
from xiaoer.shop.refunding import with_settlement
from xiaoer.shop.rules import Allowed, Decision
from xiaoer.shop.settling import Named, settled_by
from xiaoer.shop.stock import moved_stock
from xiaoer.shop.ways import Way

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "title",
    "quantity",
    "before",
    "most",
    "available",
    "settlement",
    "difference",
    "total",
    "method",
    "refund_days",
    "balance",
    "balance_left",
)


def _check(request: Request) -> ActionResult:
    found = _order_and_line(request)
    if found is None:
        return missing()
    order, line = found
    _, decision = _decision(order, line, request)
    return _named(decided(decision, order), line)


def _change(request: Request) -> Change:
    found = _order_and_line(request)
    if found is None:
        return Change(missing())
    order, line = found
    way, decision = _decision(order, line, request)
    result = _named(decided(decision, order, allowed="done"), line)
    if not isinstance(decision, Allowed):
        return Change(result)
    quantity = int(decision.facts["quantity"])
    more, due = quantity - line.kept_quantity, due_for_quantity(order, line, quantity)
    changed = with_quantity(order, line.id, more)
    if order.payment is not None:
        changed = with_settlement(changed, due, way, request.policies, request.now, of=line.id)
    details = {"line": line.id, "from": str(line.kept_quantity), "to": str(quantity)}
    note = Note(by=request.by, at=request.now, details=details)
    return Change(result, noted(changed, "change_quantity", note), moved_stock(request.goods, {line.sku: -more}))


def _decision(order: Order, line: OrderLine, request: Request) -> tuple[Way, Decision]:
    """Decide, and give the way by which the difference is settled: that by which the order was paid."""
    quantity = _wanted(line, request.argument("quantity"), request.argument("way"))
    decision = may_change_quantity(order, line, quantity, request.goods, request.policies)
    return settled_by(order, request.holder, decision, Named(), request.policies)


def _named(result: ActionResult, line: OrderLine) -> ActionResult:
    return ActionResult(result.outcome, {**result.facts, "title": line_name(line)})


def _wanted(line: OrderLine, said: str, way: str) -> int:
    """Give the pieces that are wanted: so many in all, or so many more or fewer (below zero: fewer)."""
    number = number_said(said) or 0
    match "fewer" if said.startswith("-") else way:
        case "more":
            return line.kept_quantity + number
        case "fewer":
            return line.kept_quantity - number
        case _:
            return number


def _order_and_line(request: Request) -> tuple[Order, OrderLine] | None:
    order = request.order
    line = order.line(request.argument("line")) if order else None
    return None if order is None or line is None else (order, line)


QUANTITY_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_quantity",
            about="Says whether a line that was not packed may hold so many pieces (`way`: more, fewer, else in all).",
            parameters=("order", "line", "quantity", "way"),
            optional=("way",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.change_quantity",
            about="Lets a line that was not packed hold so many pieces: the difference is paid back or asked for.",
            parameters=("order", "line", "quantity", "way"),
            optional=("way",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _change,
        needs_prices=True,
        needs_holder=True,
    ),
)
