"""What happens to an order's invoice, told in the trade's words and made true again."""

from collections.abc import Iterator
from typing import assert_never

import msgspec

from xiaoer.shop.changes import invoiced_anew, sent_again
from xiaoer.shop.invoice_rules import open_invoice
from xiaoer.shop.models import Order
from xiaoer.shop.remote.shapes import ChangeInvoice, InvoiceEffect, ReissueInvoice, RequestInvoice, ResendInvoice


def told_of_invoice(before: Order, after: Order) -> Iterator[InvoiceEffect]:
    """Tell what happened to the invoice of an order."""
    new = after.invoice
    if new is None or new == before.invoice:
        return
    if len(after.former_invoices) > len(before.former_invoices):
        yield ReissueInvoice(invoice=new)
    elif open_invoice(before) is None:
        yield RequestInvoice(invoice=new)
    elif new.resent_at is not None and new.state == "issued":
        yield ResendInvoice(email=new.email, at=new.resent_at, times=new.resent_that_day)
    else:
        yield ChangeInvoice(invoice=new)


def with_invoice(order: Order, effect: InvoiceEffect) -> Order:
    """Give an order to whose invoice an effect happened."""
    match effect:
        case RequestInvoice(invoice=invoice) | ChangeInvoice(invoice=invoice):
            return msgspec.structs.replace(order, invoice=invoice)
        case ReissueInvoice(invoice=invoice):
            return invoiced_anew(order, invoice)
        case ResendInvoice(email=email, at=at, times=times):
            return sent_again(order, email, times, at)
        case other:
            assert_never(other)
