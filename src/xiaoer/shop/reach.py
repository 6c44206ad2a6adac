"""What of an order or a customer is otherwise after what was done in a conversation, by the entry in the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xiaoer.shop.customers import Customer
from xiaoer.shop.history import BY_CUSTOMER, HistoryEntry
from xiaoer.shop.models import Order

MOVE_BALANCE = "move_balance"
"""Notes that what is on a payment method moved with an order."""
NOTICES = frozenset({"ask_stock_notice", "withdraw_stock_notice"})


@dataclass(frozen=True, slots=True)
class Reach:
    """The fields that an action changes: those that show whether it was done, and those that only follow from it."""

    shown_by: frozenset[str] = frozenset()
    followed_by: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """All of them."""
        return self.shown_by | self.followed_by


def is_of_conversation(entry: HistoryEntry) -> bool:
    """Say whether something was done in a conversation, and not by the shop's own systems.

    A notice that is taken back once the customer was told is noted as the shop's, and yet of the conversation.
    """
    return entry.by.startswith(BY_CUSTOMER) or entry.action in NOTICES


def reach_of(entry: HistoryEntry, kept: type[Order | Customer]) -> Reach:
    """Give what was changed of an order or a customer; an action that is not known may have changed anything."""
    known, anything = _REACH.get(entry.action), _ANYTHING[kept]
    return known if known is not None and known.fields <= anything.fields else anything


def _reach(shown_by: str = "", followed_by: str = "") -> Reach:
    return Reach(frozenset(shown_by.split()), frozenset(followed_by.split()))


_ANYTHING: Mapping[type[Order | Customer], Reach] = MappingProxyType(
    {kept: Reach(frozenset(kept.__struct_fields__) - {"id", "history"}) for kept in (Order, Customer)}
)
_REACH: Mapping[str, Reach] = MappingProxyType(
    {
        "ask_stock_notice": _reach(followed_by="stock_notices"),
        "cancel": _reach("state", "refunds charges"),
        "cancel_lines": _reach("lines", "refunds charges"),
        "change_address": _reach("address"),
        "change_default_address": _reach("addresses"),
        "change_invoice": _reach("invoice"),
        "change_options": _reach("lines", "refunds charges"),
        "change_payment": _reach("payment pay_with", "former_payments refunds"),
        "change_quantity": _reach("lines", "refunds charges"),
        "extend_receipt": _reach("receipt_extended_days"),
        MOVE_BALANCE: _reach("payment_methods"),
        "note": _reach("note"),
        "open_claim": _reach("claims", "refunds lines"),
        "open_exchange": _reach("exchanges lines", "charges"),
        "open_return": _reach("returns lines"),
        "protect_price": _reach("refunds", "lines"),
        "reissue_invoice": _reach("invoice", "former_invoices"),
        "request_invoice": _reach("invoice"),
        "resend_invoice": _reach("invoice"),
        "restore": _reach("state", "refunds charges"),
        "schedule_delivery": _reach("appointment"),
        "urge_delivery": _reach(),
        "urge_shipping": _reach(),
        "withdraw_claim": _reach("claims", "refunds"),
        "withdraw_exchange": _reach("exchanges lines", "refunds charges"),
        "withdraw_return": _reach("returns lines", "refunds charges"),
        "withdraw_stock_notice": _reach(followed_by="stock_notices"),
    }
)
