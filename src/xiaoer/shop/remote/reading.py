"""Answers of the merchant's system as records, checked where the trade's rules would stumble."""

from datetime import UTC, datetime
from typing import TypeVar, cast

import msgspec
import structlog

from xiaoer.ids import CustomerId, OrderId, ProductId
from xiaoer.shop.models import Product
from xiaoer.shop.remote.errors import BadAnswerError
from xiaoer.shop.remote.shapes import KeptCustomer, KeptOrder

_T = TypeVar("_T")
_Record = TypeVar("_Record", bound=msgspec.Struct)
_log = structlog.get_logger()


class RawPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of products whose products are not decoded yet, so that one that is wrong does not spoil the others."""

    products: tuple[msgspec.Raw, ...]
    removed: tuple[ProductId, ...] = ()
    next: str = ""
    as_of: str = ""


class _RawOrders(msgspec.Struct, frozen=True, kw_only=True):
    orders: tuple[msgspec.Raw, ...]


_pages = msgspec.json.Decoder(RawPage)
_order_lists = msgspec.json.Decoder(_RawOrders)
_products = msgspec.json.Decoder(Product)
_customers = msgspec.json.Decoder(KeptCustomer)
_orders = msgspec.json.Decoder(KeptOrder)


def read_page(body: bytes) -> tuple[RawPage, tuple[Product, ...]]:
    """Read a page of products; products that are not as the contract says are left out, and logged."""
    page = _pages.decode(body)
    found = (_product_or_none(raw) for raw in page.products)
    return page, tuple(product for product in found if product is not None)


def read_product(body: bytes, wanted: ProductId) -> Product:
    """Read the product that was asked for.

    Raises:
        BadAnswerError: it is another one, or has no variant.
    """
    product = _sellable(_in_utc(_products.decode(body)))
    if product.id != wanted:
        raise BadAnswerError("The merchant's system gave another product than the one asked for.")
    return product


def read_customer(body: bytes, wanted: CustomerId) -> KeptCustomer:
    """Read the customer who was asked for.

    Raises:
        BadAnswerError: it is another one.
    """
    customer = _customers.decode(body)
    if customer.id != wanted:
        raise BadAnswerError("The merchant's system gave another customer than the one asked for.")
    return customer


def read_orders(body: bytes, customer: CustomerId, *, limit: int) -> tuple[KeptOrder, ...]:
    """Read the first `limit` orders of a customer.

    Raises:
        BadAnswerError: one is another customer's; then none is believed.
    """
    return tuple(_own(_orders.decode(raw), customer) for raw in _order_lists.decode(body).orders[:limit])


def read_order(body: bytes, customer: CustomerId, wanted: OrderId) -> KeptOrder:
    """Read the order that was asked for.

    Raises:
        BadAnswerError: it is another one, or another customer's.
    """
    order = _own(_orders.decode(body), customer)
    if order.id != wanted:
        raise BadAnswerError("The merchant's system gave another order than the one asked for.")
    return order


def _own(order: KeptOrder, customer: CustomerId) -> KeptOrder:
    if order.customer != customer:
        _log.error("shop.foreign_order")
        raise BadAnswerError("The merchant's system gave an order of another customer than the one asked for.")
    if not order.lines:
        raise BadAnswerError("The merchant's system gave an order without a line.")
    return _in_utc(order)


def _product_or_none(raw: msgspec.Raw) -> Product | None:
    try:
        return _sellable(_in_utc(_products.decode(raw)))
    except (msgspec.DecodeError, UnicodeDecodeError, BadAnswerError) as error:
        _log.warning("shop.product_left_out", problem=str(error))
        return None


def _sellable(product: Product) -> Product:
    if not product.variants:
        raise BadAnswerError("The merchant's system gave a product without a variant.")
    return product


def _in_utc(record: _Record) -> _Record:
    """Give a record with all its moments in UTC, as everywhere in Xiaoer.

    Raises:
        BadAnswerError: a moment has no time zone.
    """
    fields = ((name, getattr(record, name)) for name in record.__struct_fields__)
    moved = {name: new for name, value in fields if (new := _moved(value)) is not value}
    return msgspec.structs.replace(record, **moved) if moved else record


def _moved(value: _T) -> _T:
    # `cast`: each case gives back the type that it matched.
    match value:
        case datetime():
            if value.tzinfo is None:
                raise BadAnswerError("The merchant's system gave a time without a time zone.")
            return cast("_T", value.astimezone(UTC))
        case msgspec.Struct():
            return cast("_T", _in_utc(value))
        case tuple():
            moved = tuple(_moved(item) for item in value)
            return value if all(new is old for new, old in zip(moved, value, strict=True)) else cast("_T", moved)
        case _:
            return value
