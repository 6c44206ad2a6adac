"""Reading and asking for invoices."""

import re

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.models import Invoice, Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused, may_request_invoice, money_facts
from xiaoer.shop.states import INVOICE_STATES

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def _read(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return ActionResult("missing")
    if order.invoice is not None and order.invoice.state != "withdrawn":
        return ActionResult(order.invoice.state, {"order": order.id, **_invoice_facts(order.invoice)})
    decision = may_request_invoice(order, request.policies, request.now)
    if isinstance(decision, Refused):
        outcome = "too_late" if decision.reason == "too_late" else "not_yet"
        return ActionResult(outcome, {"order": order.id, "clause": decision.clause.id, **decision.facts})
    return ActionResult("none", {"order": order.id})


def _request(request: Request) -> Change:
    order = request.order
    if order is None:
        return Change(missing())
    decision = _decide(order, request)
    result = decided(decision, order, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    invoice = _new_invoice(order, request)
    note = Note(by=request.by, at=request.now, details={"kind": invoice.kind, "title": invoice.title})
    changed = noted(msgspec.structs.replace(order, invoice=invoice), "request_invoice", note)
    return Change(ActionResult("done", {**result.facts, **_invoice_facts(invoice)}), changed)


def _decide(order: Order, request: Request) -> Decision:
    decision = may_request_invoice(order, request.policies, request.now)
    if isinstance(decision, Refused):
        return decision
    special = request.policies.special_invoice
    kind, tax_no = request.argument("kind"), _tax_no(request)
    clause = special.clause if kind in special.kinds else decision.clause
    if kind not in (*request.policies.invoice.kinds, *special.kinds):
        return Refused("kind_unknown", clause)
    if kind in special.tax_no_kinds and not tax_no:
        return Refused("tax_no_missing", clause)
    if tax_no and not re.fullmatch(special.tax_no_pattern, tax_no):
        return Refused("tax_no_invalid", clause)
    if not _EMAIL.fullmatch(request.argument("email")):
        return Refused("email_invalid", clause)
    return decision


def _new_invoice(order: Order, request: Request) -> Invoice:
    return Invoice(
        kind=request.argument("kind"),
        title=request.argument("title"),
        tax_no=_tax_no(request),
        email=request.argument("email"),
        amount=order.paid_amount - order.refunded_amount,
        state=INVOICE_STATES.after(order.invoice.state, "request", of=order.id) if order.invoice else "requested",
        requested_at=request.now,
    )


def _tax_no(request: Request) -> str:
    return "".join(request.argument("tax_no").split()).upper()


def _invoice_facts(invoice: Invoice) -> Facts:
    facts: Facts = {
        "kind": invoice.kind,
        "title": invoice.title,
        "amount": money_facts(invoice.amount),
        "email": invoice.email,
        "requested_at": invoice.requested_at.isoformat(),
    }
    return facts | ({"issued_at": invoice.issued_at.isoformat()} if invoice.issued_at else {})


INVOICE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="invoice.read",
            about="Says whether an order's invoice was asked for or issued.",
            parameters=("order",),
            outcomes=("none", "requested", "issued", "not_yet", "too_late", "missing"),
            facts=(
                "order",
                "kind",
                "title",
                "amount",
                "email",
                "requested_at",
                "issued_at",
                "clause",
                "deadline",
                "days",
            ),
        ),
        _read,
    ),
    Effect(
        ActionSpec(
            name="invoice.request",
            about="Asks for an invoice; some kinds need a tax number.",
            parameters=("order", "kind", "title", "tax_no", "email"),
            outcomes=("done", "refused"),
            facts=(
                "reason",
                "clause",
                "clause_title",
                "order",
                "state",
                "kinds",
                "amount",
                "hours",
                "deadline",
                "days",
                "kind",
                "title",
                "email",
                "requested_at",
            ),
            is_effect=True,
            optional=("tax_no",),
        ),
        _request,
    ),
)
