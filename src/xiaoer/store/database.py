"""The database: one connection that writes, several that read."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool

from xiaoer.store import sqlite
from xiaoer.store.errors import reaching
from xiaoer.store.revisions import bring_to_head
from xiaoer.store.writer import GroupWriter

_READERS = 4
_STANDING_READERS = 2
"""For short queries SQLite keeps so many connections out of the pool: nearly all of their time is the interpreter's."""
_READER_WAIT_SECONDS = 30.0
_OPENING_SECONDS = 60.0
"""How long an opening waits for another process that is just making or changing the tables."""
_OPENING_PAUSE_SECONDS = 0.05


class Database:
    """An open database of shops: `writer` writes, `read()` reads; made by `Database.open`."""

    def __init__(
        self, *, readers: AsyncEngine, standing: sqlite.Readers | None, writing: AsyncEngine, place: sqlite.Place
    ) -> None:
        self._storage = place
        self._readers = readers
        self._standing = standing
        self._writing = writing
        self._place = readers.url.render_as_string()
        self.dialect = readers.dialect
        self.writer = GroupWriter(writing)

    @classmethod
    async def open(cls, url: str, *, busy_timeout_seconds: float = 5.0) -> "Database":
        """Open the database at `url`, make it where there is none, and bring its tables up to date.

        `sqlite+aiosqlite:///data/xiaoer.db` is a file, `:memory:` is gone after `close`, and
        `postgresql+asyncpg://…` is a server. `busy_timeout_seconds` bounds the wait for a SQLite file that another
        process is writing.

        Raises:
            DatabaseAwayError: the file or the server cannot be opened.
            SchemaNewerError: a newer version of Xiaoer has written it.
        """
        asked = make_url("sqlite+aiosqlite://" if url == sqlite.MEMORY else url)
        with reaching(asked.render_as_string()):
            place = sqlite.settle(asked) if asked.get_backend_name() == "sqlite" else sqlite.Place(asked)
            await _bring_up_to_date(place)
            readers = _reading_engine(place, busy_timeout_seconds)
            is_sqlite = readers.dialect.name == "sqlite"
            standing = await sqlite.Readers.open(readers, _STANDING_READERS) if is_sqlite else None
        writing = _writing_engine(place, busy_timeout_seconds)
        return cls(readers=readers, standing=standing, writing=writing, place=place)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for reading: each statement sees all that was stored when it began.

        Raises:
            DatabaseAwayError: the database cannot be reached, or every connection stays busy.
        """
        with reaching(self._place):
            async with self._readers.connect() as connection:
                yield connection

    async def fetch_all(self, sql: str, values: Sequence[str | int]) -> Sequence[Sequence[Any]]:
        """Give the rows of a short query in the engine's words, as they are stored now.

        Raises:
            DatabaseAwayError: the database cannot be reached, or every connection stays busy.
        """
        if self._standing is not None:
            with reaching(self._place):
                return await self._standing.fetch_all(sql, values)
        async with self.read() as connection:
            return (await connection.exec_driver_sql(sql, tuple(values))).all()

    async def close(self) -> None:
        """Write what was accepted and close every connection."""
        await self.writer.close()
        standing, self._standing = self._standing, None
        if standing is not None:
            await standing.close()
        await self._readers.dispose()
        await self._writing.dispose()
        self._storage.clear()


async def _bring_up_to_date(place: sqlite.Place) -> None:
    """Make or change the tables, however many processes begin with that at once."""
    deadline = time.monotonic() + _OPENING_SECONDS
    while True:
        try:
            async with _writing_engine(place, _OPENING_SECONDS).connect() as connection:
                return await bring_to_head(connection)
        except OperationalError as error:
            # SQLite turns to its write-ahead log without waiting for those who do the same.
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            await asyncio.sleep(_OPENING_PAUSE_SECONDS)


def _reading_engine(place: sqlite.Place, busy_timeout_seconds: float) -> AsyncEngine:
    standing = _STANDING_READERS if place.url.get_backend_name() == "sqlite" else 0
    # Each statement is a transaction of its own, so there is nothing to roll back when a connection comes back.
    engine = create_async_engine(
        place.url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_READERS + standing,
        max_overflow=0,
        pool_timeout=_READER_WAIT_SECONDS,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
    )
    if engine.dialect.name == "sqlite":
        lasts = place.folder is None
        sqlite.tune(engine, busy_timeout_seconds=busy_timeout_seconds, writes=False, lasts=lasts)
    return engine


def _writing_engine(place: sqlite.Place, busy_timeout_seconds: float) -> AsyncEngine:
    engine = create_async_engine(place.url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        lasts = place.folder is None
        sqlite.tune(engine, busy_timeout_seconds=busy_timeout_seconds, writes=True, lasts=lasts)
    return engine
