"""A record put together from its rows: its own, and those of the tables below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from xiaoer.shop.transfer.faults import Bad, Fault, Where, dotted
from xiaoer.shop.transfer.joining import decoder_of, joined
from xiaoer.shop.transfer.kinds import KINDS, Record
from xiaoer.shop.transfer.reading import PARENTS, Given
from xiaoer.shop.transfer.rules import faults_of
from xiaoer.shop.transfer.shapes import Listed, Nested, Shape
from xiaoer.shop.transfer.tables import Table, tables_of
from xiaoer.store import StagedFault, StagedRows


@dataclass(frozen=True, slots=True)
class Assembled:
    """A record and its rows."""

    record: Record
    runs: Sequence[StagedRows]

    def staged(self, fault: Fault) -> StagedFault:
        """Say in which row a fault of the record lies."""
        return _Whole(self.runs).staged(fault)


def assemble(runs: Sequence[StagedRows]) -> Assembled | list[StagedFault]:
    """Put a record together from all its rows, or say why that cannot be done.

    A record with a row that was refused already is refused without another word.
    """
    if any(run.documents is None for run in runs):
        return []
    tables, first = tables_of(runs[0].kind), runs[0]
    if first.part:
        return [_orphan(row, tables[row.run.part]) for run in runs for row in _rows(run)]
    if "," in first.lines or (len(runs) > 1 and runs[1].part == 0):
        return _doubled(runs, tables[0])
    return _quickly(runs, tables[0].shape) or _carefully(runs, tables[0].shape)


def _quickly(runs: Sequence[StagedRows], shape: Shape) -> Assembled | None:
    """Put a record together in the usual case: nothing is wrong with it, and its rows are plain."""
    document = joined(runs)
    if document is None:
        return None
    try:
        record = decoder_of(KINDS[runs[0].kind]).decode(document)
    except msgspec.ValidationError:
        return None
    is_wrong = next(faults_of(record, shape), None) is not None
    return None if is_wrong else Assembled(record, runs)


def _carefully(runs: Sequence[StagedRows], shape: Shape) -> Assembled | list[StagedFault]:
    """Put a record together row by row, so that each fault is found, and where it was read."""
    whole = _Whole(runs)
    if whole.faults:
        return whole.faults
    _add_lists(shape, whole.record)
    try:
        record = msgspec.convert(whole.record, KINDS[runs[0].kind].record)
    except msgspec.ValidationError as error:
        what, advice = f"is not what it should be ({error})", "See the schema that `xiaoer shop schema` prints."
        return [whole.staged(Fault((), what, advice))]
    return [whole.staged(fault) for fault in faults_of(record, shape)] or Assembled(record, runs)


class _Row(NamedTuple):
    """One row of a run."""

    run: StagedRows
    line: int
    given: Given

    def staged(self, fault: Fault) -> StagedFault:
        """Say a fault of the row as it is reported."""
        where, what, advice = fault
        return StagedFault(self.run.file, self.line, self.run.record, dotted(where), what, advice)


def _rows(run: StagedRows) -> Iterator[_Row]:
    documents = msgspec.json.decode(b"[%b]" % (run.documents or b""), type=list[Given])
    for line, document in zip(run.lines.split(","), documents, strict=True):
        yield _Row(run, int(line), document)


def _orphan(row: _Row, table: Table) -> StagedFault:
    name = table.line[0].name
    advice = f"Add it to {name}, or leave this row out: a record is always replaced as a whole."
    return row.staged(Fault((table.keys[0].name,), f"is {row.run.record!r}, which {name} does not have", advice))


def _doubled(runs: Sequence[StagedRows], table: Table) -> list[StagedFault]:
    first, *others = (row for run in runs if run.part == 0 for row in _rows(run))
    fault = Fault((table.shape.key,), f"is there already, on line {first.line}", "Keep one row with this id.")
    return [row.staged(fault) for row in others]


class _Whole:
    """A record put together as JSON has it, and where each part of it was read."""

    def __init__(self, runs: Sequence[StagedRows]) -> None:
        (root,) = _rows(runs[0])
        self.record = root.given
        self.faults: list[StagedFault] = []
        self._places: list[tuple[Where, _Row]] = [((), root)]
        tables = tables_of(runs[0].kind)
        for run in runs[1:]:
            for row in _rows(run):
                self._add(row, tables[run.part])

    def staged(self, fault: Fault) -> StagedFault:
        """Say in which row a fault of the record lies: in the one that its way leads through last."""
        on_the_way = [place for place in self._places if fault.where[: len(place[0])] == place[0]]
        where, row = max(on_the_way, key=lambda place: len(place[0]))
        return row.staged(Fault(fault.where[len(where) :], fault.what, fault.advice))

    def _add(self, row: _Row, table: Table) -> None:
        element = self.record
        where: Where = ()
        for ancestor, column, key in zip(table.line[1:], table.keys[1:], row.run.parent.split(PARENTS), strict=False):
            siblings = _list_at(element, ancestor.steps)
            place = _place_of(key, siblings, ancestor)
            if isinstance(place, Bad):
                self.faults.append(row.staged(Fault((column.name,), *place)))
                return
            element, where = siblings[place], (*where, *ancestor.steps, place)
        elements = _list_at(element, table.steps)
        self._places.append(((*where, *table.steps, len(elements)), row))
        elements.append(row.given)


def _list_at(element: Given, steps: tuple[str, ...]) -> list[Given]:
    for step in steps[:-1]:
        element = element.setdefault(step, {})
    found: list[Given] = element.setdefault(steps[-1], [])
    return found


def _place_of(key: str, siblings: Sequence[Given], table: Table) -> int | Bad:
    """Find the element that a row's key names: by its id, or by its number where it has none."""
    if not key and len(siblings) == 1:
        return 0
    if not key:
        return Bad(f"does not say which of {len(siblings)}", "Fill it in.")
    ids = [str(element.get(table.shape.key)) if table.shape.key else str(n) for n, element in enumerate(siblings, 1)]
    if ids.count(key) == 1:
        return ids.index(key)
    return Bad(f"is {key!r}, and the record has {', '.join(ids) or 'none'}", f"Name one of the rows of {table.name}.")


def _add_lists(shape: Shape, given: Given) -> None:
    """Add the lists that must be there and are not, empty: the rules say what is wrong with them."""
    for part in shape.parts:
        match part:
            case Listed():
                for element in given.setdefault(part.name, []) if part.is_required else given.get(part.name, ()):
                    _add_lists(part.shape, element)
            case Nested() if part.name in given:
                _add_lists(part.shape, given[part.name])
            case _:
                pass
