"""What holds for SQLite alone: where its file lies, its settings, and the short way to its driver.

SQLAlchemy hands three jobs to the driver's thread for each statement: make a cursor, execute, close it. The writer's
own statements take one, which saves a third of a turn's cost when few are stored at once.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from aiosqlite import Connection as Driver
from sqlalchemy import URL, AdaptedConnection, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

MEMORY = ":memory:"
_VALUES = re.compile(r"VALUES (\([?, ]+\))")
_BEGIN = "BEGIN IMMEDIATE"
_WRITER_CACHE_KIB = 65_536
_READER_CACHE_KIB = 8_192
# 16 MiB: against the default of 1,000 pages it saves a tenth of a turn's cost; at 10,000 one turn in 100 waits longer.
_CHECKPOINT_PAGES = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database lies. One "in memory" is a file in `folder`, which goes when the database is closed.

    SQLite's own databases in memory either stand alone for each connection or make readers wait for the writer.
    """

    url: URL
    folder: TemporaryDirectory[str] | None = None

    def clear(self) -> None:
        """Remove what shall not outlive the database."""
        if self.folder is not None:
            self.folder.cleanup()


def settle(url: URL) -> Place:
    """Make the folder in which the database's file will lie."""
    if url.database in (None, "", MEMORY):
        folder = TemporaryDirectory(prefix="xiaoer-")
        return Place(url.set(database=str(Path(folder.name) / "memory.db")), folder)
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    return Place(url)


def tune(engine: AsyncEngine, *, busy_timeout_seconds: float, writes: bool, lasts: bool) -> None:
    """Set up each connection that the engine will make; a writer takes the write lock where its transaction begins.

    What need not last past the process is not flushed to the disk.
    """
    pragmas = [
        f"busy_timeout = {round(busy_timeout_seconds * 1000)}",
        "journal_mode = WAL",
        f"synchronous = {'FULL' if lasts else 'OFF'}",
        "foreign_keys = ON",
        f"cache_size = {-(_WRITER_CACHE_KIB if writes else _READER_CACHE_KIB)}",
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
        *(() if writes else ("query_only = ON",)),
    ]

    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.isolation_level = None  # the driver begins no transactions behind our back

    def begin(connection: Connection) -> None:
        # A lock taken at the first write instead could be refused at once, without waiting for its holder.
        adapted = connection.connection.dbapi_connection
        assert isinstance(adapted, AdaptedConnection)  # noqa: S101 - the engine is asynchronous
        with _as_sqlalchemy(_BEGIN):
            adapted.run_async(lambda driver: driver.execute_fetchall(_BEGIN))

    event.listen(engine.sync_engine, "connect", set_up)
    if writes:
        event.listen(engine.sync_engine, "begin", begin)


async def insert_many(connection: AsyncConnection, sql: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of numbers, texts and nulls by one step of the engine; `sql` comes from `from_json`.

    With a statement a row the driver would take and give back the interpreter lock at each of them, and wait for it
    each time while the event loop is busy.

    Raises:
        sqlalchemy.exc.IntegrityError: a row breaks a key; none is inserted.
        sqlalchemy.exc.OperationalError: the database is locked, full or gone.
    """
    driver = await _driver(connection)
    with _as_sqlalchemy(sql):
        await driver.execute(sql, (msgspec.json.encode(rows).decode(),))


class Readers:
    """Connections that stay open for short queries; each does one at a time, in a thread of its own.

    To lend a connection from SQLAlchemy's pool costs ten times what SQLite needs for such a query.
    """

    def __init__(self, connections: Sequence[AsyncConnection], drivers: Sequence[Driver]) -> None:
        self._connections = connections
        self._in_turns = cycle(drivers)

    @classmethod
    async def open(cls, engine: AsyncEngine, count: int) -> "Readers":
        """Take so many connections out of an engine's pool."""
        connections = [await engine.connect() for _ in range(count)]
        return cls(connections, [await _driver(connection) for connection in connections])

    async def fetch_all(self, sql: str, values: Sequence[str | int]) -> Sequence[Sequence[Any]]:
        """Give the rows of a query, of numbers, texts and nulls, by one job of a driver's thread.

        Raises:
            sqlalchemy.exc.OperationalError: the database is locked or gone.
        """
        with _as_sqlalchemy(sql):
            return tuple(await next(self._in_turns).execute_fetchall(sql, values))

    async def close(self) -> None:
        """Give the connections back."""
        for connection in self._connections:
            await connection.close()


async def _driver(connection: AsyncConnection) -> Driver:
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, Driver)  # noqa: S101 - the engine was made for this driver
    return driver


def from_json(insert: str) -> str:
    """Turn an insert of one row of parameters into one of as many rows as a JSON array holds."""
    head, values, rest = _VALUES.split(insert, maxsplit=1)
    columns = ", ".join(f"value ->> {place}" for place in range(values.count("?")))
    return f"{head}SELECT {columns} FROM json_each(?) WHERE true{rest}"  # noqa: S608  # of our own statement


@contextmanager
def _as_sqlalchemy(sql: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise IntegrityError(sql, None, error) from error
    except sqlite3.OperationalError as error:
        raise OperationalError(sql, None, error) from error
