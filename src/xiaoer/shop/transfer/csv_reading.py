"""The rows of a CSV file checked in one go where nothing is wrong with them: nearly all are, and there are millions."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from xiaoer.shop.transfer.faults import Bad, Fault
from xiaoer.shop.transfer.headers import Header
from xiaoer.shop.transfer.reading import PARENTS, Given, ReadRow, RowReader
from xiaoer.shop.transfer.tables import MAJOR_STEP, Column, Table
from xiaoer.shop.transfer.values import Assumed

_encoder = msgspec.json.Encoder()


class _Step(NamedTuple):
    """What is done with a cell."""

    place: int
    groups: tuple[str, ...]
    step: str
    from_cell: Callable[[str], object]
    read: Callable[[object, Assumed], object | Bad]
    blank: object | None


class _Need(NamedTuple):
    """What a struct must have if it is there."""

    groups: tuple[str, ...]
    steps: frozenset[str]
    may_be_away: bool


class CsvReader:
    """Checks the rows of a file with one header."""

    def __init__(self, header: Header, table: Table, assumed: Assumed) -> None:
        self._header = header
        self._assumed = assumed
        self._steps = tuple(_steps(header))
        self._needs = tuple(_needs(table))
        self._amounts = tuple({need.groups for need in self._needs if "minor" in need.steps})
        self._keys = [key.name for key in table.keys]
        self._id = table.shape.key
        self._careful = RowReader(table, assumed)

    def read(self, cells: Sequence[str]) -> ReadRow:
        """Check a row."""
        return self._quickly(cells) or self._carefully(cells)

    def _carefully(self, cells: Sequence[str]) -> ReadRow:
        given = self._header.row(cells)
        return ReadRow("", "", None, [Fault((), *given)]) if isinstance(given, Bad) else self._careful.read(given)

    def _quickly(self, cells: Sequence[str]) -> ReadRow | None:
        """Give the row; None if anything is unusual, and the careful way is to say whether it is wrong."""
        if len(cells) != self._header.width:
            return None
        row: Given = {}
        for place, groups, step, from_cell, read, blank in self._steps:
            text = cells[place]
            if text:
                value = read(from_cell(text), self._assumed)
                if isinstance(value, Bad):
                    return None
            elif blank is None:
                continue
            else:
                value = blank
            target = row
            for group in groups:
                target = target.setdefault(group, {})
            target[step] = value
        return self._finished(row) if self._is_whole(row) else None

    def _is_whole(self, row: Given) -> bool:
        for groups, steps, may_be_away in self._needs:
            struct: Given | None = row
            for group in groups:
                struct = struct.get(group) if struct is not None else None
            if struct is None:
                if not may_be_away:
                    return False
            elif not steps <= struct.keys():
                return False
        return True

    def _finished(self, row: Given) -> ReadRow:
        for groups in self._amounts:
            amount: Given | None = row
            for group in groups:
                amount = amount.get(group) if amount is not None else None
            if amount is not None:
                amount.setdefault("currency", self._assumed.currency)
        keys = [str(row.pop(name, "")) for name in self._keys]
        return ReadRow(keys[0] if keys else row[self._id], PARENTS.join(keys[1:]), _encoder.encode(row), [])


def _steps(header: Header) -> Iterator[_Step]:
    for place, column, step in header.cells:
        groups = tuple(group.name for group in column.groups)
        # An amount in major units is read as one in minor units.
        step_to = "minor" if step == MAJOR_STEP and not column.is_keyed else step
        blank = column.blank if column.is_needed else None
        yield _Step(place, groups, step_to, column.value.from_cell, column.value.read, blank)


def _needs(table: Table) -> Iterator[_Need]:
    """Gather what each struct must have; one in which nothing is required need not be looked at."""
    steps: dict[tuple[str, ...], set[str]] = {}
    away: dict[tuple[str, ...], bool] = {}
    for column in (*table.keys, *table.columns):
        for depth in range(len(column.groups) + 1):
            groups = tuple(group.name for group in column.groups[:depth])
            away[groups] = any(not group.is_required for group in column.groups[:depth])
            step = _required_step(column, depth)
            if step:
                steps.setdefault(groups, set()).add(step)
    for groups, required in steps.items():
        yield _Need(groups, frozenset(required), away[groups])


def _required_step(column: Column, depth: int) -> str:
    """Give what a column makes required in its struct of a depth: the next struct, or the value itself."""
    if depth < len(column.groups):
        return column.groups[depth].name if column.groups[depth].is_required else ""
    return column.step if column.is_required else ""
