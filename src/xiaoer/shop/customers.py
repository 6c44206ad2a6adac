"""The customers of a shop: their addresses, what they pay with and hold, and what they wait for."""

from datetime import datetime

from msgspec import Struct

from xiaoer.ids import CustomerId, ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.states import CouponState


class Address(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a parcel goes; `region` is province, city and district, `street` the rest.

    `label` is what the customer calls it ("home", "office").
    """

    person: str
    phone: str
    region: str
    street: str
    postcode: str = ""
    label: str = ""


class PaymentMethod(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By what a customer pays; `kind` is a code (wechat, credit_card, gift_card), `label` what the customer calls it.

    A `balance` is kept by the shop itself, as on a gift card: money is moved from it and to it at once.
    """

    id: str
    kind: str
    label: str
    balance: Money | None = None
    is_default: bool = False


class Coupon(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coupon of a customer: an amount or `percent` off, from `minimum` on; `about` says what it is for."""

    id: str
    title: str
    amount: Money | None = None
    percent: int = 0
    minimum: Money | None = None
    valid_from: datetime
    valid_until: datetime
    state: CouponState = "open"
    about: str = ""


class StockNotice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A customer wants to be told when a variant is in stock again; there is one for each variant at most."""

    sku: SkuId
    product: ProductId
    asked_at: datetime


class Customer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who buys; `level` is a code of the member programme, the first of the addresses is the default."""

    id: CustomerId
    name: str
    phone: str
    email: str
    addresses: tuple[Address, ...] = ()
    level: str = "standard"
    points: int = 0
    payment_methods: tuple[PaymentMethod, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    stock_notices: tuple[StockNotice, ...] = ()
    history: tuple[HistoryEntry, ...] = ()

    def payment_method(self, method_id: str) -> PaymentMethod | None:
        """Find a payment method by its id."""
        return next((method for method in self.payment_methods if method.id == method_id), None)

    def stock_notice(self, sku: str) -> StockNotice | None:
        """Find the notice about a variant."""
        return next((notice for notice in self.stock_notices if notice.sku == sku), None)
