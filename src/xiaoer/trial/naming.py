"""Whether what a conversation test names is there: what is not would be passed over, and the test hold nothing."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from xiaoer.pack import ConversationTest, Fault, GivenOrder, MeanwhileTurn, Pack, PackError
from xiaoer.shop import ANY_SKU, Product

_Path: TypeAlias = tuple[str | int, ...]


def require_named(test: ConversationTest, pack: Pack, products: Iterable[Product]) -> None:
    """Make sure that the shop has every SKU that a test gives, and the test every order that is to be gone.

    Raises:
        PackError: it has not; the error says in which file, line and field.
    """
    known = {variant.sku for product in products for variant in product.variants}
    unknown = [
        (path, f"the shop has no SKU {sku!r}: take one of its products.yaml (P1001-01)")
        for path, sku in _skus(test)
        if sku not in known
    ]
    unknown += [
        (path, f"the test gives no order {number!r} before, so that none can be gone") for path, number in _lost(test)
    ]
    faults = [
        Fault(pack.place(f"conversations:{test.name}", *path), ".".join(map(str, path)), message)
        for path, message in unknown
    ]
    if faults:
        raise PackError(str(pack.folder), faults)


def _skus(test: ConversationTest) -> Iterator[tuple[_Path, str]]:
    yield from _in_orders(test.given.orders, "given")
    yield from _in_stock(test.given.stock, "given")
    yield from _in_notices(test.given.notices, "given")
    for index, turn in enumerate(test.talk):
        if isinstance(turn, MeanwhileTurn):
            yield from _in_orders(turn.meanwhile.orders, "talk", index, "meanwhile")
            yield from _in_stock(turn.meanwhile.stock, "talk", index, "meanwhile")
            yield from _in_notices(turn.meanwhile.notices or (), "talk", index, "meanwhile")


def _in_orders(orders: Iterable[GivenOrder], *at: str | int) -> Iterator[tuple[_Path, str]]:
    for index, order in enumerate(orders):
        for number, line in enumerate(order.lines):
            if line.sku != ANY_SKU:
                yield (*at, "orders", index, "lines", number, "sku"), line.sku


def _in_stock(stock: Iterable[str], *at: str | int) -> Iterator[tuple[_Path, str]]:
    yield from (((*at, "stock", sku), sku) for sku in stock)


def _in_notices(notices: Iterable[str], *at: str | int) -> Iterator[tuple[_Path, str]]:
    yield from (((*at, "notices", index), sku) for index, sku in enumerate(notices))


def _lost(test: ConversationTest) -> Iterator[tuple[_Path, str]]:
    """Give the orders that are to be gone and were never there."""
    there = {order.number for order in test.given.orders}
    for index, turn in enumerate(test.talk):
        if isinstance(turn, MeanwhileTurn):
            there |= {order.number for order in turn.meanwhile.orders}
            for place, number in enumerate(turn.meanwhile.gone):
                if number not in there:
                    yield ("talk", index, "meanwhile", "gone", place), number
