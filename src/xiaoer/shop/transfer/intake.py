"""The first half of an import: every row of every file is read, checked by itself, and staged."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from xiaoer.shop.transfer.csv_reading import CsvReader
from xiaoer.shop.transfer.faults import Bad, Fault, dotted
from xiaoer.shop.transfer.files import TableFile
from xiaoer.shop.transfer.raw import RawRow
from xiaoer.shop.transfer.reading import ReadRow, RowReader
from xiaoer.shop.transfer.standing import Standing, Tell, TransferProgress
from xiaoer.shop.transfer.tables import Table
from xiaoer.shop.transfer.values import Assumed
from xiaoer.store import StagedFault, StagedRows, Staging

_BATCH_ROWS = 5_000


def take_in(staging: Staging, files: Sequence[TableFile], standing: Standing, assumed: Assumed, tell: Tell) -> None:
    """Stage the rows of all files, from where the standing is; it moves on with each batch."""
    size, read = max(1, sum(file.size for file in files)), 0
    for number, file in enumerate(files):
        count, reader = standing.files[number], file.reader(assumed)
        with file.path.open("rb") as stream:
            rows = file.rows(stream)
            for _ in islice(rows, count.rows):
                pass  # staged before the import was stopped
            while (batch := _read(islice(rows, _BATCH_ROWS), number, file.table, reader)).rows:
                count.rows += batch.rows
                staging.commit(standing.encoded(), rows=batch.runs, faults=batch.faults)
                done = sum(one.rows for one in standing.files)
                tell(TransferProgress(file.path.name, done, (read + stream.tell()) / size))
        read += file.size
    staging.index()


class _Batch(NamedTuple):
    """What a number of rows came to."""

    rows: int
    runs: list[StagedRows]
    faults: list[StagedFault]


def _read(rows: Iterable[RawRow], number: int, table: Table, reader: RowReader | CsvReader) -> _Batch:
    runs, faults, count = _Runs(table, number), list[StagedFault](), 0
    for line, given in rows:
        count += 1
        read = _unread(given) if isinstance(given, Bad) else reader.read(given)
        # A row that does not say whose it is belongs to no record.
        if read.record:
            runs.add(line, read)
        for fault in read.faults:
            faults.append(StagedFault(number, line, read.record, dotted(fault.where), fault.what, fault.advice))
    return _Batch(count, runs.finished(), faults)


def _unread(bad: Bad) -> ReadRow:
    return ReadRow("", "", None, [Fault((), *bad)])


class _Runs:
    """Puts rows that follow one another and belong together into one: fewer are written, and found again sooner."""

    def __init__(self, table: Table, file: int) -> None:
        self._table = table
        self._file = file
        self._runs: list[StagedRows] = []
        self._record, self._parent = "", ""
        self._lines: list[str] = []
        self._documents: list[bytes | None] = []

    def add(self, line: int, read: ReadRow) -> None:
        """Add a row."""
        if read.record != self._record or read.parent != self._parent:
            self._end()
            self._record, self._parent = read.record, read.parent
        self._lines.append(str(line))
        self._documents.append(read.document)

    def finished(self) -> list[StagedRows]:
        """Give all runs."""
        self._end()
        return self._runs

    def _end(self) -> None:
        if self._lines:
            good = [document for document in self._documents if document is not None]
            documents = b",".join(good) if len(good) == len(self._lines) else None
            lines, table = ",".join(self._lines), self._table
            run = StagedRows(table.kind, self._record, table.number, self._parent, self._file, lines, documents)
            self._runs.append(run)
            self._lines, self._documents = [], []
