"""Reading and asking for invoices."""

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.invoice_rules import Particulars, fault_in, open_invoice
from xiaoer.shop.models import Invoice, Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import Allowed, Decision, Refused, may_request_invoice, money_facts
from xiaoer.shop.states import INVOICE_STATES


def _read(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return missing()
    if invoice := open_invoice(order):
        return ActionResult(invoice.state, {"order": order.id, **_invoice_facts(invoice)})
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
    wanted = particulars(request)
    fault = fault_in(wanted, request.policies)
    return Refused(fault, special.clause if wanted.kind in special.kinds else decision.clause) if fault else decision


def _new_invoice(order: Order, request: Request) -> Invoice:
    wanted = particulars(request)
    return Invoice(
        kind=wanted.kind,
        title=wanted.title,
        tax_no=wanted.tax_no,
        email=wanted.email,
        amount=order.paid_amount - order.refunded_amount,
        state=INVOICE_STATES.after(order.invoice.state, "request", of=order.id) if order.invoice else "requested",
        requested_at=request.now,
    )


def particulars(request: Request) -> Particulars:
    """Read what an invoice shall say from an action's arguments."""
    return Particulars(
        kind=request.argument("kind"),
        title=request.argument("title"),
        tax_no="".join(request.argument("tax_no").split()).upper(),
        email=request.argument("email"),
    )


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
            outcomes=("done", "refused", "missing"),
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
