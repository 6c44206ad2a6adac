"""What only the demo shop has: signing in as anybody, and looking at goods and orders on the storefront."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import Field

from xiaoer.access import BadVisitorTokenError, VisitorTokens
from xiaoer.answer import Formats
from xiaoer.api.shapes import ErrorShape, Shape
from xiaoer.clock import Clock
from xiaoer.ids import CustomerId
from xiaoer.shop import Customer, Order, Product, Records
from xiaoer.turn import Releases


class DemoCustomer(Shape):
    """Somebody whom a visitor of the demo may be."""

    id: str
    name: str
    level: str
    orders: int
    about: str


class SignIn(Shape):
    """Whom to be."""

    customer: Annotated[str, Field(max_length=100)]


class SignedIn(Shape):
    """A visitor token, as the shop's own site would sign it."""

    visitor_token: str
    name: str


class DemoProduct(Shape):
    """An article on the storefront."""

    id: str
    title: str
    price: str
    image: str
    category: str
    tag: str


class DemoOrder(Shape):
    """An order of the customer who is signed in; `state` is a code, `placed` in ISO 8601."""

    number: str
    state: str
    placed: str
    total: str
    items: str


class DemoShopShape(Shape):
    """The shop's name and what it sells; `language` is its first one, `languages` are all that it serves in."""

    title: str
    about: str
    language: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoParts:
    """What the demo's routes are joined to."""

    records: Records
    tokens: VisitorTokens
    clock: Clock
    releases: Releases


def demo_routes(parts: DemoParts) -> APIRouter:
    """Give the demo's routes."""
    api = _DemoApi(parts)
    router = APIRouter(prefix="/demo", tags=["demo"])
    router.add_api_route("/shop", api.shop, methods=["GET"])
    router.add_api_route("/customers", api.customers, methods=["GET"])
    router.add_api_route("/sign-in", api.sign_in, methods=["POST"], responses={401: {"model": ErrorShape}})
    router.add_api_route("/products", api.products, methods=["GET"])
    router.add_api_route("/orders", api.orders, methods=["GET"], responses={401: {"model": ErrorShape}})
    return router


class _DemoApi:
    def __init__(self, parts: DemoParts) -> None:
        self._parts = parts

    async def shop(self) -> DemoShopShape:
        """Name the shop."""
        manifest = self._parts.releases.current.pack.manifest
        return DemoShopShape(
            title=manifest.title,
            about=manifest.about,
            language=manifest.language,
            languages=tuple(self._parts.releases.languages),
        )

    async def customers(self) -> list[DemoCustomer]:
        """List the demo's customers, those with most orders under way first."""
        invented = filter(_is_invented, await self._parts.records.customers())
        found = [await self._described(customer) for customer in invented]
        return sorted(found, key=lambda customer: -customer.orders)

    async def _described(self, customer: Customer) -> DemoCustomer:
        orders = await self._parts.records.orders_of(customer.id)
        return DemoCustomer(
            id=customer.id,
            name=customer.name,
            level=customer.level,
            orders=len(orders),
            about=self._states(orders),
        )

    def _states(self, orders: Sequence[Order]) -> str:
        states = sorted({order.state for order in orders})
        return self._formats().write([self._formats().write(state, "word") for state in states], "list")

    async def sign_in(self, body: SignIn) -> SignedIn:
        """Be a customer of the demo."""
        customer = await self._parts.records.customer(CustomerId(body.customer))
        if customer is None or not _is_invented(customer):
            raise BadVisitorTokenError("The demo has no such customer.")
        token = self._parts.tokens.sign(customer.id, now=self._parts.clock.now())
        return SignedIn(visitor_token=token, name=customer.name)

    async def products(self, limit: Annotated[int, Query(ge=1, le=500)] = 60) -> list[DemoProduct]:
        """List goods for the storefront."""
        products = (await self._parts.records.products())[:limit]
        return [self._product(product) for product in products]

    def _product(self, product: Product) -> DemoProduct:
        price = {"minor": product.price_from.minor, "currency": product.price_from.currency}
        return DemoProduct(
            id=product.id,
            title=product.title,
            price=self._formats().write(price, "money"),
            image="",
            category=product.category,
            tag=self._formats().write(product.category, "word"),
        )

    async def orders(self, authorization: Annotated[str, Header()] = "") -> list[DemoOrder]:
        """List the orders of the customer whom the visitor token proves."""
        token = authorization.removeprefix("Bearer ").strip()
        customer = self._parts.tokens.verify(token, now=self._parts.clock.now())
        return [self._order(order) for order in await self._parts.records.orders_of(customer)]

    def _order(self, order: Order) -> DemoOrder:
        formats = self._formats()
        total = {"minor": order.total.minor, "currency": order.total.currency}
        return DemoOrder(
            number=order.id,
            state=order.state,
            placed=order.placed_at.isoformat(),
            total=formats.write(total, "money"),
            items=formats.write([line.title for line in order.lines], "list"),
        )

    def _formats(self) -> Formats:
        return self._parts.releases.current.composer.formats


def _is_invented(customer: Customer) -> bool:
    """Say whether a customer is the demo's: where the demo was left on over a real shop, nobody may be its customers.

    Addresses at example.com belong to nobody (RFC 2606); the demo gives its customers such ones.
    """
    return customer.email.endswith("@example.com")
