"""The quick way from a record's rows to the record: their JSON is joined as it is, and read once."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from xiaoer.shop.transfer.kinds import Kind, Record
from xiaoer.shop.transfer.tables import Table, tables_of
from xiaoer.store import StagedRows


@cache
def decoder_of(kind: Kind) -> "msgspec.json.Decoder[Record]":
    """Give what reads the documents of a kind."""
    return msgspec.json.Decoder(kind.record)


class _Place(NamedTuple):
    """Where the rows of a table go: into the list `name` of rows of the table `parent`.

    `is_plain`: a run can tell to which row of the parent's it belongs by its number, or there is only one.
    """

    parent: int
    name: bytes
    is_deep: bool
    is_plain: bool
    has_parts: bool


@cache
def _places(kind: int) -> tuple[_Place, ...]:
    tables = tables_of(kind)
    return tuple(_place(table, has_parts=any(below.parent is table for below in tables)) for table in tables)


def _place(table: Table, *, has_parts: bool) -> _Place:
    line = table.line
    if not line:
        return _Place(0, b"", is_deep=False, is_plain=True, has_parts=has_parts)
    is_plain = len(table.steps) == 1 and (len(line) == 1 or (len(line) == 2 and not line[-1].shape.key))
    return _Place(line[-1].number, f'"{table.steps[-1]}":'.encode(), len(line) > 1, is_plain, has_parts)


def joined(runs: Sequence[StagedRows]) -> bytes | None:
    """Join the rows of a record, its own first, to one document.

    None when they are not plain: when a row lies deeper than two tables down or inside another struct, names its
    parent by an id, or belongs into a list that its parent's row has already.
    """
    places = _places(runs[0].kind)
    documents: list[list[bytes]] = [[] for _ in places]
    homes: list[list[int]] = [[] for _ in places]
    for run in runs:
        place, own = places[run.part], documents[run.part]
        if not place.is_plain:
            return None
        pieces = _pieces(run) if place.has_parts and "," in run.lines else (run.documents or b"{}",)
        own += pieces
        homes[run.part] += [_home(run.parent, documents[place.parent]) if place.is_deep else 0] * len(pieces)
    # From the last table to the first: a row is whole before it is put into its parent's.
    for number in range(len(places) - 1, 0, -1):
        inner, place = documents[number], places[number]
        if inner and not _put_in(documents[place.parent], place.name, inner, homes[number]):
            return None
    return documents[0][0]


def _pieces(run: StagedRows) -> list[bytes]:
    rows = msgspec.json.decode(b"[%b]" % (run.documents or b""), type=list[msgspec.Raw])
    return [bytes(row) for row in rows]


def _home(parent: str, parents: Sequence[bytes]) -> int:
    """Give the place of the row that a run names as its parent, -1 when it cannot be told."""
    return int(parent) - 1 if parent else 0 if len(parents) == 1 else -1


def _put_in(parents: list[bytes], name: bytes, rows: Sequence[bytes], homes: Sequence[int]) -> bool:
    """Put rows into their parents' rows as the list `name`, and say whether that could be done."""
    inside: dict[int, list[bytes]] = {}
    for row, home in zip(rows, homes, strict=True):
        inside.setdefault(home, []).append(row)
    for home, inner in inside.items():
        if not 0 <= home < len(parents) or name in parents[home]:
            return False
        begun = parents[home][:-1]
        parents[home] = b"".join((begun, b"," if len(begun) > 1 else b"", name, b"[", b",".join(inner), b"]}"))
    return True
