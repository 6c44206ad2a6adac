"""The customers that a shop knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import CustomerId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.documents import DocumentList, Documents
from xiaoer.store.prepared import PreparedQuery

_TOLD_APART = 2


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer to be stored: the columns to search by, and all of it as JSON.

    `keys` are what the customer can be found by, in a form in which what is equal is the same to the character.
    """

    id: CustomerId
    name: str
    document: bytes
    keys: tuple[str, ...] = ()


class Customers:
    """Each shop's customers as JSON documents."""

    def __init__(self, database: Database) -> None:
        keys = schema.customer_keys.c
        self._documents = Documents(database, schema.customers)
        self._of_key = PreparedQuery(
            database,
            select(keys.customer_id)
            .where(keys.shop_id == bindparam("shop"), keys.key == bindparam("key"))
            .limit(bindparam("most")),
        )

    async def find(self, shop: ShopId, id: CustomerId) -> bytes | None:
        """Find a customer."""
        return await self._documents.find(shop, id)

    async def find_by_key(self, shop: ShopId, key: str) -> CustomerId | None:
        """Find the one customer who has a key; where two have it, it is nobody's."""
        rows = await self._of_key.rows({"shop": shop, "key": key, "most": _TOLD_APART})
        return CustomerId(rows[0][0]) if len(rows) == 1 else None

    async def list(self, shop: ShopId, *, after: CustomerId | None = None, limit: int = 100) -> DocumentList:
        """List at most `limit` customers by id; `after` is the last one of the page before."""
        customers = schema.customers.c
        conditions = [] if after is None else [customers.id > after]
        return await self._documents.list(shop, *conditions, order=[customers.id], limit=limit)

    async def count(self, shop: ShopId) -> int:
        """Count the shop's customers."""
        return await self._documents.count(shop)

    async def find_all(self, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the customers of many ids at once, by id; what is not stored is left out."""
        return await self._documents.find_all(shop, ids)

    async def find_known(self, shop: ShopId, ids: Sequence[str]) -> frozenset[str]:
        """Find out which of many ids are those of customers."""
        return await self._documents.find_known(shop, ids)

    async def read(self, connection: AsyncConnection, shop: ShopId, id: CustomerId) -> bytes | None:
        """Find a customer inside a writer unit; nobody else changes it before the unit is over."""
        return await self._documents.read(connection, shop, id)

    async def read_many(self, connection: AsyncConnection, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the customers of many ids inside a writer unit; nobody else changes them before the unit is over."""
        return await self._documents.read_many(connection, shop, ids)

    async def put(self, connection: AsyncConnection, shop: ShopId, rows: Iterable[CustomerRow]) -> None:
        """Write customers inside a writer unit, replacing those whose id exists."""
        stored = {row.id: row for row in rows}
        columns = ({"id": row.id, "name": row.name, "document": row.document.decode()} for row in stored.values())
        await self._documents.put(connection, shop, columns)
        table = schema.customer_keys
        old = delete(table).where(table.c.shop_id == shop, table.c.customer_id == bindparam("of"))
        keys = [
            {"shop_id": shop, "key": key, "customer_id": row.id} for row in stored.values() for key in set(row.keys)
        ]
        if stored:
            await connection.execute(old, [{"of": id} for id in stored])
        if keys:
            await connection.execute(insert(table), keys)
