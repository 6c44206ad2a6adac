"""The catalogue: the products that a shop sells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ProductId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.documents import DocumentList, Documents


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product to be stored: the columns to search by, and all of it as JSON."""

    id: ProductId
    title: str
    category: str
    document: bytes


class Catalogue:
    """Each shop's products as JSON documents."""

    def __init__(self, database: Database) -> None:
        self._documents = Documents(database, schema.products)

    async def find(self, shop: ShopId, id: ProductId) -> bytes | None:
        """Find a product."""
        return await self._documents.find(shop, id)

    async def list(
        self, shop: ShopId, *, category: str | None = None, after: ProductId | None = None, limit: int = 100
    ) -> DocumentList:
        """List at most `limit` products by id, of one category or all; `after` is the last of the page before."""
        products = schema.products.c
        conditions = [] if category is None else [products.category == category]
        conditions += [] if after is None else [products.id > after]
        return await self._documents.list(shop, *conditions, order=[products.id], limit=limit)

    async def count(self, shop: ShopId) -> int:
        """Count the shop's products."""
        return await self._documents.count(shop)

    async def find_all(self, shop: ShopId, ids: Sequence[str]) -> dict[str, bytes]:
        """Find the products of many ids at once, by id; what is not stored is left out."""
        return await self._documents.find_all(shop, ids)

    async def find_known(self, shop: ShopId, ids: Sequence[str]) -> frozenset[str]:
        """Find out which of many ids are those of products."""
        return await self._documents.find_known(shop, ids)

    async def read(self, connection: AsyncConnection, shop: ShopId, id: ProductId) -> bytes | None:
        """Find a product inside a writer unit; nobody else changes it before the unit is over."""
        return await self._documents.read(connection, shop, id)

    async def put(self, connection: AsyncConnection, shop: ShopId, rows: Iterable[ProductRow]) -> None:
        """Write products inside a writer unit, replacing those whose id exists."""
        await self._documents.put(
            connection,
            shop,
            (
                {"id": row.id, "title": row.title, "category": row.category, "document": row.document.decode()}
                for row in rows
            ),
        )
