"""A record of the files beside the one that the shop holds: what it is to the shop, and what the shop is to hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from xiaoer.shop.customers import Customer
from xiaoer.shop.documents import encode
from xiaoer.shop.errors import UnreadableDocumentError
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Order
from xiaoer.shop.transfer.carrying import Undone, carried_over
from xiaoer.shop.transfer.faults import Fault
from xiaoer.shop.transfer.kinds import Kind, Record

Outcome: TypeAlias = Literal["new", "changed", "unchanged", "kept"]
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a record is to the shop, and the record that the shop is to hold; `undone` is what it is kept for."""

    outcome: Outcome
    record: Record
    undone: Undone | None = None


def compare(kind: Kind, stored: bytes | None, given: Record, *, overwrites: bool) -> Comparison:
    """Compare a record with the document that the shop holds.

    Documents are compared by what they mean: the order of options or the zone of a moment makes no other record. One
    that was changed in a conversation is kept if the files would undo that, unless the import `overwrites` such things.
    """
    if stored is None:
        return Comparison("new", given)
    if stored == encode(given):
        return Comparison("unchanged", given)
    try:
        held = kind.decode(stored)
    except UnreadableDocumentError:
        return Comparison("changed", given)
    taken = given if overwrites or not isinstance(held, Order | Customer) else carried_over(held, given)
    if isinstance(taken, Undone):
        return Comparison("kept", held, taken)
    return Comparison("unchanged" if taken == held else "changed", taken)


def fault_of(undone: Undone, timezone: ZoneInfo) -> Fault:
    """Say what a record would undo, and what to do about it."""
    named = undone.entries[-_MOST_NAMED:]
    before = len(undone.entries) - len(named)
    done = "; ".join(_said(entry, timezone) for entry in named)
    what = f"would undo what was done since: {done}{f'; and {before} before' if before else ''}"
    advice = (
        "The record was kept as it is. Do the same in your own system and export it again, or take it out of the"
        " files; --overwrite-changes takes it as the files have it."
    )
    return Fault((undone.field,), what, advice)


def _said(entry: HistoryEntry, timezone: ZoneInfo) -> str:
    why = [entry.reason] if entry.reason else []
    told = ", ".join([*why, *(f"{name}: {value}" for name, value in entry.details.items())])
    return f"{entry.action} on {_moment(entry.at, timezone)} by {entry.by}{f' ({told})' if told else ''}"


def _moment(at: datetime, timezone: ZoneInfo) -> str:
    return at.astimezone(timezone).strftime("%Y-%m-%d %H:%M")
