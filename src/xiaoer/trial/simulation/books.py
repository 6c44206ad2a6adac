"""The shop's books before and after: what a conversation changed, and nothing of how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import asdict

from xiaoer.ids import CustomerId, OrderId, SkuId
from xiaoer.shop import Order, Records


@dataclass(frozen=True, slots=True)
class Books:
    """All orders by number, the stock of every variant, and what is on each payment method, in minor units."""

    orders: Mapping[OrderId, Order]
    stock: Mapping[SkuId, int]
    balances: Mapping[tuple[CustomerId, str], int]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise: fields of orders by number, pieces more (or less) of variants, money on payment methods."""

    fields: Mapping[OrderId, frozenset[str]]
    stock: Mapping[SkuId, int]
    balances: Mapping[str, int]

    def __bool__(self) -> bool:
        """Say whether anything is otherwise."""
        return bool(self.fields or self.stock or self.balances)


async def read_orders(records: Records) -> Mapping[OrderId, Order]:
    """Read a shop's orders alone: far less than its goods."""
    return {order.id: order for order in await records.orders()}


async def read_books(records: Records) -> Books:
    """Read a shop's books."""
    orders = await read_orders(records)
    products = await records.products()
    return Books(
        orders=orders,
        stock={variant.sku: variant.stock for product in products for variant in product.variants},
        balances={
            (customer.id, method.id): method.balance.minor
            for customer in await records.customers()
            for method in customer.payment_methods
            if method.balance is not None
        },
    )


def changes(before: Books, after: Books) -> Changes:
    """Say what is otherwise; an order that is new or gone differs in everything, `id` included."""
    numbers = before.orders.keys() | after.orders.keys()
    fields = {number: _fields(before.orders.get(number), after.orders.get(number)) for number in numbers}
    stock = {sku: after.stock.get(sku, 0) - pieces for sku, pieces in before.stock.items()}
    money = {key: after.balances.get(key, 0) - minor for key, minor in before.balances.items()}
    return Changes(
        {number: names for number, names in fields.items() if names},
        {sku: pieces for sku, pieces in stock.items() if pieces},
        {method: minor for (_, method), minor in money.items() if minor},
    )


def _fields(before: Order | None, after: Order | None) -> frozenset[str]:
    old, new = (asdict(order) if order else {} for order in (before, after))
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
