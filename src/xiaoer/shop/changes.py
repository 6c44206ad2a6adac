"""Changed orders: each change goes through the table of states and is kept in the order's history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.shop.models import Exchange, HistoryEntry, Order, OrderLine, Payment, Return
from xiaoer.shop.states import ORDER_STATES


@dataclass(frozen=True, slots=True)
class Note:
    """Who does something to an order, when and why; `details` says what in codes and values."""

    by: str
    at: datetime
    reason: str = ""
    details: dict[str, str] = field(default_factory=dict)


def noted(order: Order, action: str, note: Note) -> Order:
    """Add an entry to an order's history."""
    entry = HistoryEntry(at=note.at, by=note.by, action=action, reason=note.reason, details=note.details)
    return msgspec.structs.replace(order, history=(*order.history, entry))


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


def credited(order: Order, credits: Mapping[str, Money]) -> Order:
    """Keep what was paid back in all for each piece of some lines, by their ids."""
    lines = (msgspec.structs.replace(line, credit=credits.get(line.id, line.credit)) for line in order.lines)
    return msgspec.structs.replace(order, lines=tuple(lines))


def with_variant(line: OrderLine, sku: SkuId, options: dict[str, str], price: Money) -> OrderLine:
    """Make a line another variant of its product at that one's price: nothing was paid back for that yet."""
    return msgspec.structs.replace(line, sku=sku, options=options, unit_price=price, credit=None)
