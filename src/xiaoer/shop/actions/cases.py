"""Returns, exchanges and claims together: finding the one that is meant, how far it is, and taking it back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.case_progress import progress_facts
from xiaoer.shop.cases import Case, cases_of, find_case
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.goods import folded
from xiaoer.shop.matching import Mention, match_lines, match_orders
from xiaoer.shop.models import Exchange, Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import new_refund
from xiaoer.shop.rules import Allowed, money_facts
from xiaoer.shop.stock import moved_stock
from xiaoer.shop.views import case_choices
from xiaoer.shop.ways import Way, charged_way
from xiaoer.shop.withdrawing import due_back, may_withdraw, without_case

_SHOWN_CHOICES = 5
_OPEN = "open"
"""The scope of the cases that may be taken back."""
_MENTION = ("mention", "mention.order_id", "mention.product", "mention.date", "mention.colour", "mention.request_no")
_NOTED: Mapping[str, str] = MappingProxyType(
    {"return": "withdraw_return", "exchange": "withdraw_exchange", "claim": "withdraw_claim"}
)
_WITHDRAWAL = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "request",
    "request_kind",
    "request_state",
    "kind",
    "lines",
    "quantity",
    "answer_by",
    "refund_amount",
    "refund_method",
    "refund_by",
)


def _find(request: Request) -> ActionResult:
    cases = tuple(case for order in request.orders for case in cases_of(order))
    number = request.argument("mention.request_no")
    if number:
        named = tuple(case for case in cases if folded(case.id) == folded(number))
        return _found("one", named) if named else _found("unmatched", _in_scope(cases, request))
    kind = request.argument("kind")
    cases = tuple(case for case in cases if case.kind == kind) or cases
    meant = _mentioned(cases, request)
    if meant:
        left = _in_scope(meant, request)
        if left == _in_scope(cases, request):  # nothing told them apart
            left = tuple(case for case in left if case.id == request.argument("context")) or left
        return _found("one" if len(left) == 1 else "several", left)
    return _found("unmatched", _in_scope(cases, request))


def _mentioned(cases: tuple[Case, ...], request: Request) -> tuple[Case, ...]:
    """Give the cases of the orders and lines that are spoken of, those of the day named where there are such."""
    orders = tuple({case.order.id: case.order for case in cases}.values())
    mention = Mention.read(request.arguments)
    # How far an order is says nothing here: "did you receive it" is about what went back.
    phrases = request.phrases.model_copy(update={"order_states": {}})
    timezone = request.policies.timezone
    match = match_orders(orders, mention, goods=request.goods, phrases=phrases, timezone=timezone)
    if match.is_told and not match.found:
        return ()
    meant = tuple(case for case in cases if not match.is_told or case.order in match.found)
    on_day = tuple(case for case in meant if request.policies.day(case.item.opened_at).isoformat() == mention.date[:10])
    meant = on_day or meant
    lines = tuple({line.id: line for case in meant for line in case.lines}.values())
    named = {line.id for line in match_lines(lines, mention, request.goods, request.phrases).found}
    return tuple(case for case in meant if any(line.id in named for line in case.lines)) if named else meant


def _in_scope(cases: tuple[Case, ...], request: Request) -> tuple[Case, ...]:
    """Leave what may be taken back (`open`) or is under way; where nothing is, the newest."""
    opened = tuple(case for case in cases if case.is_open) if request.argument("scope") == _OPEN else ()
    return opened or tuple(case for case in cases if case.is_under_way) or cases[:1]


def _found(outcome: str, cases: Sequence[Case]) -> ActionResult:
    choices = case_choices(cases[:_SHOWN_CHOICES])
    return ActionResult(outcome if cases else "none", {"choices": choices, "total": len(cases)})


def _read(request: Request) -> ActionResult:
    number = request.argument("request")
    case = next((found for order in request.orders if (found := find_case(order, number))), None)
    if case is None:
        return missing()
    return ActionResult("ok", progress_facts(case, request.policies, request.now, holder=request.holder))


def _check_withdraw(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return missing()
    case = find_case(order, request.argument("request"))
    return _judged(order, case, request, allowed="allowed")


def _withdraw(request: Request) -> Change:
    order = request.order
    if order is None:
        return Change(missing())
    case = find_case(order, request.argument("request"))
    result = _judged(order, case, request, allowed="done")
    if case is None or result.outcome != "done":
        return Change(result)
    changed, due = without_case(case), due_back(case)
    if due.minor > 0:
        refund = new_refund(changed, due, request.policies, request.now, way=_way_back(case, request))
        changed = msgspec.structs.replace(changed, refunds=(*changed.refunds, refund))
    back = {case.item.sku: case.item.quantity} if isinstance(case.item, Exchange) else {}
    note = Note(by=request.by, at=request.now, details={case.kind: case.id})
    return Change(result, noted(changed, _NOTED[case.kind], note), moved_stock(request.goods, back))


def _judged(order: Order, case: Case | None, request: Request, *, allowed: str) -> ActionResult:
    decision = may_withdraw(case, request.policies)
    result = decided(decision, order, allowed=allowed)
    if case is None or not isinstance(decision, Allowed) or (due := due_back(case)).minor <= 0:
        return result
    way = _way_back(case, request)
    refund = new_refund(order, due, request.policies, request.now, way=way)
    facts: Facts = {
        "refund_amount": money_facts(refund.amount),
        "refund_method": way.name,
        "refund_by": request.policies.day(refund.expected_by).isoformat(),
    }
    return ActionResult(result.outcome, {**result.facts, **facts})


def _way_back(case: Case, request: Request) -> Way:
    """Give the way by which a case was paid for, else that by which its order was."""
    paid = (charge for charge in case.order.charges if charge.of == case.id and charge.state == "paid")
    charge = next(paid, None)
    return request.own_way(case.order) if charge is None else charged_way(case.order, request.holder, charge)


CASE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="aftersale.find",
            about="Finds the return, exchange or claim (`kind`) that is meant; context is the one talked about before.",
            parameters=("scope", "context", "kind", *_MENTION),
            optional=("scope", "context", "kind", *_MENTION),
            outcomes=("one", "several", "unmatched", "none"),
            facts=("choices", "total"),
            scopes=("any", _OPEN),
        ),
        _find,
    ),
    Query(
        ActionSpec(
            name="aftersale.read",
            about="Says how far a return, an exchange or a claim is, since when, and what follows until when.",
            parameters=("request",),
            outcomes=("ok", "missing"),
            facts=(
                "order",
                "request",
                "request_kind",
                "request_state",
                "kind",
                "wanted",
                "lines",
                "quantity",
                "opened_at",
                "changed_at",
                "answer_by",
                "pick_up",
                "refund_amount",
                "refund_method",
                "refund_state",
                "refund_by",
                "paid_at",
                "send_by",
                "review_days",
                "is_late",
            ),
        ),
        _read,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="aftersale.check_withdraw",
            about="Says whether a return, an exchange or a claim may be taken back, and what is paid back for it.",
            parameters=("order", "request"),
            outcomes=("allowed", "refused", "missing"),
            facts=_WITHDRAWAL,
        ),
        _check_withdraw,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="aftersale.withdraw",
            about="Takes a return, an exchange or a claim back; what was set aside and charged for it is put right.",
            parameters=("order", "request"),
            outcomes=("done", "refused", "missing"),
            facts=_WITHDRAWAL,
            is_effect=True,
        ),
        _withdraw,
        needs_holder=True,
    ),
)
