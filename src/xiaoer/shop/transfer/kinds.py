"""The kinds of records that are moved in and out, in the order in which one kind may refer to another."""

import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

import msgspec

from xiaoer.ids import ShopId
from xiaoer.shop.customers import Customer
from xiaoer.shop.documents import decode_customer, decode_order, decode_product
from xiaoer.shop.models import Order, Product
from xiaoer.shop.records import Transaction
from xiaoer.shop.transfer.shapes import Shape, shape_of
from xiaoer.store import Catalogue, Customers, Database, Orders

Record: TypeAlias = Any  # Product, Customer, Order: whatever the kinds below name


class Shelf(Protocol):
    """Where the store keeps the records of a kind."""

    def list(self, shop: ShopId, *, after: Any, limit: int) -> Awaitable[Sequence[bytes]]:  # noqa: ANN401  # each kind has ids of its own
        """List documents by id."""
        ...

    def find_all(self, shop: ShopId, ids: Sequence[str]) -> Awaitable[Mapping[str, bytes]]:
        """Find the documents of many ids."""
        ...

    def find_known(self, shop: ShopId, ids: Sequence[str]) -> Awaitable[frozenset[str]]:
        """Find out which of many ids are stored."""
        ...

    def count(self, shop: ShopId) -> Awaitable[int]:
        """Count the documents."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record; each has an `id`, and is stored as one document.

    `held` reads the documents of many ids inside a transaction; there is none where no conversation changes a record
    in a way that files must not undo.
    """

    name: str
    record: type[msgspec.Struct]
    shelf: Callable[[Database], Shelf]
    decode: Callable[[bytes], Record]
    store: Callable[[Transaction, Iterable[Record]], Awaitable[None]]
    held: Callable[[Transaction, Sequence[str]], Awaitable[Mapping[str, bytes]]] | None = None

    @property
    def shape(self) -> Shape:
        """What the records hold."""
        return _shape(self)


KINDS: tuple[Kind, ...] = (
    Kind("products", Product, Catalogue, decode_product, Transaction.store_products),
    Kind("customers", Customer, Customers, decode_customer, Transaction.store_customers, Transaction.held_customers),
    Kind("orders", Order, Orders, decode_order, Transaction.store_orders, Transaction.held_orders),
)


@cache
def id_types() -> Mapping[object, str]:
    """Give the kinds by the type of their records' ids: a field of such a type refers to a record."""
    return MappingProxyType({typing.get_type_hints(kind.record)["id"]: kind.name for kind in KINDS})


@cache
def _shape(kind: Kind) -> Shape:
    return shape_of(kind.record, id_types())
