"""Products, customers and orders as JSON documents and back."""

from typing import TypeVar

import msgspec

from xiaoer.shop.customers import Customer
from xiaoer.shop.errors import UnreadableDocumentError
from xiaoer.shop.models import Order, Product

_Record = TypeVar("_Record", Product, Customer, Order)

_encoder = msgspec.json.Encoder()
_products = msgspec.json.Decoder(Product)
_customers = msgspec.json.Decoder(Customer)
_orders = msgspec.json.Decoder(Order)


def encode(record: Product | Customer | Order) -> bytes:
    """Write a record as JSON in UTF-8; fields at their default are left out."""
    return _encoder.encode(record)


def decode_product(document: bytes) -> Product:
    """Read a product.

    Raises:
        UnreadableDocumentError: the document is no product of this version.
    """
    return _decode(_products, document)


def decode_customer(document: bytes) -> Customer:
    """Read a customer.

    Raises:
        UnreadableDocumentError: the document is no customer of this version.
    """
    return _decode(_customers, document)


def decode_order(document: bytes) -> Order:
    """Read an order.

    Raises:
        UnreadableDocumentError: the document is no order of this version.
    """
    return _decode(_orders, document)


def _decode(decoder: "msgspec.json.Decoder[_Record]", document: bytes) -> _Record:
    try:
        return decoder.decode(document)
    except msgspec.MsgspecError as error:
        raise UnreadableDocumentError(f"Not a document that this version knows ({error}).") from error
