"""The orders that a conversation test asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from xiaoer.ids import OrderId, SkuId
from xiaoer.money import Money
from xiaoer.pack import Given, GivenAddress, GivenCoupon, GivenLine, GivenMethod, GivenOrder, Meanwhile
from xiaoer.shop.customers import Address, Coupon, Customer, PaymentMethod, StockNotice
from xiaoer.shop.demo.aftersale import with_claim, with_exchange, with_invoice, with_refund_paid, with_return
from xiaoer.shop.demo.timeline import PATHS, Pieces, Purchase, Setting, Step, make_order
from xiaoer.shop.errors import DemoListError
from xiaoer.shop.models import Appointment, Order, Product, Variant
from xiaoer.shop.restoring import BY_SHOP

ANY_SKU = "any"
"""Stands in a test for an article of the demo's goods, whichever."""
_BEFORE_PAYING = timedelta(minutes=10)
_BEFORE_SHIPPING = timedelta(hours=12)
_BEFORE_DELIVERY = timedelta(hours=48)


def customer_from_given(
    given: Given, customer: Customer, products: Sequence[Product], currency: str, now: datetime
) -> Customer:
    """Give a customer what a conversation test says that they hold; its days count from now.

    Raises:
        DemoListError: the test names a SKU that the demo does not have.
    """
    methods = tuple(_method(method, currency) for method in given.payment_methods)
    coupons = tuple(_coupon(f"K{n}", coupon, currency, now) for n, coupon in enumerate(given.coupons, start=1))
    addresses = tuple(_address(address, customer) for address in given.addresses)
    return msgspec.structs.replace(
        customer,
        addresses=(*customer.addresses, *addresses),
        payment_methods=methods,
        coupons=coupons,
        stock_notices=tuple(_notice(sku, products, now) for sku in given.notices),
        points=given.points,
        level=given.level,
    )


def customer_by_then(meanwhile: Meanwhile, customer: Customer, products: Sequence[Product], now: datetime) -> Customer:
    """Give a customer what they hold after something happened between two messages; the default address stays.

    Raises:
        DemoListError: the test names a SKU that the demo does not have.
    """
    addresses, notices = customer.addresses, customer.stock_notices
    if meanwhile.addresses is not None:
        addresses = (*addresses[:1], *(_address(address, customer) for address in meanwhile.addresses))
    if meanwhile.notices is not None:
        notices = tuple(_notice(sku, products, now) for sku in meanwhile.notices)
    return msgspec.structs.replace(customer, addresses=addresses, stock_notices=notices)


def _notice(sku: str, products: Sequence[Product], now: datetime) -> StockNotice:
    product = next((product for product in products if any(item.sku == sku for item in product.variants)), None)
    if product is None:
        raise _no_such_sku(sku)
    return StockNotice(sku=SkuId(sku), product=product.id, asked_at=now)


def stocked(product: Product, stock: Mapping[str, int]) -> Product:
    """Give a product with as many pieces of its variants as a conversation test says."""
    variants = (msgspec.structs.replace(item, stock=stock.get(item.sku, item.stock)) for item in product.variants)
    return msgspec.structs.replace(product, variants=tuple(variants))


def _address(given: GivenAddress, customer: Customer) -> Address:
    person, phone = given.person or customer.name, given.phone or customer.phone
    return Address(person=person, phone=phone, region=given.region, street=given.street, label=given.label)


def _method(given: GivenMethod, currency: str) -> PaymentMethod:
    balance = None if given.balance_minor is None else Money(given.balance_minor, currency)
    return PaymentMethod(id=given.id, kind=given.kind, label=given.label, balance=balance)


def _coupon(id: str, given: GivenCoupon, currency: str, now: datetime) -> Coupon:
    return Coupon(
        id=id,
        title=given.title,
        amount=None if given.amount_minor is None else Money(given.amount_minor, currency),
        percent=given.percent,
        minimum=None if given.minimum_minor is None else Money(given.minimum_minor, currency),
        valid_from=now + timedelta(days=given.from_days),
        valid_until=now + timedelta(days=given.until_days),
        state="used" if given.is_used else "open",
    )


