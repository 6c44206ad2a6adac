"""What is kept of each change of an order or a customer."""

from datetime import datetime

from msgspec import Struct

BY_CUSTOMER = "customer:"
"""How `by` begins where a customer did it in a conversation; the customer's id follows."""


class HistoryEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who changed an order or a customer, when, why and what; `by` is `customer:<id>` or `shop`."""

    at: datetime
    by: str
    action: str
    reason: str = ""
    details: dict[str, str] = {}
