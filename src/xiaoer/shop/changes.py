"""Changed orders: each change goes through the table of states and is kept in the order's history."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from xiaoer.shop.models import HistoryEntry, Order
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
