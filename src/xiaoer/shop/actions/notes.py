"""A note for the shop on an order that has not been sent."""

from functools import partial

import msgspec

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.models import Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused, progress_code

_BETWEEN = " / "
_FACTS = ("reason", "clause", "clause_title", "order", "state", "text", "before", "longest", "length")


def may_note(order: Order, policies: Policies, text: str) -> Decision:
    """Decide whether an order may be given a note, beside what is noted already; facts: text (all of it), longest."""
    policy = policies.order_note
    if order.state not in policy.until_states:
        return Refused(progress_code(order.state), policy.clause)
    together = _together(order, text)
    facts = {"text": together, "before": order.note, "longest": policy.longest, "length": len(together)}
    if len(together) > policy.longest:
        return Refused("too_long", policy.clause, facts)
    return Allowed(policy.clause, facts)


def _together(order: Order, text: str) -> str:
    said = " ".join(text.split())
    return order.note if said in order.note else _BETWEEN.join(part for part in (order.note, said) if part)


def _check(request: Request) -> ActionResult:
    return judged(request, partial(_decision, request))


def _note(request: Request) -> Change:
    def make(order: Order, decision: Allowed, result: ActionResult) -> Change:
        text = str(decision.facts["text"])
        if text == order.note:
            return Change(result)
        note = Note(by=request.by, at=request.now, details={"from": order.note, "to": text})
        return Change(result, noted(msgspec.structs.replace(order, note=text), "note", note))

    return carried_out(request, partial(_decision, request), make)


def _decision(request: Request, order: Order) -> Decision:
    return may_note(order, request.policies, request.argument("text"))


NOTE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_note",
            about="Says whether an order may still be given a note, and this one if it is known.",
            parameters=("order", "text"),
            optional=("text",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="order.note",
            about="Adds a note for the shop to an order that has not been sent.",
            parameters=("order", "text"),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _note,
    ),
)
