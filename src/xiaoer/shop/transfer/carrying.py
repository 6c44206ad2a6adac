"""What was done in conversations, carried over into the records that files bring, or found to be undone by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from xiaoer.shop.customers import Address, Customer, PaymentMethod
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Invoice, Order, OrderLine, Payment
from xiaoer.shop.reach import NOTICES, is_of_conversation, reach_of
from xiaoer.shop.states import (
    CHARGE_STATES,
    CLAIM_STATES,
    EXCHANGE_STATES,
    INVOICE_STATES,
    ORDER_STATES,
    REFUND_STATES,
    RETURN_STATES,
    OrderState,
    StateTable,
)

_Kept = TypeVar("_Kept", Order, Customer)
_CASES: Mapping[str, StateTable[Any]] = MappingProxyType(
    {
        "returns": RETURN_STATES,
        "exchanges": EXCHANGE_STATES,
        "claims": CLAIM_STATES,
        "refunds": REFUND_STATES,
        "charges": CHARGE_STATES,
    }
)
_SETTLED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pay_with": frozenset({"paid", "packing", "shipped", "delivered", "completed", "closed"}),
        "appointment": frozenset({"delivered", "completed", "closed"}),
        "receipt_extended_days": frozenset({"completed", "closed"}),
    }
)
"""By field, the states of an order in which it does not matter any more what the field says."""
_UNDONE = object()
"""Stands for the value that a field cannot have: the one of the files undoes what was done."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What a record of the files would undo, the oldest first, and the first field that shows it."""

    entries: tuple[HistoryEntry, ...]
    field: str


def carried_over(held: _Kept, given: _Kept) -> _Kept | Undone:
    """Give a record as the files have it, with what was done to it in conversations and the files do not know.

    `held` is how the shop has it. Where the files show that such a thing was done, in their own systems too, they may
    say how it went on. Where they show that it was not, it would be undone.
    """
    unknown: list[HistoryEntry] = [
        entry for entry in held.history if is_of_conversation(entry) and entry not in given.history
    ]
    if not unknown:
        return given
    values, undone, field = dict[str, Any](), list[HistoryEntry](), ""
    for entry in unknown:
        reach = reach_of(entry, type(held))
        joined = {
            **{name: _joined(name, held, given, may_lack=False) for name in reach.shown_by},
            **{name: _joined(name, held, given, may_lack=True) for name in reach.followed_by},
        }
        wrong = [name for name, value in joined.items() if value is _UNDONE]
        if wrong:
            undone.append(entry)
            field = field or min(wrong)
        values |= joined
    if undone:
        return Undone(tuple(undone), field)
    history = tuple(sorted((*given.history, *unknown), key=lambda entry: entry.at))
    return msgspec.structs.replace(given, history=history, **values)


def _joined(field: str, held: Any, given: Any, *, may_lack: bool) -> object:  # noqa: ANN401  # two orders, or two customers
    """Give what a field is to say; with `may_lack` the files need not know what the shop holds there."""
    before, after = getattr(held, field), getattr(given, field)
    if before == after:
        return after
    if field == "stock_notices" and may_lack:
        return _notices(held, given)
    if field in _CASES:
        return _cases(before, after, _CASES[field], may_lack=may_lack)
    if field in _SETTLED:
        return before if given.state in _SETTLED[field] else _UNDONE
    if field in _JOINED:
        return _JOINED[field](before, after)
    return before if may_lack and not after else _UNDONE


def _cases(before: Sequence[Any], after: Sequence[Any], states: StateTable[Any], *, may_lack: bool) -> object:
    """Give the cases of the shop and of the files: the same, as far as the files have come with them.

    Where the files lack one and have another, the two may be the same: taken together they would count twice.
    """
    given, held = {case.id: case for case in after}, {case.id for case in before}
    may_lack = may_lack and held.issuperset(given)
    joined = [given.pop(case.id, case if may_lack else None) for case in before]
    is_right = all(_is_further(old, new, states) for old, new in zip(before, joined, strict=True))
    return (*joined, *given.values()) if is_right else _UNDONE


def _is_further(old: Any, new: Any, states: StateTable[Any]) -> bool:  # noqa: ANN401  # cases of one kind
    """Say whether a case is the same, in its state or a later one."""
    if new is None or not states.leads_on(old.state, new.state):
        return False
    moving = {"state", "changed_at", "paid_at", "expected_by"}.intersection(old.__struct_fields__)
    return bool(msgspec.structs.replace(new, **{name: getattr(old, name) for name in moving}) == old)


def _state(before: OrderState, after: OrderState) -> object:
    return after if ORDER_STATES.leads_on(before, after) else _UNDONE


def _payment(before: Payment | None, after: Payment | None) -> object:
    """Give the payment of the files for an order that was not paid."""
    return after if before is None else _UNDONE


def _lines(before: Sequence[OrderLine], after: Sequence[OrderLine]) -> object:
    """Give the same lines; what was paid back for a piece need not stand in the files."""
    credits = {line.id: line.credit for line in before}
    joined = tuple(
        line if line.credit is not None else msgspec.structs.replace(line, credit=credits.get(line.id))
        for line in after
    )
    return joined if joined == tuple(before) else _UNDONE


def _invoice(before: Invoice | None, after: Invoice | None) -> object:
    """Give the invoice of the files if it says the same; when it was last sent again need not stand there."""
    if before is None or after is None or not INVOICE_STATES.leads_on(before.state, after.state):
        return _UNDONE
    says = [(one.kind, one.title, one.tax_no, one.email) for one in (before, after)]
    if says[0] != says[1]:
        return _UNDONE
    if after.resent_at is not None:
        return after
    return msgspec.structs.replace(after, resent_at=before.resent_at, resent_that_day=before.resent_that_day)


def _notices(held: Customer, given: Customer) -> object:
    """Give the notices of the files, but those that were asked for or taken back in a conversation as they are."""
    unknown = (entry for entry in held.history if entry not in given.history)
    own = {entry.details.get("sku") for entry in unknown if entry.action in NOTICES}
    files = (notice for notice in given.stock_notices if notice.sku not in own)
    return (*files, *(notice for notice in held.stock_notices if notice.sku in own))


def _addresses(before: Sequence[Address], after: Sequence[Address]) -> object:
    return after if before[:1] == after[:1] else _UNDONE


def _methods(before: Sequence[PaymentMethod], after: Sequence[PaymentMethod]) -> object:
    balances = {method.id: method.balance for method in after}
    is_right = all(balances.get(method.id) == method.balance for method in before if method.balance is not None)
    return after if is_right else _UNDONE


_JOINED: Mapping[str, Callable[[Any, Any], object]] = MappingProxyType(
    {
        "state": _state,
        "payment": _payment,
        "lines": _lines,
        "invoice": _invoice,
        "addresses": _addresses,
        "payment_methods": _methods,
    }
)
"""By field, what it is to say where the shop and the files differ; other fields must be the same."""
