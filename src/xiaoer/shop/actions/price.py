"""Price protection: what a price fell by after the purchase is paid back, once for each fall."""

from collections.abc import Sequence

import msgspec

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import allowed_lines, left_out, line_name, order_and_lines
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, credited, noted
from xiaoer.shop.models import Order, OrderLine, Refund
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.price_rules import may_protect, price_now
from xiaoer.shop.refunding import new_refund
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "title",
    "lines",
    "left_out",
    "category",
    "deadline",
    "days",
    "paid_price",
    "price_now",
    "difference",
    "quantity",
    "refund_amount",
    "refund_method",
    "refund_by",
)


def _check(request: Request) -> ActionResult:
    found = order_and_lines(request)
    if found is None:
        return missing()
    return _judged(found[0], _decisions(*found, request), request, allowed="allowed")


def _protect(request: Request) -> Change:
    found = order_and_lines(request)
    if found is None:
        return Change(missing())
    order, decisions = found[0], _decisions(*found, request)
    result = _judged(order, decisions, request, allowed="done")
    if result.outcome != "done":
        return Change(result)
    lines = allowed_lines(decisions)
    refund = _refund(order, lines, request)
    credits = {line.id: _credit(line, request) for line in lines}
    prices = {line.id: str((line.unit_price - credits[line.id]).minor) for line in lines}
    note = Note(by=request.by, at=request.now, details={"refund": refund.id, **prices})
    changed = msgspec.structs.replace(credited(order, credits), refunds=(*order.refunds, refund))
    return Change(result, noted(changed, "protect_price", note))


def _decisions(order: Order, lines: Sequence[OrderLine], request: Request) -> list[tuple[OrderLine, Decision]]:
    return [(line, may_protect(order, line, request.goods, request.policies, request.now)) for line in lines]


def _judged(
    order: Order, decisions: Sequence[tuple[OrderLine, Decision]], request: Request, *, allowed: str
) -> ActionResult:
    """Give what is paid back for all lines whose price fell; where there is none, why the first is refused."""
    lines = allowed_lines(decisions)
    line, first = next(((line, each) for line, each in decisions if isinstance(each, Allowed)), decisions[0])
    if lines and _due(order, lines, request).minor <= 0:
        first = Refused("nothing_left", first.clause, first.facts)
    result = decided(first, order, allowed=allowed)
    facts: Facts = {**result.facts, "title": line_name(line)}
    if isinstance(first, Refused):
        return ActionResult(result.outcome, facts)
    refund = _refund(order, lines, request)
    facts |= {
        "lines": [line_name(line) for line in lines],
        "quantity": sum(line.kept_quantity for line in lines),
        "refund_amount": money_facts(refund.amount),
        "refund_method": request.own_way(order).name,
        "refund_by": request.policies.day(refund.expected_by).isoformat(),
    }
    # What stays as dear as it was goes without saying, unless it was named.
    return ActionResult(result.outcome, facts | (left_out(decisions) if request.listed("lines") else {}))


def _refund(order: Order, lines: Sequence[OrderLine], request: Request) -> Refund:
    due, way = _due(order, lines, request), request.own_way(order)
    return new_refund(order, due, request.policies, request.now, way=way)


def _due(order: Order, lines: Sequence[OrderLine], request: Request) -> Money:
    """Give by how much the prices fell for all pieces that are kept: never more than is left of what was paid."""
    left = order.paid_amount - order.refunded_amount
    fallen = ((_credit(line, request) - _credit_so_far(line)) * line.kept_quantity for line in lines)
    due = sum(fallen, Money(0, left.currency))
    return due if due <= left else left


def _credit(line: OrderLine, request: Request) -> Money:
    price = price_now(line, request.goods)
    return _credit_so_far(line) if price is None else line.unit_price - price


def _credit_so_far(line: OrderLine) -> Money:
    return line.credit or Money(0, line.unit_price.currency)


PRICE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_price",
            about="Says whether the prices of an order's lines, or of some, fell since, and what is paid back.",
            parameters=("order", "lines"),
            optional=("lines",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.protect_price",
            about="Pays back what the prices of an order's lines fell by since; a second time only a further fall.",
            parameters=("order", "lines"),
            optional=("lines",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _protect,
        needs_prices=True,
        needs_holder=True,
    ),
)
