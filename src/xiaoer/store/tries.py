"""How often something was tried that may be tried a few times only: counted over all processes, kept over restarts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.moments import to_micros


@dataclass(frozen=True, slots=True)
class TryCount:
    """The tries at one thing since it was last open; `waits` counts how often it was closed, until `closed_until`."""

    count: int
    waits: int
    last_at: datetime
    closed_until: datetime | None = None


Recount: TypeAlias = Callable[[Mapping[str, TryCount]], Mapping[str, TryCount]]
"""Gives the counts after one more try, by subject, from those before it (a subject never tried has a count of 0)."""


class Tries:
    """Each shop's counts by subject; a subject is a digest: nothing of what was tried can be read here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begin = schema.upsert(schema.tries, replacing=())

    async def recount(self, shop: ShopId, subjects: Sequence[str], recount: Recount, at: datetime) -> None:
        """Change the counts of some subjects together; nobody else changes one of them meanwhile."""
        ordered = sorted(set(subjects))  # in one order everywhere, so that two never wait for each other

        async def unit(connection: AsyncConnection) -> None:
            before = {subject: await self._read(connection, shop, subject, at) for subject in ordered}
            table = schema.tries
            change = update(table).where(table.c.shop_id == shop, table.c.subject == bindparam("of"))
            for subject, after in recount(before).items():
                values = {
                    "count": after.count,
                    "waits": after.waits,
                    "last_at": after.last_at,
                    "closed_until": after.closed_until,
                }
                await connection.execute(change.values(values), {"of": subject})

        await self._database.writer.run(unit)

    async def forget(self, shop: ShopId, subjects: Sequence[str]) -> None:
        """Forget the counts of some subjects."""
        table = schema.tries
        statement = delete(table).where(table.c.shop_id == shop, table.c.subject.in_(subjects))

        async def unit(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.writer.run(unit)

    async def find(self, shop: ShopId, subject: str) -> TryCount | None:
        """Find the count of a subject."""
        async with self._database.read() as connection:
            row = (await connection.execute(_select(shop, subject))).first()
        return None if row is None else _count(row)

    async def _read(self, connection: AsyncConnection, shop: ShopId, subject: str, at: datetime) -> TryCount:
        micros = to_micros(at)
        row = {"shop_id": shop, "subject": subject, "count": 0, "waits": 0, "last_at": micros, "closed_until": None}
        # A row that is not there cannot be locked, so it is made first.
        await connection.execute(self._begin, row)
        return _count((await connection.execute(_select(shop, subject).with_for_update())).one())


def _count(row: Row[Any]) -> TryCount:
    values = row._mapping  # how SQLAlchemy names the columns of a row, so that none is taken for a method
    return TryCount(values["count"], values["waits"], values["last_at"], values["closed_until"])


def _select(shop: ShopId, subject: str) -> Select[Any]:  # mypy reads a row of a type that may be none wrongly
    table = schema.tries.c
    columns = (table.count, table.waits, table.last_at, table.closed_until)
    return select(*columns).where(table.shop_id == shop, table.subject == subject)
