"""Changed orders and customers: each change is kept in the history, an order's goes through the table of states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.shop.customers import Address, Customer, StockNotice
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Claim, Exchange, Invoice, Order, OrderLine, Payment, Return
from xiaoer.shop.states import CLAIM_STATES, EXCHANGE_STATES, INVOICE_STATES, ORDER_STATES, RETURN_STATES, StateTable

_Item = TypeVar("_Item", Return, Exchange, Claim)
_State = TypeVar("_State", bound=str)
_Kept = TypeVar("_Kept", Order, Customer)


@dataclass(frozen=True, slots=True)
class Note:
    """Who does something to an order or a customer, when and why; `details` says what in codes and values."""

    by: str
    at: datetime
    reason: str = ""
    details: dict[str, str] = field(default_factory=dict)


def noted(kept: _Kept, action: str, note: Note) -> _Kept:
    """Add an entry to the history of an order or a customer."""
    entry = HistoryEntry(at=note.at, by=note.by, action=action, reason=note.reason, details=note.details)
    return msgspec.structs.replace(kept, history=(*kept.history, entry))


def moved(order: Order, action: str, note: Note) -> Order:
    """Take an order to the state that an action leads to, and note it.

    Raises:
        StateChangeError: the order's state does not allow the action.
    """
    state = ORDER_STATES.after(order.state, action, of=order.id)
    return noted(msgspec.structs.replace(order, state=state), action, note)


def given_back(order: Order, item: Return | Exchange) -> Order:
    """Count the pieces that go back as given back of their line."""
    lines = (
        msgspec.structs.replace(line, returned_quantity=line.returned_quantity + item.quantity)
        if line.id == item.line
        else line
        for line in order.lines
    )
    return msgspec.structs.replace(order, lines=tuple(lines))


def paid_otherwise(order: Order, payment: Payment) -> Order:
    """Put another payment in the place of the one that was made; that one is kept among the former ones."""
    former = (*order.former_payments, order.payment) if order.payment else order.former_payments
    return msgspec.structs.replace(order, payment=payment, former_payments=former)


def invoiced_anew(order: Order, invoice: Invoice) -> Order:
    """Put another invoice in the place of the one that is voided; that one is kept among the former ones.

    Raises:
        StateChangeError: it is too far for that, or not far enough.
    """
    former = order.former_invoices
    if order.invoice is not None:
        voided = INVOICE_STATES.after(order.invoice.state, "void", of=order.id)
        former = (*former, msgspec.structs.replace(order.invoice, state=voided))
    return msgspec.structs.replace(order, invoice=invoice, former_invoices=former)


def sent_again(order: Order, email: str, times: int, at: datetime) -> Order:
    """Note that an order's invoice was sent again, so often on that day by now; it goes to that address from now on."""
    if order.invoice is None:
        return order
    invoice = msgspec.structs.replace(order.invoice, email=email, resent_at=at, resent_that_day=times)
    return msgspec.structs.replace(order, invoice=invoice)


def withdrawn(order: Order, case: str) -> Order:
    """Take back what a number names among the returns, exchanges and claims; pieces on their way back are kept again.

    Raises:
        StateChangeError: it is too far for that.
    """
    going: tuple[Return | Exchange, ...] = (*order.returns, *order.exchanges)
    back = {item.line: item.quantity for item in going if item.id == case}
    return msgspec.structs.replace(
        order,
        returns=tuple(_withdrawn(item, case, RETURN_STATES) for item in order.returns),
        exchanges=tuple(_withdrawn(item, case, EXCHANGE_STATES) for item in order.exchanges),
        claims=tuple(_withdrawn(item, case, CLAIM_STATES) for item in order.claims),
        lines=tuple(
            msgspec.structs.replace(line, returned_quantity=line.returned_quantity - back.get(line.id, 0))
            for line in order.lines
        ),
    )


def _withdrawn(item: _Item, case: str, states: StateTable[_State]) -> _Item:
    if item.id != case:
        return item
    state: Any = item.state  # of the table's kind, as the lists in which items stand
    return msgspec.structs.replace(item, state=states.after(state, "withdraw", of=item.id), changed_at=None)


def with_default_address(customer: Customer, address: Address) -> Customer:
    """Put an address first in a customer's book, whether it was in there or not; the others stay in their order."""
    others = (other for other in customer.addresses if other != address)
    return msgspec.structs.replace(customer, addresses=(address, *others))


def with_stock_notice(customer: Customer, notice: StockNotice) -> Customer:
    """Note that a customer wants to be told of a variant."""
    return msgspec.structs.replace(customer, stock_notices=(*customer.stock_notices, notice))


def without_stock_notice(customer: Customer, sku: SkuId) -> Customer:
    """Forget that a customer wanted to be told of a variant."""
    left = tuple(notice for notice in customer.stock_notices if notice.sku != sku)
    return msgspec.structs.replace(customer, stock_notices=left)


def credited(order: Order, credits: Mapping[str, Money]) -> Order:
    """Keep what was paid back in all for each piece of some lines, by their ids."""
    lines = (msgspec.structs.replace(line, credit=credits.get(line.id, line.credit)) for line in order.lines)
    return msgspec.structs.replace(order, lines=tuple(lines))


def with_variant(line: OrderLine, sku: SkuId, options: dict[str, str], price: Money) -> OrderLine:
    """Make a line another variant of its product at that one's price: nothing was paid back for that yet."""
    return msgspec.structs.replace(line, sku=sku, options=options, unit_price=price, credit=None)
