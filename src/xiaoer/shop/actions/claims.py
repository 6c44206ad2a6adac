"""Claims about lines of an order: opened for a person to decide on."""

from collections.abc import Sequence
from datetime import timedelta
from typing import get_args

import msgspec

from xiaoer.events import Facts
from xiaoer.ids import AttachmentId
from xiaoer.money import Money
from xiaoer.pack import NO_PICTURES, ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import allowed_lines, left_out, line_name, order_and_lines
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, credited, noted
from xiaoer.shop.claim_rules import claim_facts, is_paid_at_once, kind_of, may_claim, with_pictures
from xiaoer.shop.models import Claim, ClaimWish, Order, OrderLine, Refund
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import claim_id, new_refund
from xiaoer.shop.rules import Allowed, Decision, Refused, may_return, money_facts
from xiaoer.shop.states import CLAIM_STATES

_TERMS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "line",
    "lines",
    "title",
    "left_out",
    "kind",
    "amount",
    "deadline",
    "late_kind",
    "late_days",
    "late_deadline",
    "repair_only",
    "repair_until",
    "wanted",
    "days",
    "expected",
    "claim_from",
    "may_return",
    "claim",
    "answer_by",
    "answer_hours",
    "is_instant",
    "needs_picture",
    "pictures",
    "refund_amount",
    "refund_method",
    "refund_by",
)


def _check(request: Request) -> ActionResult:
    found = order_and_lines(request)
    if found is None:
        return missing()
    return _judged(found[0], _decisions(*found, request), request, allowed="allowed")


def _open(request: Request) -> Change:
    found = order_and_lines(request)
    if found is None:
        return Change(missing())
    order, decisions = found[0], _decisions(*found, request)
    result = _judged(order, decisions, request, allowed="done")
    if result.outcome != "done":
        return Change(result)
    lines = allowed_lines(decisions)
    claim = _new_claim(order, lines, request)
    facts = {**result.facts, **claim_facts(claim), "note": f"{claim.id} ({claim.kind}, {claim.wanted})"}
    if claim.attachments:
        facts |= {"pictures": len(claim.attachments)}
    changed = msgspec.structs.replace(order, claims=(*order.claims, claim))
    refund = _refund_at_once(order, lines, request)
    if refund is not None:
        changed = _settled(changed, claim, refund, lines)
    details = {"claim": claim.id, "lines": ",".join(claim.lines), "wanted": claim.wanted}
    if claim.attachments:
        details["attachments"] = ",".join(claim.attachments)
    note = Note(by=request.by, at=request.now, reason=claim.kind, details=details)
    return Change(ActionResult("done", facts), noted(changed, "open_claim", note))


def _decisions(order: Order, lines: Sequence[OrderLine], request: Request) -> list[tuple[OrderLine, Decision]]:
    kind, wanted = request.argument("kind"), request.argument("wanted")
    decisions = [may_claim(order, line, request.policies, request.now, kind=kind, wanted=wanted) for line in lines]
    if wanted:  # before that nothing was asked for yet
        pictures = len(_pictures(request))
        decisions = [with_pictures(decision, request.policies, pictures=pictures) for decision in decisions]
    return list(zip(lines, decisions, strict=True))


def _pictures(request: Request) -> tuple[AttachmentId, ...]:
    return tuple(AttachmentId(id) for id in request.listed("pictures") if id != NO_PICTURES)


def _judged(
    order: Order, decisions: Sequence[tuple[OrderLine, Decision]], request: Request, *, allowed: str
) -> ActionResult:
    """Give the terms for all lines about which it may be claimed; where there is none, why the first is refused."""
    going = allowed_lines(decisions)
    line, first = next(((line, each) for line, each in decisions if isinstance(each, Allowed)), decisions[0])
    result = decided(first, order, allowed=allowed)
    facts: Facts = {**result.facts, "title": line_name(line)}
    if isinstance(first, Refused):
        return ActionResult(result.outcome, facts | _otherwise(first, order, decisions, request))
    facts |= {
        "line": ",".join(line.id for line in going),
        "lines": [line_name(line) for line in going],
        "amount": money_facts(_value(going)),
        "is_instant": False,
        **left_out(decisions),
    }
    refund = _refund_at_once(order, going, request)
    if refund is not None:
        facts |= {
            "is_instant": True,
            "refund_amount": money_facts(refund.amount),
            "refund_method": request.own_way(order).name,
            "refund_by": request.policies.day(refund.expected_by).isoformat(),
        }
    return ActionResult(result.outcome, facts)


def _otherwise(
    refused: Refused, order: Order, decisions: Sequence[tuple[OrderLine, Decision]], request: Request
) -> Facts:
    """Say whether what is claimed too late may go back at least."""
    if refused.reason != "too_late":
        return {}
    reason = request.argument("kind")
    returns = (may_return(order, line, request.policies, request.now, reason=reason) for line, _ in decisions)
    return {"may_return": any(isinstance(decision, Allowed) for decision in returns)}


def _value(lines: Sequence[OrderLine]) -> Money:
    return sum((line.net_price * line.kept_quantity for line in lines), Money(0, lines[0].unit_price.currency))


def _refund_at_once(order: Order, lines: Sequence[OrderLine], request: Request) -> Refund | None:
    """Make the refund of a claim that the policies settle without a person, of no more than is left of the payment."""
    value, left = _value(lines), order.paid_amount - order.refunded_amount
    if not is_paid_at_once(value, request.argument("wanted"), request.policies) or left.minor <= 0:
        return None
    due = value if value <= left else left
    return new_refund(order, due, request.policies, request.now, way=request.own_way(order))


def _new_claim(order: Order, lines: Sequence[OrderLine], request: Request) -> Claim:
    wanted: ClaimWish = request.argument("wanted")  # type: ignore[assignment]  # the rules let no other pass
    return Claim(
        id=claim_id(order.id, len(order.claims) + 1),
        kind=kind_of(order, request.argument("kind")),  # type: ignore[arg-type]  # nor here
        lines=tuple(line.id for line in lines),
        wanted=wanted,
        state="opened",
        opened_at=request.now,
        answer_by=request.now + timedelta(hours=request.policies.claim.answer_hours),
        note=request.argument("words"),
        attachments=_pictures(request),
    )


def _settled(order: Order, claim: Claim, refund: Refund, lines: Sequence[OrderLine]) -> Order:
    """Accept a claim and pay it: what the customer keeps of the lines has cost nothing from now on."""
    state = CLAIM_STATES.after(claim.state, "accept", of=claim.id)
    accepted = msgspec.structs.replace(claim, state=state, refund_id=refund.id)
    free = credited(order, {line.id: line.unit_price for line in lines})
    return msgspec.structs.replace(free, claims=(*order.claims[:-1], accepted), refunds=(*order.refunds, refund))


CLAIM_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="claim.check",
            about="Says whether something may be claimed about an order, or lines of it, until when, and what follows.",
            parameters=("order", "lines", "kind", "wanted", "pictures"),
            optional=("lines", "kind", "wanted", "pictures"),
            outcomes=("allowed", "refused", "missing"),
            facts=_TERMS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="claim.open",
            about=f"Opens a claim that a person decides on; wanted is one of {', '.join(get_args(ClaimWish))}.",
            parameters=("order", "lines", "kind", "wanted", "words", "pictures"),
            optional=("lines", "words", "pictures"),
            outcomes=("done", "refused", "missing"),
            facts=(*_TERMS, "note"),
            is_effect=True,
        ),
        _open,
        needs_holder=True,
    ),
)
