"""An export: all records of a shop as files, from which an import makes the same shop."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import msgspec

from xiaoer.ids import ShopId
from xiaoer.shop.transfer.errors import TransferFilesError
from xiaoer.shop.transfer.kinds import KINDS, Kind, Record
from xiaoer.shop.transfer.standing import Tell, TransferProgress
from xiaoer.shop.transfer.tables import Table, tables_of
from xiaoer.shop.transfer.writing import TableWriter
from xiaoer.store import Database

ExportFormat: TypeAlias = Literal["csv", "jsonl"]
_PAGE = 500


class ExportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: the rows of each table's file."""

    folder: str
    format: ExportFormat
    rows: dict[str, int]


async def export_shop(
    database: Database, shop: ShopId, folder: Path, file_format: ExportFormat, tell: Tell
) -> ExportResult:
    """Write all records of a shop into a folder: as CSV a file a table, as JSON lines a file a kind of record.

    A shop in use may be exported: each record is whole, and as it was when its turn came.

    Raises:
        TransferFilesError: the folder is not empty.
        UnreadableDocumentError: a stored record is not one that this version knows.
    """
    _begin(folder)
    total = max(1, sum([await kind.shelf(database).count(shop) for kind in KINDS]))
    rows, done = dict[str, int](), 0
    for number, kind in enumerate(KINDS):
        with ExitStack() as stack:
            sink = _CsvFiles(folder, number, stack) if file_format == "csv" else _JsonLines(folder, kind, stack)
            async for record in _records(database, shop, kind):
                sink.write(record)
                done += 1
                if done % _PAGE == 0:
                    tell(TransferProgress(kind.name, done, min(1.0, done / total)))
            rows |= sink.finish()
    return ExportResult(folder=str(folder), format=file_format, rows=rows)


def _begin(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise TransferFilesError(f"{folder} is not empty. Give a new folder, so that nothing old lies among the new.")


async def _records(database: Database, shop: ShopId, kind: Kind) -> AsyncIterator[Record]:
    shelf, after = kind.shelf(database), None
    while page := await shelf.list(shop, after=after, limit=_PAGE):
        for document in page:
            record: Record = kind.decode(document)
            yield record
            after = record.id


class _Sink(Protocol):
    def write(self, record: Record) -> None: ...
    def finish(self) -> dict[str, int]: ...


class _JsonLines:
    """One file a kind: a document a line, with all that belongs to it inside."""

    def __init__(self, folder: Path, kind: Kind, stack: ExitStack) -> None:
        self._name = kind.name
        self._stream = stack.enter_context((folder / f"{kind.name}.jsonl").open("wb"))
        self._count = 0

    def write(self, record: Record) -> None:
        document = msgspec.to_builtins(record, builtin_types=(datetime,))
        self._stream.write(msgspec.json.encode(_in_utc(document)) + b"\n")
        self._count += 1

    def finish(self) -> dict[str, int]:
        return {self._name: self._count}


def _in_utc(value: object) -> object:
    """Write moments as the import will: one moment has one form, whatever the zone in which it was stored."""
    if isinstance(value, dict):
        return {key: _in_utc(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in_utc(item) for item in value]
    return value.astimezone(UTC) if isinstance(value, datetime) else value


class _CsvFiles:
    """One file a table."""

    def __init__(self, folder: Path, kind: int, stack: ExitStack) -> None:
        self._tables = tables_of(kind)
        self._writers = [TableWriter(folder, table) for table in self._tables]
        for writer in self._writers:
            stack.callback(writer.close)

    def write(self, record: Record) -> None:
        self._write(self._tables[0], (), record, 1)

    def finish(self) -> dict[str, int]:
        for writer in self._writers:
            writer.finish()
        return {table.name: writer.count for table, writer in zip(self._tables, self._writers, strict=True)}

    def _write(self, table: Table, keys: tuple[str, ...], element: Record, number: int) -> None:
        self._writers[table.number].write(keys, element)
        own = str(getattr(element, table.shape.key)) if table.shape.key else str(number)
        for below in self._tables[table.number + 1 :]:
            if below.parent is table:
                for place, row in enumerate(_elements(below, element), start=1):
                    self._write(below, (*keys, own), row, place)


def _elements(table: Table, element: Record) -> Iterator[Record]:
    for step in table.steps:
        element = None if element is None else getattr(element, step)
    yield from element or ()
