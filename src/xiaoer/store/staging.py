"""The staging of an import: what was read from files, in a SQLite file of its own until records are made of it.

Rows are only appended while files are read; the index by record comes afterwards, in one go.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from xiaoer.store.errors import DatabaseAwayError, StoreBusyError, StoreError

_TABLES = (
    "CREATE TABLE IF NOT EXISTS import (key TEXT NOT NULL, state BLOB)",
    "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, record TEXT NOT NULL,"
    " part INTEGER NOT NULL, parent TEXT NOT NULL, file INTEGER NOT NULL, lines TEXT NOT NULL, documents BLOB)",
    "CREATE TABLE IF NOT EXISTS faults (file INTEGER NOT NULL, line INTEGER NOT NULL, record TEXT NOT NULL,"
    " field TEXT NOT NULL, fault TEXT NOT NULL, advice TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS accepted (kind INTEGER, record TEXT, PRIMARY KEY (kind, record)) WITHOUT ROWID",
)
_ROWS = "INSERT INTO rows (kind, record, part, parent, file, lines, documents) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FAULT = "INSERT INTO faults VALUES (?, ?, ?, ?, ?, ?)"
_ACCEPTED = "INSERT OR IGNORE INTO accepted VALUES (?, ?)"
_INDEX = "CREATE INDEX IF NOT EXISTS rows_by_record ON rows (kind, record, part)"
_GROUPS = (
    "SELECT kind, record, part, parent, file, lines, documents FROM rows"
    " WHERE kind = ? AND record > ? ORDER BY kind, record, part, id"
)
# In WAL mode the lock is taken with the first transaction, and then kept.
_SET_UP = (
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = FILE",
    "BEGIN IMMEDIATE",
    "COMMIT",
)


class StagedRows(NamedTuple):
    """Rows that follow one another in a file and belong to the same element of the same record.

    `kind` and `part` are numbers that the importer gives: of which table they are; `parent` names the element.
    `lines` are where each begins, and `documents` the rows themselves, in JSON; both have commas between. `documents`
    is None when one of them cannot be used.
    """

    kind: int
    record: str
    part: int
    parent: str
    file: int
    lines: str
    documents: bytes | None


class StagedFault(NamedTuple):
    """What is wrong with a row, and what to do about it."""

    file: int
    line: int
    record: str
    field: str
    fault: str
    advice: str


class Staging:
    """What one import has read and found so far; whatever is committed together is kept together.

    `state` is the importer's own note of how far it is: it is stored with each commit, so that an import that was
    killed goes on from there. One process at a time can hold a staging.

    Raises:
        StoreBusyError: another import holds it.
        DatabaseAwayError: the file cannot be written; raised by every method that writes.
    """

    def __init__(self, path: Path, key: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._connection = _opened(path)
        if self._read_key() != key:
            self._begin_anew(key)

    @property
    def state(self) -> bytes | None:
        """The importer's note of the last commit, None at the beginning."""
        (state,) = self._connection.execute("SELECT state FROM import").fetchone()
        return bytes(state) if state is not None else None

    def commit(
        self,
        state: bytes,
        *,
        rows: Sequence[StagedRows] = (),
        faults: Sequence[StagedFault] = (),
        accepted: Iterable[tuple[int, str]] = (),
    ) -> None:
        """Keep rows, faults and accepted records together with the state that they lead to."""
        with self._transaction(state) as connection:
            connection.executemany(_ROWS, rows)
            connection.executemany(_FAULT, faults)
            connection.executemany(_ACCEPTED, accepted)

    def index(self) -> None:
        """Make the rows ready to be taken record by record."""
        with _reaching(self._path):
            self._connection.execute(_INDEX)

    def groups(self, kind: int, *, after: str, most: int) -> list[list[StagedRows]]:
        """Give the rows of at most `most` records of a kind, a list for each record, by id; `after` is the last one."""
        rows = map(StagedRows._make, self._connection.execute(_GROUPS, (kind, after)))
        groups = groupby(rows, key=itemgetter(1))
        return [list(rows_of_one) for _, (_, rows_of_one) in zip(range(most), groups, strict=False)]

    def accepted_of(self, kind: int, records: Iterable[str]) -> frozenset[str]:
        """Find out which records of a kind have been accepted."""
        sql = "SELECT record FROM accepted WHERE kind = ? AND record IN (SELECT value FROM json_each(?))"
        return self._known(sql, kind, records)

    def staged_of(self, kind: int, records: Iterable[str]) -> frozenset[str]:
        """Find out which records of a kind have been read, well or not."""
        sql = "SELECT record FROM rows WHERE kind = ? AND part = 0 AND record IN (SELECT value FROM json_each(?))"
        return self._known(sql, kind, records)

    def faulty_of(self, records: Iterable[str]) -> frozenset[tuple[int, int, str]]:
        """Find out in which rows of some records there are faults: by file, line and record."""
        sql = "SELECT file, line, record FROM faults WHERE record IN (SELECT value FROM json_each(?))"
        wanted = msgspec.json.encode(list(records)).decode()
        return frozenset(self._connection.execute(sql, (wanted,)))

    def forget_accepted(self) -> None:
        """Take back that records were accepted: they will be judged once more."""
        with _reaching(self._path):
            self._connection.execute("DELETE FROM accepted")

    def faults(self) -> Iterator[StagedFault]:
        """Give all faults, by file, line and field."""
        sql = "SELECT file, line, record, field, fault, advice FROM faults ORDER BY file, line, field, fault"
        return map(StagedFault._make, self._connection.execute(sql))

    def count_faults(self) -> int:
        """Count the faults."""
        (count,) = self._connection.execute("SELECT count(*) FROM faults").fetchone()
        return int(count)

    def close(self) -> None:
        """Let go of it; what was committed stays."""
        self._connection.close()

    def remove(self) -> None:
        """Throw it away."""
        self._connection.close()
        _remove(self._path)

    @contextmanager
    def _transaction(self, state: bytes) -> Iterator[sqlite3.Connection]:
        with _reaching(self._path):
            self._connection.execute("BEGIN")
            yield self._connection
            self._connection.execute("UPDATE import SET state = ?", (state,))
            self._connection.execute("COMMIT")

    def _read_key(self) -> str | None:
        # A file that is no database, or one of another version, holds nothing that could be gone on with.
        with suppress(sqlite3.DatabaseError):
            for (key,) in self._connection.execute("SELECT key FROM import"):
                return str(key)
        return None

    def _begin_anew(self, key: str) -> None:
        self._connection.close()
        _remove(self._path)
        self._connection = _opened(self._path)
        for table in _TABLES:
            self._connection.execute(table)
        self._connection.execute("INSERT INTO import VALUES (?, NULL)", (key,))

    def _known(self, sql: str, kind: int, records: Iterable[str]) -> frozenset[str]:
        wanted = msgspec.json.encode(list(records)).decode()
        return frozenset([record for (record,) in self._connection.execute(sql, (kind, wanted))])


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        with _reaching(path):
            for statement in _SET_UP:
                connection.execute(statement)
    except StoreError:
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        _remove(path)
        return _opened(path)
    return connection


@contextmanager
def _reaching(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreBusyError(f"Another import holds {path}. Wait until it is done.") from error
        raise DatabaseAwayError(f"{path} cannot be written ({error}). Make room for it and try again.") from error


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)
