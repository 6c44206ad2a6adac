"""The shop's records in the database: read as they are, changed inside one transaction of the store."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar, assert_never

from xiaoer.events import Claim, EmailClaim, NameClaim, OrderClaim
from xiaoer.ids import ActionKey, CustomerId, OrderId, ProductId, ShopId
from xiaoer.shop.customers import Customer
from xiaoer.shop.documents import decode_customer, decode_order, decode_product, encode
from xiaoer.shop.identity import ends_in, key_of_email, key_of_name, keys_of
from xiaoer.shop.models import Order, Product
from xiaoer.store import Catalogue, CustomerRow, Customers, Database, Effects, OrderRow, Orders, ProductRow, Unit

_PAGE = 500
_MOST_ORDERS = 500
_NOBODY = encode(Customer(id=CustomerId(""), name="", phone="", email=""))
"""Compared where there is no such customer, so that an absent order takes the work of a wrong telephone number."""
_Result = TypeVar("_Result")
_Once = Callable[[ActionKey, Callable[[], Awaitable[bytes]], datetime], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class _Reads:
    """What is read inside one transaction of the store, of one shop."""

    product: Callable[[ProductId], Awaitable[bytes | None]]
    customer: Callable[[CustomerId], Awaitable[bytes | None]]
    order_of: Callable[[CustomerId, OrderId], Awaitable[bytes | None]]
    orders_of: Callable[[CustomerId], Awaitable[list[bytes]]]
    customers: Callable[[Sequence[str]], Awaitable[Mapping[str, bytes]]]
    orders: Callable[[Sequence[str]], Awaitable[Mapping[str, bytes]]]


class Transaction:
    """Reads and writes of one shop that are stored together or not at all."""

    def __init__(
        self,
        *,
        read: _Reads,
        put_orders: Callable[[list[OrderRow]], Awaitable[None]],
        put_products: Callable[[list[ProductRow]], Awaitable[None]],
        put_customers: Callable[[list[CustomerRow]], Awaitable[None]],
        once: _Once,
    ) -> None:
        self._read = read
        self._put_orders = put_orders
        self._put_products = put_products
        self._put_customers = put_customers
        self.once = once

    async def order_of(self, customer: CustomerId, order: OrderId) -> Order | None:
        """Find an order of a customer; a stranger's is none. Nobody else changes it before the transaction is over."""
        document = await self._read.order_of(customer, order)
        return None if document is None else decode_order(document)

    async def orders_of(self, customer: CustomerId) -> tuple[Order, ...]:
        """Give a customer's orders, newest first."""
        return tuple(decode_order(document) for document in await self._read.orders_of(customer))

    async def customer(self, customer: CustomerId) -> Customer | None:
        """Find a customer; nobody else changes it, or looks here, before the transaction is over."""
        document = await self._read.customer(customer)
        return None if document is None else decode_customer(document)

    async def product(self, product: ProductId) -> Product | None:
        """Find a product; nobody else changes it before the transaction is over."""
        document = await self._read.product(product)
        return None if document is None else decode_product(document)

    async def held_customers(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """Find the documents of many customers; nobody else changes them before the transaction is over."""
        return await self._read.customers(ids)

    async def held_orders(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """Find the documents of many orders; nobody else changes them before the transaction is over."""
        return await self._read.orders(ids)

    async def store_orders(self, orders: Iterable[Order]) -> None:
        """Store orders, replacing those with the same number."""
        await self._put_orders(
            [OrderRow(order.id, order.customer, order.state, order.placed_at, encode(order)) for order in orders]
        )

    async def store_products(self, products: Iterable[Product]) -> None:
        """Store products, replacing those with the same id."""
        await self._put_products(
            [ProductRow(product.id, product.title, product.category, encode(product)) for product in products]
        )

    async def store_customers(self, customers: Iterable[Customer]) -> None:
        """Store customers, replacing those with the same id."""
        await self._put_customers(
            [CustomerRow(who.id, who.name, encode(who), keys=tuple(keys_of(who))) for who in customers]
        )


class Records:
    """One shop's products, customers and orders."""

    can_identify = True

    def __init__(self, database: Database, shop: ShopId) -> None:
        self._database = database
        self._shop = shop
        self._catalogue = Catalogue(database)
        self._customers = Customers(database)
        self._orders = Orders(database)
        self._effects = Effects()

    async def orders_of(self, customer: CustomerId) -> tuple[Order, ...]:
        """Give a customer's orders, newest first."""
        documents = await self._orders.of_customer(self._shop, customer, limit=_MOST_ORDERS)
        return tuple(decode_order(document) for document in documents)

    async def order_of(self, customer: CustomerId, order: OrderId) -> Order | None:
        """Find an order of a customer; a stranger's is none."""
        document = await self._orders.find_of(self._shop, customer, order)
        return None if document is None else decode_order(document)

    async def product(self, product: ProductId) -> Product | None:
        """Find a product as it is now."""
        document = await self._catalogue.find(self._shop, product)
        return None if document is None else decode_product(document)

    async def products(self) -> tuple[Product, ...]:
        """Give all products, by id."""
        found: list[Product] = []
        while len(page := await self._product_page(found[-1].id if found else None)) == _PAGE:
            found += page
        return (*found, *page)

    async def orders(self) -> tuple[Order, ...]:
        """Give all orders of the shop, by number."""
        found: list[Order] = []
        while len(page := await self._order_page(found[-1].id if found else None)) == _PAGE:
            found += page
        return (*found, *page)

    async def first_orders(self, *, limit: int) -> tuple[Order, ...]:
        """Give the shop's first orders, by number."""
        documents = await self._orders.list(self._shop, limit=limit)
        return tuple(decode_order(document) for document in documents)

    async def customer(self, customer: CustomerId) -> Customer | None:
        """Find a customer."""
        document = await self._customers.find(self._shop, customer)
        return None if document is None else decode_customer(document)

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the one customer whom a claim fits; what is wrong and what is absent take the same look-up."""
        match claim:
            case EmailClaim(email=email):
                return await self._of_key(key_of_email(email))
            case NameClaim(name=name, postcode=postcode):
                return await self._of_key(key_of_name(name, postcode))
            case OrderClaim(order=order, phone_tail=tail):
                document = await self._orders.customer_of(self._shop, OrderId(order.strip()))
                who = decode_customer(document or _NOBODY)
                return who.id if ends_in(who.phone, tail) else None
            case other:
                assert_never(other)

    async def _of_key(self, key: str) -> CustomerId | None:
        return await self._customers.find_by_key(self._shop, key) if key else None

    async def customers(self, *, limit: int = _PAGE) -> tuple[Customer, ...]:
        """Give the shop's first customers, by id."""
        documents = await self._customers.list(self._shop, limit=limit)
        return tuple(decode_customer(document) for document in documents)

    async def all_customers(self) -> tuple[Customer, ...]:
        """Give all customers of the shop, by id."""
        found: list[Customer] = []
        while len(page := await self._customer_page(found[-1].id if found else None)) == _PAGE:
            found += page
        return (*found, *page)

    async def is_empty(self) -> bool:
        """Say whether the shop has neither goods nor orders."""
        return await self._catalogue.count(self._shop) == 0 and await self._orders.count(self._shop) == 0

    async def change(self, work: Callable[[Transaction], Awaitable[_Result]]) -> _Result:
        """Do work in one transaction; it is on the disk when this returns, and undone if the work raises."""
        return await self._database.writer.run(self._unit(work))

    def _unit(self, work: Callable[[Transaction], Awaitable[_Result]]) -> Unit[_Result]:
        return lambda connection: work(
            Transaction(
                read=_Reads(
                    product=partial(self._catalogue.read, connection, self._shop),
                    customer=partial(self._customers.read, connection, self._shop),
                    order_of=partial(self._orders.read_of, connection, self._shop),
                    orders_of=partial(self._orders.read_all_of, connection, self._shop, limit=_MOST_ORDERS),
                    customers=partial(self._customers.read_many, connection, self._shop),
                    orders=partial(self._orders.read_many, connection, self._shop),
                ),
                put_orders=partial(self._orders.put, connection, self._shop),
                put_products=partial(self._catalogue.put, connection, self._shop),
                put_customers=partial(self._customers.put, connection, self._shop),
                once=partial(self._effects.once, connection, self._shop),
            )
        )

    async def _product_page(self, after: ProductId | None) -> list[Product]:
        return [decode_product(item) for item in await self._catalogue.list(self._shop, after=after, limit=_PAGE)]

    async def _customer_page(self, after: CustomerId | None) -> list[Customer]:
        return [decode_customer(item) for item in await self._customers.list(self._shop, after=after, limit=_PAGE)]

    async def _order_page(self, after: OrderId | None) -> list[Order]:
        return [decode_order(item) for item in await self._orders.list(self._shop, after=after, limit=_PAGE)]
