"""The orders of a shop's customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import CustomerId, OrderId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.documents import DocumentList, Documents
from xiaoer.store.moments import to_micros
from xiaoer.store.prepared import PreparedQuery


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order to be stored: the columns to search by, and all of it as JSON."""

    id: OrderId
    customer: CustomerId
    state: str
    placed_at: datetime
    document: bytes


class Orders:
    """Each shop's orders as JSON documents."""

    def __init__(self, database: Database) -> None:
        orders = schema.orders.c
        self._database = database
        self._documents = Documents(database, schema.orders)
        self._of_customer = PreparedQuery(
            database,
            select(orders.document)
            .where(orders.shop_id == bindparam("shop"), orders.customer_id == bindparam("customer"))
            .order_by(orders.placed_at.desc(), orders.id.desc())
            .limit(bindparam("most")),
        )
        self._one_of_customer = PreparedQuery(
            database,
            select(orders.document).where(
                orders.shop_id == bindparam("shop"),
                orders.id == bindparam("id"),
                orders.customer_id == bindparam("customer"),
            ),
        )
        owners = schema.customers.c
        self._owner = PreparedQuery(
            database,
            select(owners.document)
            .join_from(schema.orders, schema.customers, _is_owner())
            .where(orders.shop_id == bindparam("shop"), orders.id == bindparam("id")),
        )

    async def customer_of(self, shop: ShopId, id: OrderId) -> bytes | None:
        """Find the customer who placed an order, in one look-up."""
        rows = await self._owner.rows({"shop": shop, "id": id})
        return rows[0][0].encode() if rows else None

    async def find(self, shop: ShopId, id: OrderId) -> bytes | None:
        """Find an order."""
        return await self._documents.find(shop, id)

    async def find_of(self, shop: ShopId, customer: CustomerId, id: OrderId) -> bytes | None:
        """Find an order of a customer; the same look-up finds neither a stranger's order nor an absent one."""
        rows = await self._one_of_customer.rows({"shop": shop, "id": id, "customer": customer})
        return rows[0][0].encode() if rows else None

    async def of_customer(self, shop: ShopId, customer: CustomerId, *, limit: int = 20) -> DocumentList:
        """List at most `limit` orders of a customer, the newest first."""
        rows = await self._of_customer.rows({"shop": shop, "customer": customer, "most": limit})
        return [document.encode() for (document,) in rows]

    async def list(
        self, shop: ShopId, *, state: str | None = None, after: OrderId | None = None, limit: int = 100
    ) -> DocumentList:
        """List at most `limit` orders by id, in one state or all; `after` is the last one of the page before."""
        orders = schema.orders.c
        conditions = [] if state is None else [orders.state == state]
        conditions += [] if after is None else [orders.id > after]
        return await self._documents.list(shop, *conditions, order=[orders.id], limit=limit)

    async def count(self, shop: ShopId) -> int:
        """Count the shop's orders."""
        return await self._documents.count(shop)

    async def count_by_state(self, shop: ShopId) -> dict[str, int]:
        """Count the shop's orders in each state that one is in."""
        orders = schema.orders.c
        statement = select(orders.state, func.count()).where(orders.shop_id == shop).group_by(orders.state)
        async with self._database.read() as connection:
            return {state: count for state, count in await connection.execute(statement)}

    async def find_all(self, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the orders of many ids at once, by id; what is not stored is left out."""
        return await self._documents.find_all(shop, ids)

    async def find_known(self, shop: ShopId, ids: Sequence[str]) -> frozenset[str]:
        """Find out which of many ids are those of orders."""
        return await self._documents.find_known(shop, ids)

    async def read(self, connection: AsyncConnection, shop: ShopId, id: OrderId) -> bytes | None:
        """Find an order inside a writer unit; nobody else changes it before the unit is over."""
        return await self._documents.read(connection, shop, id)

    async def read_of(
        self, connection: AsyncConnection, shop: ShopId, customer: CustomerId, id: OrderId
    ) -> bytes | None:
        """Find an order of a customer inside a writer unit; nobody else changes it before the unit is over."""
        return await self._documents.read(connection, shop, id, schema.orders.c.customer_id == customer)

    async def read_all_of(
        self, connection: AsyncConnection, shop: ShopId, customer: CustomerId, *, limit: int
    ) -> DocumentList:
        """List at most `limit` orders of a customer inside a writer unit, the newest first."""
        orders = schema.orders.c
        statement = (
            select(orders.document)
            .where(orders.shop_id == shop, orders.customer_id == customer)
            .order_by(orders.placed_at.desc(), orders.id.desc())
            .limit(limit)
        )
        return [document.encode() for document in await connection.scalars(statement)]

    async def read_many(self, connection: AsyncConnection, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the orders of many ids inside a writer unit; nobody else changes them before the unit is over."""
        return await self._documents.read_many(connection, shop, ids)

    async def put(self, connection: AsyncConnection, shop: ShopId, rows: Iterable[OrderRow]) -> None:
        """Write orders inside a writer unit, replacing those whose id exists."""
        await self._documents.put(connection, shop, (_columns(row) for row in rows))


def _is_owner() -> ColumnElement[bool]:
    orders, owners = schema.orders.c, schema.customers.c
    return and_(owners.shop_id == orders.shop_id, owners.id == orders.customer_id)


def _columns(row: OrderRow) -> dict[str, str | int]:
    return {
        "id": row.id,
        "customer_id": row.customer,
        "state": row.state,
        "placed_at": to_micros(row.placed_at),
        "document": row.document.decode(),
    }
