"""Changing an invoice, and sending it again."""

from functools import partial

import msgspec

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged, missing
from xiaoer.shop.actions.invoices import particulars
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, invoiced_anew, noted, sent_again
from xiaoer.shop.invoice_rules import (
    RESEND,
    Particulars,
    may_change_invoice,
    may_resend_invoice,
    open_invoice,
    resent_today,
)
from xiaoer.shop.models import Invoice, Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused

_PARTICULARS = ("kind", "title", "tax_no", "email")
_FACTS = ("reason", "clause", "clause_title", "order", "state")
_CHANGE_FACTS = (
    *_FACTS,
    "how",
    "lacks",
    *_PARTICULARS,
    "old_kind",
    "old_title",
    "old_email",
    "amount",
    "hours",
    "working_days",
    "deadline",
    "days",
    "most",
    "a_day",
)
_RESEND_FACTS = (*_FACTS, "kind", "title", "email", "old_email", "ready_by", "is_late", "a_day")


def _check_change(request: Request) -> ActionResult:
    return judged(request, partial(_may_change, request))


def _check_resend(request: Request) -> ActionResult:
    return judged(request, partial(_may_resend, request))


def _change(request: Request) -> Change:
    def decide(order: Order) -> Decision:
        decision = _may_change(request, order)
        lacks_something = isinstance(decision, Allowed) and decision.facts["lacks"]
        return Refused("incomplete", decision.clause, decision.facts) if lacks_something else decision

    def make(order: Order, decision: Allowed, result: ActionResult) -> Change:
        if decision.facts["how"] == RESEND:
            return _resent(request, order, result)
        said = Particulars(**{name: str(decision.facts[name]) for name in _PARTICULARS})
        return _changed(request, order, said, result)

    return carried_out(request, decide, make)


def _changed(request: Request, order: Order, said: Particulars, result: ActionResult) -> Change:
    """Give an order whose invoice says something else: the same while it is not issued, otherwise a new one."""
    was = open_invoice(order)
    if was is None:
        return Change(missing())
    is_issued = was.state == "issued"
    new = Invoice(
        kind=said.kind,
        title=said.title,
        tax_no=said.tax_no,
        email=said.email,
        amount=order.paid_amount - order.refunded_amount if is_issued else was.amount,
        state="requested",
        requested_at=request.now if is_issued else was.requested_at,
    )
    details = {"kind": new.kind, "title": new.title, "old_kind": was.kind, "old_title": was.title}
    note = Note(by=request.by, at=request.now, details=details)
    if is_issued:
        return Change(result, noted(invoiced_anew(order, new), "reissue_invoice", note))
    return Change(result, noted(msgspec.structs.replace(order, invoice=new), "change_invoice", note))


def _resend(request: Request) -> Change:
    def make(order: Order, _: Allowed, result: ActionResult) -> Change:
        return _resent(request, order, result)

    return carried_out(request, partial(_may_resend, request), make)


def _resent(request: Request, order: Order, result: ActionResult) -> Change:
    invoice = open_invoice(order)
    if invoice is None:
        return Change(missing())
    email = request.argument("email") or invoice.email
    times = resent_today(invoice, request.policies, request.now) + 1
    note = Note(by=request.by, at=request.now, details={"email": email, "old_email": invoice.email})
    return Change(result, noted(sent_again(order, email, times, request.now), "resend_invoice", note))


def _may_change(request: Request, order: Order) -> Decision:
    return may_change_invoice(order, particulars(request), request.policies, request.now)


def _may_resend(request: Request, order: Order) -> Decision:
    return may_resend_invoice(order, request.argument("email"), request.policies, request.now)


INVOICE_CHANGE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="invoice.check_change",
            about="Says whether an order's invoice may say something else, and what is lacking for that.",
            parameters=("order", *_PARTICULARS),
            optional=_PARTICULARS,
            outcomes=("allowed", "refused", "missing"),
            facts=_CHANGE_FACTS,
        ),
        _check_change,
    ),
    Effect(
        ActionSpec(
            name="invoice.change",
            about="Changes an invoice that was asked for; one that is issued is voided, and another made out.",
            parameters=("order", *_PARTICULARS),
            optional=_PARTICULARS,
            outcomes=("done", "refused", "missing"),
            facts=_CHANGE_FACTS,
            is_effect=True,
        ),
        _change,
    ),
    Query(
        ActionSpec(
            name="invoice.check_resend",
            about="Says whether an order's invoice may be sent again, or when it is ready.",
            parameters=("order", "email"),
            optional=("email",),
            outcomes=("allowed", "refused", "missing"),
            facts=_RESEND_FACTS,
        ),
        _check_resend,
    ),
    Effect(
        ActionSpec(
            name="invoice.resend",
            about="Sends an issued invoice again, to another address if one is named.",
            parameters=("order", "email"),
            optional=("email",),
            outcomes=("done", "refused", "missing"),
            facts=_RESEND_FACTS,
            is_effect=True,
        ),
        _resend,
    ),
)
