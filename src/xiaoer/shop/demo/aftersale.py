"""What happened to the demo's orders after they were paid: invoices, returns and refunds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from xiaoer.money import Money
from xiaoer.shop.changes import Note, given_back, noted
from xiaoer.shop.demo.timeline import Setting, spread
from xiaoer.shop.models import Claim, ClaimKind, Exchange, Invoice, Order, OrderLine, Refund, Return
from xiaoer.shop.refunding import claim_id, exchange_id, new_refund, return_id
from xiaoer.shop.rules import return_amount
from xiaoer.shop.states import (
    INVOICE_STATES,
    REFUND_STATES,
    RETURN_STATES,
    ClaimState,
    ExchangeState,
    InvoiceState,
    ReturnState,
)

_RETURN_PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "opened": (),
        "sent_back": ("send_back",),
        "received": ("send_back", "receive"),
        "refunded": ("send_back", "receive", "refund"),
        "rejected": ("send_back", "receive", "reject"),
        "withdrawn": ("withdraw",),
    }
)
_GIVEN_BACK: tuple[ReturnState, ...] = ("opened", "sent_back", "received", "refunded")
_KEPT_AFTER: tuple[ExchangeState, ...] = ("rejected", "withdrawn")
_LONGEST_RETURN = timedelta(days=12)
_LONGEST_WAIT_FOR_INVOICE = timedelta(hours=20)


def with_invoice(order: Order, state: InvoiceState, title: str, setting: Setting, *, kind: str = "personal") -> Order:
    """Add an invoice to a paid order."""
    paid_at = order.paid_at or order.placed_at
    wait = min(_LONGEST_WAIT_FOR_INVOICE, (setting.now - paid_at) / 3)
    requested_at = _whole(setting.now - wait if state == "requested" else paid_at + wait)
    invoice = Invoice(
        kind=kind,
        title=title,
        email=f"{order.customer.lower()}@example.com",
        amount=order.paid_amount,
        state="requested",
        requested_at=requested_at,
    )
    if state == "issued":
        issued = INVOICE_STATES.after("requested", "issue", of=order.id)
        invoice = msgspec.structs.replace(invoice, state=issued, issued_at=_whole(requested_at + wait))
    return noted(msgspec.structs.replace(order, invoice=invoice), "request_invoice", Note(by="demo", at=requested_at))


def with_return(order: Order, state: ReturnState, reason: str, setting: Setting) -> Order:
    """Add the return of a delivered order's first line, as far as a state; a refund follows a finished one."""
    delivered_at = order.delivered_at or order.placed_at
    path = _RETURN_PATHS[state]
    moments = spread(delivered_at, min(setting.now, delivered_at + _LONGEST_RETURN), len(path) + 2)
    line = order.lines[0]
    opened = Return(
        id=return_id(order.id, len(order.returns) + 1),
        line=line.id,
        quantity=line.quantity,
        reason=reason,
        state="opened",
        opened_at=moments[0],
        refund_amount=return_amount(order, line, line.quantity),
    )
    order = noted(order, "open_return", Note(by="demo", at=moments[0], reason=reason))
    for action, at in zip(path, moments[1:], strict=False):
        state_now = RETURN_STATES.after(opened.state, action, of=opened.id)
        opened = msgspec.structs.replace(opened, state=state_now, changed_at=at)
        order = noted(order, f"{action}_return", Note(by="shop", at=at))
    order = msgspec.structs.replace(order, returns=(*order.returns, opened), lines=_lines(order, line, opened))
    if state != "refunded":
        return order
    refund = new_refund(order, opened.refund_amount, setting.policies, moments[-2], return_id=opened.id)
    return msgspec.structs.replace(order, refunds=(*order.refunds, refund))


def with_refund_paid(order: Order, setting: Setting) -> Order:
    """Pay an order's last refund: within a day of being asked, and before now."""
    asked_at = order.refunds[-1].asked_at
    paid_at = _whole(asked_at + min(timedelta(hours=20), (setting.now - asked_at) / 2))
    return msgspec.structs.replace(order, refunds=(*order.refunds[:-1], _paid(order.refunds[-1], paid_at)))


def with_exchange(order: Order, state: ExchangeState, reason: str, setting: Setting) -> Order:
    """Add an exchange of a delivered order's first line for the same again, in a state that it came to at once."""
    line, at = order.lines[0], _after_delivery(order, setting)
    opened = Exchange(
        id=exchange_id(order.id, len(order.exchanges) + 1),
        line=line.id,
        quantity=line.quantity,
        reason=reason,
        sku=line.sku,
        options=line.options,
        state=state,
        opened_at=at,
        refund_amount=Money(0, line.unit_price.currency),
        changed_at=None if state == "opened" else at,
    )
    order = noted(order, "open_exchange", Note(by="demo", at=at, reason=reason))
    order = msgspec.structs.replace(order, exchanges=(*order.exchanges, opened))
    return order if state in _KEPT_AFTER else given_back(order, opened)


def with_claim(order: Order, state: ClaimState, kind: ClaimKind, setting: Setting) -> Order:
    """Add a claim about an order's first line, in a state that it came to at once."""
    at = _after_delivery(order, setting)
    opened = Claim(
        id=claim_id(order.id, len(order.claims) + 1),
        kind=kind,
        lines=(order.lines[0].id,),
        wanted="resend",
        state=state,
        opened_at=at,
        answer_by=at + timedelta(hours=setting.policies.claim.answer_hours),
        changed_at=None if state == "opened" else at,
    )
    order = noted(order, "open_claim", Note(by="demo", at=at, reason=kind))
    return msgspec.structs.replace(order, claims=(*order.claims, opened))


def _after_delivery(order: Order, setting: Setting) -> datetime:
    return spread(order.delivered_at or order.placed_at, setting.now, 1)[0]


def _lines(order: Order, line: OrderLine, opened: Return) -> tuple[OrderLine, ...]:
    given_back = opened.quantity if opened.state in _GIVEN_BACK else 0
    changed = msgspec.structs.replace(line, returned_quantity=given_back)
    return tuple(changed if other.id == line.id else other for other in order.lines)


def _paid(refund: Refund, paid_at: datetime) -> Refund:
    return msgspec.structs.replace(
        refund, state=REFUND_STATES.after(refund.state, "pay", of=refund.id), paid_at=paid_at
    )


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
