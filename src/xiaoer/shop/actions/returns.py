"""Finding a line of an order and giving it back."""

from datetime import UTC, datetime, time, timedelta

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.matching import Mention, lines_named, match_lines, names_whole_order
from xiaoer.shop.models import Order, OrderLine, Return
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import return_id
from xiaoer.shop.rules import Allowed, Decision, may_return, refund_days, return_amount
from xiaoer.shop.views import line_choices

_MENTION = ("scope", "several", "context", "mention", "mention.product", "mention.colour", "mention.size")
_TERMS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "line",
    "refund_amount",
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


def _find(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return ActionResult("none", {"choices": [], "total": 0})
    mention = Mention.read(request.arguments)
    if request.argument("several"):
        named = _several(order, mention, request)
        if named is not None:
            return named
    match = match_lines(order.lines, mention, request.goods, request.phrases)
    lines = match.found or order.lines
    talked_about = tuple(line for line in lines if line.id == request.argument("context"))
    if talked_about and not match.is_told:
        lines = talked_about
    facts: Facts = {"choices": line_choices(lines, request.goods), "total": len(lines)}
    if len(order.lines) > 1 and match.is_told and not match.found:
        return ActionResult("unmatched", facts)
    return ActionResult("one" if len(lines) == 1 else "several", facts)


def _several(order: Order, mention: Mention, request: Request) -> ActionResult | None:
    """Find all lines that are meant together; None where one is meant, or it is unclear which."""
    is_whole = request.argument("scope") == "part" and names_whole_order(mention, request.phrases)
    named = () if is_whole else lines_named(order.lines, mention, request.goods, request.phrases)
    if named:
        return ActionResult("these", {"choices": line_choices(named, request.goods), "total": len(named)})
    is_told = match_lines(order.lines, mention, request.goods, request.phrases).is_told
    if is_whole or not is_told:
        return ActionResult("unnamed", {"choices": line_choices(order.lines, request.goods), "total": len(order.lines)})
    return None


def _check(request: Request) -> ActionResult:
    found = _order_and_line(request)
    if found is None:
        return missing()
    order, line = found
    decision = _decision(order, line, request)
    result = decided(decision, order)
    return ActionResult(result.outcome, {**result.facts, "line": line.id, "title": line.title})


def _open(request: Request) -> Change:
    found = _order_and_line(request)
    if found is None:
        return Change(missing())
    order, line = found
    decision = _decision(order, line, request)
    result = decided(decision, order, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    quantity = int(decision.facts["quantity"])
    opened = Return(
        id=return_id(order.id, len(order.returns) + 1),
        line=line.id,
        quantity=quantity,
        reason=request.argument("reason"),
        state="opened",
        opened_at=request.now,
        refund_amount=return_amount(order, line, quantity),
    )
    facts = {**result.facts, "line": line.id, "title": line.title, **_opened_facts(order, opened, request)}
    return Change(ActionResult("done", facts), _with_return(order, opened, request))


def _decision(order: Order, line: OrderLine, request: Request) -> Decision:
    said = request.argument("quantity")
    quantity = int(said) if said.isdecimal() else None
    return may_return(order, line, request.policies, request.now, reason=request.argument("reason"), quantity=quantity)


def _order_and_line(request: Request) -> tuple[Order, OrderLine] | None:
    order = request.order
    line = order.line(request.argument("line")) if order else None
    return (order, line) if order and line else None


def _with_return(order: Order, opened: Return, request: Request) -> Order:
    lines = tuple(
        msgspec.structs.replace(line, returned_quantity=line.returned_quantity + opened.quantity)
        if line.id == opened.line
        else line
        for line in order.lines
    )
    details = {"return": opened.id, "line": opened.line, "quantity": str(opened.quantity)}
    note = Note(by=request.by, at=request.now, reason=opened.reason, details=details)
    changed = msgspec.structs.replace(order, lines=lines, returns=(*order.returns, opened))
    return noted(changed, "open_return", note)


def _opened_facts(order: Order, opened: Return, request: Request) -> Facts:
    policies = request.policies
    pick_up = policies.pick_up
    day = policies.day(request.now) + timedelta(days=pick_up.after_days)
    start, end = (
        datetime.combine(day, time(hour), tzinfo=policies.timezone).astimezone(UTC).isoformat()
        for hour in (pick_up.from_hour, pick_up.to_hour)
    )
    method = order.payment.method if order.payment else ""
    return {
        "return": opened.id,
        "how": "pick_up",
        "pick_up": {"date": day.isoformat(), "from": start, "to": end},
        "address": pick_up.address,
        "refund_method": method,
        "refund_days": policies.refund_times.review_days + refund_days(method, policies.refund_times),
    }


RETURN_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="line.find",
            about="Finds the line of an order that is meant; with `several` all that are, if any is named.",
            parameters=("order", *_MENTION),
            outcomes=("one", "these", "several", "unmatched", "unnamed", "none"),
            facts=("choices", "total"),
            optional=_MENTION,
        ),
        _find,
    ),
    Query(
        ActionSpec(
            name="return.check",
            about="Says whether a line may be returned, until when, for how much and who pays the way.",
            parameters=("order", "line", "reason", "quantity"),
            outcomes=("allowed", "refused"),
            facts=(*_TERMS, "title"),
            optional=("reason", "quantity"),
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="return.open",
            about="Opens the return of so many pieces of a line (all that are left, if not said); orders the pick-up.",
            parameters=("order", "line", "reason", "quantity"),
            optional=("quantity",),
            outcomes=("done", "refused"),
            facts=(*_TERMS, "title", "return", "how", "pick_up", "address", "refund_method", "refund_days"),
            is_effect=True,
        ),
        _open,
    ),
)
