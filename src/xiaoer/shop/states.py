"""The states of orders, returns, refunds, invoices and claims, and the only ways from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Literal, TypeAlias, TypeVar

from xiaoer.shop.errors import StateChangeError

OrderState: TypeAlias = Literal["unpaid", "paid", "packing", "shipped", "delivered", "completed", "cancelled", "closed"]
ReturnState: TypeAlias = Literal["opened", "sent_back", "received", "refunded", "rejected", "withdrawn"]
RefundState: TypeAlias = Literal["processing", "paid", "failed", "withdrawn"]
InvoiceState: TypeAlias = Literal["requested", "issued", "withdrawn", "voided"]
ExchangeState: TypeAlias = Literal["opened", "sent_back", "received", "sent", "rejected", "withdrawn"]
ChargeState: TypeAlias = Literal["waiting", "paid", "dropped"]
ClaimState: TypeAlias = Literal["opened", "accepted", "rejected", "withdrawn"]
CouponState: TypeAlias = Literal["open", "used", "withdrawn"]

_State = TypeVar("_State", bound=str)
_TAKEN_BACK = frozenset({"cancel", "restore", "withdraw", "request", "void", "drop"})
"""What is taken back or asked for anew; the other actions are what happens in the course of things."""


@dataclass(frozen=True, slots=True)
class StateTable(Generic[_State]):
    """All allowed changes of one kind of thing: (state, action) leads to a state."""

    kind: str
    changes: Mapping[tuple[_State, str], _State]

    def after(self, state: _State, action: str, *, of: str) -> _State:
        """Give the state that an action leads to; `of` is the id of the thing, for the message.

        Raises:
            StateChangeError: the table knows no such change.
        """
        try:
            return self.changes[state, action]
        except KeyError:
            known = sorted(name for name_state, name in self.changes if name_state == state) or ["nothing"]
            raise StateChangeError(
                f"The {self.kind} {of} is {state}: {action!r} cannot be done to it, only {', '.join(known)}."
            ) from None

    def leads_on(self, state: _State, later: _State) -> bool:
        """Say whether a state is another one or becomes it as things go on, without anything being taken back."""
        reached, new = {state}, [state]
        while new:
            of = new.pop()
            for (before, action), after in self.changes.items():
                if before == of and action not in _TAKEN_BACK and after not in reached:
                    reached.add(after)
                    new.append(after)
        return later in reached


ORDER_STATES: StateTable[OrderState] = StateTable(
    "order",
    MappingProxyType(
        {
            ("unpaid", "pay"): "paid",
            ("unpaid", "cancel"): "cancelled",
            ("unpaid", "expire"): "closed",
            ("paid", "pack"): "packing",
            ("paid", "cancel"): "cancelled",
            ("packing", "ship"): "shipped",
            ("packing", "cancel"): "cancelled",
            ("shipped", "deliver"): "delivered",
            ("delivered", "complete"): "completed",
            ("delivered", "close"): "closed",
            ("completed", "close"): "closed",
            ("cancelled", "restore"): "paid",
        }
    ),
)
RETURN_STATES: StateTable[ReturnState] = StateTable(
    "return",
    MappingProxyType(
        {
            ("opened", "send_back"): "sent_back",
            ("opened", "withdraw"): "withdrawn",
            ("opened", "reject"): "rejected",
            ("sent_back", "receive"): "received",
            ("received", "refund"): "refunded",
            ("received", "reject"): "rejected",
        }
    ),
)
REFUND_STATES: StateTable[RefundState] = StateTable(
    "refund",
    MappingProxyType(
        {
            ("processing", "pay"): "paid",
            ("processing", "fail"): "failed",
            ("failed", "retry"): "processing",
            ("processing", "withdraw"): "withdrawn",
        }
    ),
)
INVOICE_STATES: StateTable[InvoiceState] = StateTable(
    "invoice",
    MappingProxyType(
        {
            ("requested", "issue"): "issued",
            ("requested", "withdraw"): "withdrawn",
            ("withdrawn", "request"): "requested",
            ("issued", "void"): "voided",
            ("voided", "request"): "requested",
        }
    ),
)
EXCHANGE_STATES: StateTable[ExchangeState] = StateTable(
    "exchange",
    MappingProxyType(
        {
            ("opened", "send_back"): "sent_back",
            ("opened", "withdraw"): "withdrawn",
            ("opened", "reject"): "rejected",
            ("sent_back", "receive"): "received",
            ("received", "send"): "sent",
            ("received", "reject"): "rejected",
        }
    ),
)
CHARGE_STATES: StateTable[ChargeState] = StateTable(
    "charge",
    MappingProxyType({("waiting", "pay"): "paid", ("waiting", "drop"): "dropped"}),
)
CLAIM_STATES: StateTable[ClaimState] = StateTable(
    "claim",
    MappingProxyType(
        {
            ("opened", "accept"): "accepted",
            ("opened", "reject"): "rejected",
            ("opened", "withdraw"): "withdrawn",
        }
    ),
)
