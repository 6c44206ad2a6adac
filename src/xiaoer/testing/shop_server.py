"""A merchant's system as the contract wants it, over a shop's records.

It is the reference for those who write one: read it beside `docs/do/connect-a-shop-over-rest.md`.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from xiaoer.clock import Clock
from xiaoer.events import Claim
from xiaoer.ids import ActionKey, CustomerId, OrderId, ProductId
from xiaoer.shop import (
    SIGNATURE_HEADER,
    BalanceError,
    ChangeMade,
    Customer,
    CustomerChange,
    Identified,
    KeptCustomer,
    KeptOrder,
    Order,
    OrderChange,
    OrderList,
    Product,
    ProductPage,
    Records,
    Signed,
    StateChangeError,
    Transaction,
    is_signature,
    moved_amounts,
    restocked,
    with_customer_effects,
    with_effects,
    with_moved,
)
from xiaoer.testing.shop_faults import Faults, listening

_MOST_ON_A_PAGE = 500
_Change = TypeVar("_Change", OrderChange, CustomerChange)


@dataclass(slots=True)
class _Account:
    """When which product changed, counted in looks that found something new."""

    number: int = 0
    _states: dict[ProductId, tuple[bytes, int]] = field(default_factory=dict)
    _removed: dict[ProductId, int] = field(default_factory=dict)

    def look(self, products: tuple[Product, ...]) -> None:
        """Compare the goods with those of the look before."""
        states = {product.id: _digest(product) for product in products}
        known = {key: digest for key, (digest, _) in self._states.items()}
        if states == known and self.number:
            return
        self.number += 1
        for key in known.keys() - states.keys():
            self._removed[key] = self.number
        kept = {key: self._states[key] for key in states if known.get(key) == states[key]}
        self._states = {key: kept.get(key, (digest, self.number)) for key, digest in states.items()}

    def changed_after(self, product: ProductId, number: int) -> bool:
        """Say whether a product changed after a look."""
        return self._states[product][1] > number

    def removed_after(self, number: int) -> tuple[ProductId, ...]:
        """Give the products that are gone since a look."""
        return tuple(key for key, at in self._removed.items() if at > number and key not in self._states)


@dataclass(slots=True)
class ShopServer:
    """The merchant's system. With `keeps_account` it tells which goods changed, with `has_etag` whether any did.

    `faults` lets it fail on the way; with `mixes_up_customers` it gives everybody's orders to everybody, with
    `believes_everybody` whoever asks who they are is its first customer; without `versions_customers` it takes no
    changes of customers.
    `keys` are those of the changes that came.
    """

    records: Records
    clock: Clock
    token: str = "a token of tests alone"  # noqa: S105  # opens nothing elsewhere
    signing_secret: str = ""
    keeps_account: bool = False
    has_etag: bool = False
    mixes_up_customers: bool = False
    believes_everybody: bool = False
    versions_customers: bool = True
    faults: Faults = field(default_factory=Faults)
    keys: list[str] = field(default_factory=list)
    _account: _Account = field(default_factory=_Account)

    def app(self) -> ASGIApp:
        """Give the ASGI application."""
        system = Starlette(
            routes=[
                Route("/products", self._guarded(self._products)),
                Route("/products/{product}", self._guarded(self._product)),
                Route("/identify", self._guarded(self._identify), methods=["POST"]),
                Route("/customers/{customer}", self._guarded(self._customer)),
                Route("/customers/{customer}/orders", self._guarded(self._orders)),
                Route("/customers/{customer}/orders/{order}", self._guarded(self._order)),
                Route("/changes", self._guarded(self._change), methods=["POST"]),
                Route("/customer-changes", self._guarded(self._change_customer), methods=["POST"]),
            ]
        )
        return self.faults.between(system)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve on a free port of this machine; give the address."""
        async with listening(self.app()) as port:
            yield f"http://127.0.0.1:{port}"

    # The contract

    def _guarded(self, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if not await self._is_known(request):
                return _failed(401, "unknown", "The token or the signature is wrong.")
            return await answer(request)

        return guarded

    async def _is_known(self, request: Request) -> bool:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        if not self.signing_secret:
            return True
        path, query = request.scope["raw_path"].decode(), request.scope["query_string"].decode()
        key = request.headers.get("idempotency-key", "")
        signed = Signed(request.method, f"{path}?{query}" if query else path, key, await request.body())
        value = request.headers.get(SIGNATURE_HEADER, "")
        return is_signature(value, self.signing_secret, signed, now=self.clock.now())

    async def _products(self, request: Request) -> Response:
        products = await self.records.products()
        self._account.look(products)
        etag = f'"{self._account.number}"' if self.has_etag else ""
        if etag and request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        since = int(request.query_params.get("updated_since") or 0)
        after = request.query_params.get("after", "")
        limit = min(int(request.query_params.get("limit") or 100), _MOST_ON_A_PAGE)
        changed = [p for p in products if p.id > after and self._account.changed_after(p.id, since)]
        page = ProductPage(
            products=tuple(changed[:limit]),
            removed=self._account.removed_after(since) if since and not after else (),
            next=changed[limit - 1].id if len(changed) > limit else "",
            as_of=str(self._account.number) if self.keeps_account else "",
        )
        return _json(page, headers={"etag": etag} if etag else None)

    async def _product(self, request: Request) -> Response:
        product = await self.records.product(ProductId(request.path_params["product"]))
        return _json(product) if product else _missing()

    async def _customer(self, request: Request) -> Response:
        customer = await self.records.customer(CustomerId(request.path_params["customer"]))
        if customer is None:
            return _missing()
        return _json(_kept_customer(customer) if self.versions_customers else customer)

    async def _identify(self, request: Request) -> Response:
        try:
            claim = msgspec.json.decode(await request.body(), type=Claim)
        except msgspec.DecodeError:
            return _failed(422, "unknown_claim", "The body is no claim.")
        customer = await self.records.identify(claim)
        if self.believes_everybody:
            customer = (await self.records.customers())[0].id
        return _json(Identified(customer=customer)) if customer else _missing()

    async def _orders(self, request: Request) -> Response:
        limit = int(request.query_params.get("limit") or 100)
        if self.mixes_up_customers:
            orders = await self.records.orders()
        else:
            orders = await self.records.orders_of(CustomerId(request.path_params["customer"]))
        return _json(OrderList(orders=tuple(_kept(order) for order in orders[:limit])))

    async def _order(self, request: Request) -> Response:
        customer, number = CustomerId(request.path_params["customer"]), OrderId(request.path_params["order"])
        if self.mixes_up_customers:
            order = next((order for order in await self.records.orders() if order.id == number), None)
        else:
            order = await self.records.order_of(customer, number)
        return _json(_kept(order)) if order else _missing()

    async def _change(self, request: Request) -> Response:
        return await self._made_once(request, OrderChange, _make)

    async def _change_customer(self, request: Request) -> Response:
        return await self._made_once(request, CustomerChange, _make_of_customer)

    async def _made_once(
        self, request: Request, kind: type[_Change], make_it: Callable[[Transaction, _Change], Awaitable[bytes]]
    ) -> Response:
        key = request.headers.get("idempotency-key", "")
        if not key:
            return _failed(400, "no_key", "A change needs the header Idempotency-Key.")
        self.keys.append(key)
        try:
            change = msgspec.json.decode(await request.body(), type=kind)
        except msgspec.DecodeError as error:
            return _failed(422, "unknown_change", str(error))

        async def work(transaction: Transaction) -> bytes:
            async def make() -> bytes:
                return await make_it(transaction, change)

            return await transaction.once(ActionKey(f"shop-api/{key}"), make, self.clock.now())

        try:
            return Response(await self.records.change(work), media_type="application/json")
        except _NotMadeError as error:
            return error.answer
        except StateChangeError as error:
            return _failed(422, "state", str(error))


class _NotMadeError(Exception):
    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


async def _make(transaction: Transaction, change: OrderChange) -> bytes:
    order = await transaction.order_of(change.customer, change.order)
    if order is None:
        raise _NotMadeError(_missing())
    if _version(order) != change.version:
        raise _NotMadeError(_failed(409, "version", "The order was changed since."))
    after = with_effects(order, change.effects, change.history)
    products = [await transaction.product(id) for id in sorted({line.product for line in order.lines})]
    stocked = [restocked(product, change.effects) for product in products if product]
    if any(variant.stock < 0 for product in stocked for variant in product.variants):
        raise _NotMadeError(_failed(409, "stock", "There are not as many pieces left."))
    holder = await transaction.customer(order.customer)
    await transaction.store_customers(_settled(holder, order, after) if holder else ())
    await transaction.store_orders([after])
    await transaction.store_products(stocked)
    return msgspec.json.encode(ChangeMade(version=_version(after)))


async def _make_of_customer(transaction: Transaction, change: CustomerChange) -> bytes:
    customer = await transaction.customer(change.customer)
    if customer is None:
        raise _NotMadeError(_missing())
    if _version(customer) != change.version:
        raise _NotMadeError(_failed(409, "version", "The customer was changed since."))
    after = with_customer_effects(customer, change.effects, change.history)
    await transaction.store_customers([after])
    return msgspec.json.encode(ChangeMade(version=_version(after)))


def _settled(holder: Customer, before: Order, after: Order) -> tuple[Customer, ...]:
    """Give the customer whose balances moved with the order's payments; none where none did."""
    moved = moved_amounts(before, after)
    try:
        return (with_moved(holder, moved),) if moved else ()
    except BalanceError as error:
        raise _NotMadeError(_failed(409, "balance", str(error))) from error


def _kept(order: Order) -> KeptOrder:
    fields = {name: getattr(order, name) for name in order.__struct_fields__}
    return KeptOrder(**fields, version=_version(order))


def _kept_customer(customer: Customer) -> KeptCustomer:
    fields = {name: getattr(customer, name) for name in customer.__struct_fields__}
    return KeptCustomer(**fields, version=_version(customer))


def _version(record: Order | Customer) -> str:
    """The record's content, whose history grows with every change: it never comes back."""
    return _digest(record).hex()[:16]


def _digest(record: Order | Customer | Product) -> bytes:
    return hashlib.sha256(msgspec.json.encode(record)).digest()


def _json(body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")


def _failed(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return _json({"error": {"code": code, "message": message}}, status=status, headers=headers)


def _missing() -> Response:
    return _failed(404, "missing", "There is nothing of that id.")