def order_from_given(given: GivenOrder, customer: Customer, products: Sequence[Product], setting: Setting) -> Order:
    """Make the order that a conversation test describes; its hours count back from the setting's now.

    `invoice` is a state of an invoice; `refund` is a state of a refund, or of a return under way; `exchange` and
    `claim` are states of these.

    Raises:
        DemoListError: the test names a SKU that the demo does not have, or a state that orders do not have.
    """
    if given.state not in PATHS:
        raise DemoListError(f"The order {given.number} has no known state: {given.state!r}, not {', '.join(PATHS)}.")
    purchase = Purchase(
        number=OrderId(given.number),
        customer=customer,
        pieces=tuple(_pieces(line, products) for line in given.lines),
        method=setting.policies.payment.methods[0],
        carrier=setting.lists.carriers.carriers[0],
    )
    placed_at, steps = _steps(given, setting.now)
    order = _paid_with(given, make_order(purchase, placed_at, steps, setting), customer)
    if given.cancelled_by == "shop":
        order = _cancelled_by_shop(order)
    if given.invoice is not None:
        order = with_invoice(order, given.invoice, customer.name, setting)
    if given.appointment_days is not None:
        day = setting.policies.day(setting.now) + timedelta(days=given.appointment_days)
        order = msgspec.structs.replace(order, appointment=Appointment(day=day))
    return _with_cases(_with_refund(order, given, setting), given, setting)


def _paid_with(given: GivenOrder, order: Order, customer: Customer) -> Order:
    if given.paid_with is None or order.payment is None:
        return order
    method = customer.payment_method(given.paid_with)
    if method is None:
        raise DemoListError(f"The order {given.number} is paid with {given.paid_with!r}, which the customer has not.")
    payment = msgspec.structs.replace(order.payment, method=method.kind, method_id=method.id)
    return msgspec.structs.replace(order, payment=payment)


def _cancelled_by_shop(order: Order) -> Order:
    history = (
        msgspec.structs.replace(entry, by=BY_SHOP) if entry.action == "cancel" else entry for entry in order.history
    )
    return msgspec.structs.replace(order, history=tuple(history))


def _pieces(line: GivenLine, products: Sequence[Product]) -> Pieces:
    wanted = products[0].variants[0].sku if line.sku == ANY_SKU else line.sku
    for product in products:
        for variant in product.variants:
            if variant.sku == wanted:
                return Pieces(product, _as_paid(variant, line.paid_minor), line.quantity)
    raise _no_such_sku(line.sku)


def _no_such_sku(sku: str) -> DemoListError:
    return DemoListError(f"The demo shop has no SKU {sku!r}: take one of products.yaml (P1001-01), or `any`.")


def _as_paid(variant: Variant, minor: int | None) -> Variant:
    price = variant.price if minor is None else Money(minor, variant.price.currency)
    return msgspec.structs.replace(variant, price=price)


def _steps(given: GivenOrder, now: datetime) -> tuple[datetime, tuple[Step, ...]]:
    path = PATHS[given.state]
    if given.state in ("unpaid", "closed"):
        placed_at = now - (_BEFORE_PAYING if given.state == "unpaid" else timedelta(hours=given.paid_hours_ago))
        return placed_at, tuple(Step(action, placed_at + timedelta(minutes=30)) for action in path)
    moments = _moments(given, now)
    return moments["pay"] - _BEFORE_PAYING, tuple(Step(action, moments[action]) for action in path)


def _moments(given: GivenOrder, now: datetime) -> dict[str, datetime]:
    """When each action was done: what is given counts, the rest lies likely before it or half-way to now."""
    paid_at = now - timedelta(hours=given.paid_hours_ago)
    shipped_at, delivered_at = _ago(given.shipped_hours_ago, now), _ago(given.delivered_hours_ago, now)
    if shipped_at is None and delivered_at is not None:
        shipped_at = delivered_at - _BEFORE_DELIVERY
    if shipped_at is not None:
        paid_at = min(paid_at, shipped_at - _BEFORE_SHIPPING)
    else:
        shipped_at = paid_at + (now - paid_at) / 2
    if delivered_at is None:
        delivered_at = shipped_at + (now - shipped_at) / 2
    return {
        "pay": paid_at,
        "pack": paid_at + (shipped_at - paid_at) / 2,
        "ship": shipped_at,
        "deliver": delivered_at,
        "complete": delivered_at + (now - delivered_at) / 2,
        "cancel": paid_at + (now - paid_at) / 2,
    }


def _ago(hours: float | None, now: datetime) -> datetime | None:
    return None if hours is None else now - timedelta(hours=hours)


def _with_refund(order: Order, given: GivenOrder, setting: Setting) -> Order:
    match given.refund:
        case "opened" | "sent_back" | "received" | "rejected" | "withdrawn" as state:
            return with_return(order, state, "not_wanted", setting)
        case "processing" | "paid":
            if not order.refunds:
                order = with_return(order, "refunded", "not_wanted", setting)
            return with_refund_paid(order, setting) if given.refund == "paid" else order
        case None:
            return order
        case other:
            assert_never(other)


def _with_cases(order: Order, given: GivenOrder, setting: Setting) -> Order:
    if given.exchange is not None:
        order = with_exchange(order, given.exchange, "faulty", setting)
    return order if given.claim is None else with_claim(order, given.claim, "damaged", setting)
