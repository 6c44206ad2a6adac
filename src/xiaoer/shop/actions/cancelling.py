"""Cancelling an order, or some of its lines or of the pieces of one, while the rest is sent."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from xiaoer.events import Facts
from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import number_said
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, moved, noted
from xiaoer.shop.models import Order, OrderLine, Product, Refund
from xiaoer.shop.payment_rules import refund_way
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import with_settlement, without_charges
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
    return ActionResult(result.outcome, result.facts | _named(lines, order))


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
    settled = _settled(order, gone, cancelled_amount(order, lines), way, request)
    if decision.facts["is_part"]:
        details = {"lines": ",".join(line.id for line in lines)}
        note = Note(by=request.by, at=request.now, reason=reason, details=details)
        cancelled = noted(_without(settled, lines), "cancel_lines", note)
    else:
        details = _undone_by_restoring(order, settled.refunds)
        cancelled = moved(settled, "cancel", Note(by=request.by, at=request.now, reason=reason, details=details))
    facts = result.facts | _named(lines, order) | {"state": cancelled.state}
    return Change(ActionResult(result.outcome, facts), cancelled, _restocked(gone, request))


def _decision(order: Order, lines: Sequence[OrderLine], request: Request) -> tuple[Way, Decision]:
    """Decide, and give the way by which the money goes back."""
    own = request.own_way(order)
    if _are_all_kept(lines, order, request):
        return own, Refused("all_kept", request.policies.cancel.clause)
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
    return (order, _pieces_of(known, order, request)) if len(known) == len(lines) else None


def _pieces_of(lines: tuple[OrderLine, ...], order: Order, request: Request) -> tuple[OrderLine, ...]:
    """Give the pieces alone that are meant of the one line that is, as many as are said or all but those to be kept."""
    line = _the_one(lines, order)
    if line is None:
        return lines
    quantity, keep = _pieces_said(request)
    pieces = quantity or (line.kept_quantity - keep if keep else 0)
    return (line.of_pieces(pieces),) if 0 < pieces < line.kept_quantity else lines


def _are_all_kept(lines: Sequence[OrderLine], order: Order, request: Request) -> bool:
    """Say whether as many pieces of the one line that is meant are to be kept as there are: nothing is cancelled."""
    meant = _the_one(lines, order)
    line = order.line(meant.id) if meant else None
    quantity, keep = _pieces_said(request)
    return line is not None and not quantity and keep is not None and keep >= line.kept_quantity > 0


def _the_one(lines: Sequence[OrderLine], order: Order) -> OrderLine | None:
    """Give the line that is meant if it is the only one, be it because there is no other left in the order."""
    able = lines or tuple(line for line in order.lines if line.kept_quantity)
    return able[0] if len(able) == 1 else None


def _pieces_said(request: Request) -> tuple[int | None, int | None]:
    quantity, keep = (number_said(request.argument(name)) for name in ("quantity", "keep"))
    return quantity, keep


def _named(lines: Sequence[OrderLine], order: Order) -> Facts:
    return {"lines": [_name(line, order) for line in lines]} if lines else {}


def _name(line: OrderLine, order: Order) -> str:
    whole = order.line(line.id)
    is_whole = whole is None or whole.kept_quantity == line.kept_quantity
    return line.title if is_whole else f"{line.title} ×{line.kept_quantity}"


def _without(order: Order, gone: Sequence[OrderLine]) -> Order:
    pieces = {line.id: line.kept_quantity for line in gone}
    left = (
        msgspec.structs.replace(line, cancelled_quantity=line.cancelled_quantity + pieces.get(line.id, 0))
        for line in order.lines
    )
    return msgspec.structs.replace(order, lines=tuple(left))


def _settled(order: Order, gone: Sequence[OrderLine], due: Money, way: Way, request: Request) -> Order:
    """Drop what still waits to be paid for what is cancelled, and pay back what is due (below zero: ask for it)."""
    charges = without_charges(order.charges, {line.id for line in gone})
    order = msgspec.structs.replace(order, charges=charges)
    return with_settlement(order, Money(0, due.currency) - due, way, request.policies, request.now, of=gone[0].id)


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
            about="Says whether an order, or these lines of it (of one so many pieces, or all but some to `keep`), "
            "may be cancelled and what is paid back.",
            parameters=("order", "lines", "quantity", "keep", "refund_to"),
            optional=("lines", "quantity", "keep", "refund_to"),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.cancel",
            about="Cancels an order, or these lines or pieces of it alone: goods go into stock, money to its payer.",
            parameters=("order", "lines", "reason", "quantity", "keep", "refund_to"),
            optional=("lines", "quantity", "keep", "refund_to"),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _cancel,
        needs_holder=True,
    ),
)
