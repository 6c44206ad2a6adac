"""Documents: an aggregate kept as one JSON text a row, beside the columns that queries need."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.prepared import PreparedQuery

DocumentList: TypeAlias = list[bytes]

_IDS_AT_ONCE = 1_000
"""Engines bound the parameters of one statement."""


class Documents:
    """One table of documents, of all shops, each under its shop's id and its own."""

    def __init__(self, database: Database, table: Table) -> None:
        columns = [column.name for column in table.columns if not column.primary_key]
        self._database = database
        self._table = table
        self._columns = [column.name for column in table.columns]
        self._put = schema.driver_sql(schema.upsert(table, replacing=columns), database.dialect)
        one = select(table.c.document).where(table.c.shop_id == bindparam("shop"), table.c.id == bindparam("id"))
        self._one = PreparedQuery(database, one)

    async def find(self, shop: ShopId, id: str) -> bytes | None:
        """Find a document as it is stored now."""
        rows = await self._one.rows({"shop": shop, "id": id})
        return _encoded(rows[0][0]) if rows else None

    async def find_all(self, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the documents of many ids at once, by id; what is not stored is left out."""
        table = self._table.c
        return {id: document.encode() for id, document in await self._of_ids(shop, ids, table.id, table.document)}

    async def find_known(self, shop: ShopId, ids: Sequence[str]) -> frozenset[str]:
        """Find out which of many ids are stored."""
        return frozenset([id for (id,) in await self._of_ids(shop, ids, self._table.c.id)])

    async def read(
        self, connection: AsyncConnection, shop: ShopId, id: str, *conditions: ColumnElement[bool]
    ) -> bytes | None:
        """Find a document that meets the conditions inside a writer unit; nobody else changes it meanwhile."""
        table = self._table.c
        statement = select(table.document).where(table.shop_id == shop, table.id == id, *conditions).with_for_update()
        return _encoded(await connection.scalar(statement))

    async def read_many(self, connection: AsyncConnection, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the documents of many ids inside a writer unit; nobody else changes them meanwhile."""
        table, found = self._table.c, dict[str, bytes]()
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = table.id.in_(ids[start : start + _IDS_AT_ONCE])
            statement = select(table.id, table.document).where(table.shop_id == shop, some).order_by(table.id)
            rows = await connection.execute(statement.with_for_update())
            found |= {id: document.encode() for id, document in rows}
        return found

    async def put(self, connection: AsyncConnection, shop: ShopId, rows: Iterable[Mapping[str, str | int]]) -> None:
        """Write rows, replacing those whose id exists; a row names every column but the shop's."""
        # As tuples, straight to the driver: SQLAlchemy's own way there takes longer than storing a row.
        named = ({**row, "shop_id": shop} for row in rows)
        parameters = [tuple(row[name] for name in self._columns) for row in named]
        if parameters:
            await connection.exec_driver_sql(self._put, parameters)

    async def list(
        self,
        shop: ShopId,
        *conditions: ColumnElement[bool],
        order: Sequence[ColumnElement[object]],
        limit: int,
    ) -> DocumentList:
        """List at most `limit` documents that meet the conditions."""
        table = self._table.c
        statement = select(table.document).where(table.shop_id == shop, *conditions).order_by(*order).limit(limit)
        async with self._database.read() as connection:
            return [document.encode() for document in await connection.scalars(statement)]

    async def count(self, shop: ShopId) -> int:
        """Count the shop's documents."""
        statement = select(func.count()).where(self._table.c.shop_id == shop)
        async with self._database.read() as connection:
            return await connection.scalar(statement) or 0

    async def _of_ids(
        self, shop: ShopId, ids: Sequence[str], *columns: ColumnElement[str]
    ) -> Sequence[tuple[str, ...]]:
        table, found = self._table.c, list[tuple[str, ...]]()
        async with self._database.read() as connection:
            for start in range(0, len(ids), _IDS_AT_ONCE):
                some = table.id.in_(ids[start : start + _IDS_AT_ONCE])
                statement = select(*columns).where(table.shop_id == shop, some)
                found += [tuple(row) for row in await connection.execute(statement)]
        return found


def _encoded(document: str | None) -> bytes | None:
    return None if document is None else document.encode()
