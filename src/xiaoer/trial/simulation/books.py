"""The shop's books before and after: what a conversation changed, and nothing of how it came about."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import asdict

from xiaoer.ids import CustomerId, OrderId, SkuId
from xiaoer.shop import Customer, Order, Records

_APART = frozenset({"payment_methods", "history"})


@dataclass(frozen=True, slots=True)
class Books:
    """All orders by number, the stock of every variant, the customers, and what is on each of their payment methods.

    Money is in minor units.
    """

    orders: Mapping[OrderId, Order]
    stock: Mapping[SkuId, int]
    customers: Mapping[CustomerId, Customer]
    balances: Mapping[tuple[CustomerId, str], int]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is otherwise: fields of orders by number, pieces more (or less) of variants, money on payment methods.

    `of_customers` are the fields of what is kept of customers, but for their payment methods and their history.
    """

    fields: Mapping[OrderId, frozenset[str]]
    stock: Mapping[SkuId, int]
    balances: Mapping[str, int]
    of_customers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether anything is otherwise."""
        return bool(self.fields or self.stock or self.balances or self.of_customers)


async def read_owned(records: Records) -> tuple[Mapping[OrderId, Order], Mapping[CustomerId, Customer]]:
    """Read a shop's orders and customers alone: far less than its goods."""
    orders, customers = await records.orders(), await records.customers()
    return {order.id: order for order in orders}, {customer.id: customer for customer in customers}


async def read_books(records: Records) -> Books:
    """Read a shop's books."""
    orders, customers = await read_owned(records)
    products = await records.products()
    return Books(
        orders=orders,
        stock={variant.sku: variant.stock for product in products for variant in product.variants},
        customers=customers,
        balances={
            (customer.id, method.id): method.balance.minor
            for customer in customers.values()
            for method in customer.payment_methods
            if method.balance is not None
        },
    )


def changes(before: Books, after: Books) -> Changes:
    """Say what is otherwise; an order that is new or gone differs in everything, `id` included."""
    numbers = before.orders.keys() | after.orders.keys()
    fields = {number: _fields(before.orders.get(number), after.orders.get(number)) for number in numbers}
    stock = {sku: after.stock.get(sku, 0) - pieces for sku, pieces in before.stock.items()}
    owners = before.customers.keys() | after.customers.keys()
    kept = (_fields(before.customers.get(owner), after.customers.get(owner)) for owner in owners)
    money = {key: after.balances.get(key, 0) - minor for key, minor in before.balances.items()}
    return Changes(
        {number: names for number, names in fields.items() if names},
        {sku: pieces for sku, pieces in stock.items() if pieces},
        {method: minor for (_, method), minor in money.items() if minor},
        frozenset().union(*kept) - _APART,
    )


def _fields(before: Order | Customer | None, after: Order | Customer | None) -> frozenset[str]:
    old, new = (asdict(each) if each else {} for each in (before, after))
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
