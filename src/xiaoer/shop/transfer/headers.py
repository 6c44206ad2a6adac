"""The first line of a CSV file, and with it what each cell of the lines below means."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xiaoer.shop.transfer.faults import Bad, Fault, did_you_mean
from xiaoer.shop.transfer.reading import Given, find_column, put
from xiaoer.shop.transfer.tables import Column, Group, Table

_DELIMITERS = (",", ";", "\t")


class Cell(NamedTuple):
    """A cell of a row: its place, and the column and last step to which it leads."""

    place: int
    column: Column
    step: str


class Blank(NamedTuple):
    """What an empty cell means."""

    groups: tuple[Group, ...]
    step: str
    value: object


@dataclass(frozen=True, slots=True)
class Header:
    """What the cells of a row are; `width` is how many there are."""

    width: int
    cells: tuple[Cell, ...]
    blanks: tuple[Blank, ...]

    def row(self, cells: Sequence[str]) -> Given | Bad:
        """Give the row that cells make, as a JSON document would have it."""
        if any(cells[self.width :]):
            what = f"has {len(cells)} cells, the header {self.width}"
            return Bad(what, "Quote cells in which the delimiter stands.")
        row: Given = {}
        for place, column, step in self.cells:
            if place < len(cells) and cells[place]:
                put(row, column.groups, step, column.value.from_cell(cells[place]))
        for blank in self.blanks:
            _fill(row, *blank)
        return row


def _fill(row: Given, groups: tuple[Group, ...], step: str, blank: object) -> None:
    """Put what an empty cell means where there is nothing; not into a struct that is not there."""
    target = row
    for group in groups:
        inner = target.setdefault(group.name, {}) if group.is_required else target.get(group.name)
        if inner is None:
            return
        target = inner
    target.setdefault(step, blank)


def delimiter_of(table: Table, line: str) -> str:
    """Find the delimiter by which a header has the most columns that the table knows."""

    def count(delimiter: str) -> int:
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return -1
        return sum(find_column(table, name)[0] is not None for name in _trimmed(table, names))

    return max(_DELIMITERS, key=count)


def read_header(table: Table, cells: Sequence[str]) -> Header | list[Fault]:
    """Read the header of a table's file, or say what is wrong with it."""
    names = _trimmed(table, cells)
    found = {place: find_column(table, name) for place, name in enumerate(names) if name and not name.startswith("#")}
    faults = list(_faults(table, names, [column for column, _ in found.values() if column]))
    if faults:
        return faults
    read = tuple(Cell(place, column, step) for place, (column, step) in found.items() if column is not None)
    return Header(len(names), read, tuple(_blanks(table, {cell.column.name for cell in read})))


def _trimmed(table: Table, cells: Sequence[str]) -> list[str]:
    """Take away space around names; in the key of a mapping it is part of the key."""
    return [name if (column := find_column(table, name)[0]) and column.is_keyed else name.strip() for name in cells]


def _faults(table: Table, names: Sequence[str], found: Sequence[Column]) -> Iterator[Fault]:
    known = [column.name for column in (*table.keys, *table.columns)]
    present = {column.name for column in found}
    for name, count in Counter(names).items():
        if name and not name.startswith("#") and find_column(table, name)[0] is None:
            advice = f"{did_you_mean(name, known)}Rename it, or put # before its name to leave it out."
            yield Fault((name,), "is not known", advice)
        elif name and count > 1:
            yield Fault((name,), f"stands in the header {count} times", "Keep one of them.")
    for column in (*table.keys, *table.columns):
        if column.is_needed and not present & {column.name, column.instead}:
            yield Fault((column.name,), "is missing from the header", "Add the column.")
        elif column.instead in present and column.name in present and column.step == "minor":
            yield Fault((column.name,), f"stands beside {column.instead}", "Keep one of them.")


def _blanks(table: Table, present: set[str]) -> Iterator[Blank]:
    for column in table.columns:
        if column.blank is not None and column.name in present:
            yield Blank(column.groups, column.step, column.blank)
        elif column.is_keyed and column.groups[-1].is_required:
            yield Blank(column.groups[:-1], column.groups[-1].name, {})
