"""The contract as calls: what the merchant's system is asked, and what it answers, as records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TypeVar

import msgspec

from xiaoer.events import Claim
from xiaoer.ids import CustomerId, OrderId, ProductId
from xiaoer.shop.models import Product
from xiaoer.shop.remote.calls import Answer, Call, path_of
from xiaoer.shop.remote.connection import Connection
from xiaoer.shop.remote.errors import ChangeRefusedError
from xiaoer.shop.remote.reading import read_customer, read_order, read_orders, read_page, read_product
from xiaoer.shop.remote.shapes import (
    ChangeMade,
    CustomerChange,
    FailureAnswer,
    Identified,
    KeptCustomer,
    KeptOrder,
    OrderChange,
)

_PAGE = 100
_MOST_ORDERS = 100
_NOT_MODIFIED, _MISSING, _CONFLICT, _REFUSED = 304, 404, 409, 422
_NOTHING: Mapping[str, str] = MappingProxyType({})
_T = TypeVar("_T")

_changes_made = msgspec.json.Decoder(ChangeMade)
_identified = msgspec.json.Decoder(Identified)
_failures = msgspec.json.Decoder(FailureAnswer)


@dataclass(frozen=True, slots=True)
class Since:
    """How far the goods are known: `as_of` and the ETag of the last look; empty: not at all."""

    as_of: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """Products changed since the last look, or all of them; `since` is for the next look, `next` for the next page."""

    products: tuple[Product, ...]
    removed: tuple[ProductId, ...]
    since: Since
    next: str


class Merchant:
    """The merchant's system.

    Every method raises the errors of `Connection.ask`: ShopAwayError, BadAnswerError, AccessRefusedError.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def goods(self, since: Since, *, after: str = "") -> GoodsPage | None:
        """Give a page of the goods that changed; none if nothing did. `after` is `next` of the page before."""
        query = {"updated_since": since.as_of, "after": after, "limit": str(_PAGE)}
        call = Call(
            route="GET /products",
            path="/products",
            query={name: value for name, value in query.items() if value},
            etag=since.etag,
            answers=frozenset({_NOT_MODIFIED}) if since.etag else frozenset(),
        )
        return await self._connection.ask(call, _page_or_none)

    async def product(self, product: ProductId) -> Product | None:
        """Find a product as it is now."""
        route, path = "GET /products/{product}", path_of("products", product)
        return await self._find(route, path, partial(read_product, wanted=product))

    async def customer(self, customer: CustomerId) -> KeptCustomer | None:
        """Find a customer."""
        route, path = "GET /customers/{customer}", path_of("customers", customer)
        return await self._find(route, path, partial(read_customer, wanted=customer))

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the customer whom a claim fits. It is sent as a body: what stands in an address gets into logs."""
        body = msgspec.json.encode(claim)
        call = Call(route="POST /identify", path="/identify", body=body, answers=frozenset({_MISSING}))
        return await self._connection.ask(call, partial(_found, _identified_customer))

    async def orders_of(self, customer: CustomerId) -> tuple[KeptOrder, ...]:
        """Give a customer's newest orders, a hundred at most."""
        route, path = "GET /customers/{customer}/orders", path_of("customers", customer, "orders")
        read = partial(read_orders, customer=customer, limit=_MOST_ORDERS)
        return await self._find(route, path, read, {"limit": str(_MOST_ORDERS)}) or ()

    async def order_of(self, customer: CustomerId, order: OrderId) -> KeptOrder | None:
        """Find an order of a customer."""
        route, path = "GET /customers/{customer}/orders/{order}", path_of("customers", customer, "orders", order)
        return await self._find(route, path, partial(read_order, customer=customer, wanted=order))

    async def change(self, change: OrderChange, *, key: str) -> bool:
        """Have a change made once under its key; false: the order is not what it was when that was decided.

        Raises:
            ChangeRefusedError: the system does not make this change.
        """
        return await self._made("/changes", change, key)

    async def change_customer(self, change: CustomerChange, *, key: str) -> bool:
        """Have a change of a customer made once under its key; false: the customer is not what was decided on.

        Raises:
            ChangeRefusedError: the system does not make this change, or no change of customers at all.
        """
        if not change.version:
            raise ChangeRefusedError(
                "The merchant's system gives customers no version, so it takes no changes of them."
            )
        return await self._made("/customer-changes", change, key)

    async def _made(self, path: str, change: OrderChange | CustomerChange, key: str) -> bool:
        answers = frozenset({_MISSING, _CONFLICT, _REFUSED})
        body = msgspec.json.encode(change)
        call = Call(route=f"POST {path}", path=path, body=body, key=key, answers=answers)
        status = await self._connection.ask(call, _status_of_change)
        if status == _REFUSED:
            raise ChangeRefusedError(f"{call.route}: the merchant's system does not make the change {change.action}.")
        return status not in answers

    async def _find(
        self, route: str, path: str | None, read: Callable[[bytes], _T], query: Mapping[str, str] = _NOTHING
    ) -> _T | None:
        if path is None:
            return None
        call = Call(route=route, path=path, query=query, answers=frozenset({_MISSING}))
        return await self._connection.ask(call, partial(_found, read))


def _page_or_none(answer: Answer) -> GoodsPage | None:
    if answer.status == _NOT_MODIFIED:
        return None
    page, products = read_page(answer.body)
    return GoodsPage(products, page.removed, Since(page.as_of, answer.etag), page.next)


def _found(read: Callable[[bytes], _T], answer: Answer) -> _T | None:
    if answer.status != _MISSING:
        return read(answer.body)
    # A page of a proxy that does not know the path must not pass for a shop without such an order.
    _failures.decode(answer.body)
    return None


def _identified_customer(body: bytes) -> CustomerId:
    return _identified.decode(body).customer


def _status_of_change(answer: Answer) -> int:
    if answer.status in (_MISSING, _CONFLICT, _REFUSED):
        _failures.decode(answer.body)
    else:
        _changes_made.decode(answer.body)
    return answer.status
