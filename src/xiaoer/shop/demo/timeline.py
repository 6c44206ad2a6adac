"""Orders made step by step along a line of time, each step through the table of states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from xiaoer.ids import OrderId
from xiaoer.money import Money
from xiaoer.shop.changes import Note, moved
from xiaoer.shop.customers import Address, Customer
from xiaoer.shop.demo.lists import Carrier, DemoLists
from xiaoer.shop.models import Order, OrderLine, Payment, Product, Shipment, Trace, Variant
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import delivery_days
from xiaoer.shop.refunding import new_refund
from xiaoer.shop.regions import region_among


@dataclass(frozen=True, slots=True)
class Pieces:
    """Some pieces of a variant."""

    product: Product
    variant: Variant
    quantity: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody buys, and how it is paid and sent."""

    number: OrderId
    customer: Customer
    pieces: tuple[Pieces, ...]
    method: str
    carrier: Carrier
    note: str = ""
    cancel_reason: str = ""

    @property
    def address(self) -> Address:
        """Where it goes."""
        return self.customer.addresses[0]


@dataclass(frozen=True, slots=True)
class Step:
    """An action on an order and when it is done."""

    action: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """What orders are made with: lists, policies, and the present."""

    lists: DemoLists
    policies: Policies
    now: datetime


PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unpaid": (),
        "paid": ("pay",),
        "packing": ("pay", "pack"),
        "shipped": ("pay", "pack", "ship"),
        "delivered": ("pay", "pack", "ship", "deliver"),
        "completed": ("pay", "pack", "ship", "deliver", "complete"),
        "cancelled": ("pay", "cancel"),
        "closed": ("expire",),
    }
)
"""The actions that lead from a new order to each state."""

_JOURNEY = (
    (0.02, "picked_up"),
    (0.15, "in_transit"),
    (0.45, "in_transit"),
    (0.8, "arrived"),
    (0.92, "out_for_delivery"),
    (1.0, "signed"),
)
_BY_CUSTOMER = ("pay", "cancel", "complete")


def make_order(purchase: Purchase, placed_at: datetime, steps: tuple[Step, ...], setting: Setting) -> Order:
    """Place an order and take its steps.

    Raises:
        StateChangeError: a step is not possible after those before it.
    """
    order = _placed(purchase, placed_at, setting)
    for step in steps:
        by_customer = step.action in _BY_CUSTOMER
        reason = purchase.cancel_reason if step.action == "cancel" else ""
        # The demo's own customers stand as "demo": only what a visitor does is a customer's change.
        note = Note(by="demo" if by_customer else "shop", at=step.at, reason=reason)
        order = _with_consequence(moved(order, step.action, note), purchase, step, setting)
    return order


def spread(start: datetime, end: datetime, count: int) -> tuple[datetime, ...]:
    """Give moments at equal distances between two others, those two left out, in whole seconds."""
    gap = (end - start) / (count + 1)
    return tuple(start + timedelta(seconds=int((gap * number).total_seconds())) for number in range(1, count + 1))


def _placed(purchase: Purchase, placed_at: datetime, setting: Setting) -> Order:
    lines = tuple(
        OrderLine(
            id=f"{purchase.number}-{number}",
            sku=pieces.variant.sku,
            product=pieces.product.id,
            title=pieces.product.title,
            category=pieces.product.category,
            options=pieces.variant.options,
            quantity=pieces.quantity,
            unit_price=pieces.variant.price,
        )
        for number, pieces in enumerate(purchase.pieces, start=1)
    )
    goods = sum((line.amount for line in lines), Money(0, lines[0].unit_price.currency))
    return Order(
        id=purchase.number,
        customer=purchase.customer.id,
        state="unpaid",
        placed_at=placed_at,
        lines=lines,
        freight=_freight(purchase.address.region, goods, setting.policies),
        address=purchase.address,
        note=purchase.note,
    )


def _freight(region: str, goods: Money, policies: Policies) -> Money:
    fee = policies.shipping_fee
    minor = 0 if goods.minor >= fee.free_from_minor else fee.fee_minor
    if region_among(fee.remote_regions, region) and goods.minor < fee.remote_free_from_minor:
        minor += fee.remote_fee_minor
    return Money(minor, goods.currency)


def _with_consequence(order: Order, purchase: Purchase, step: Step, setting: Setting) -> Order:
    match step.action:
        case "pay":
            payment = Payment(method=purchase.method, amount=order.total, paid_at=step.at)
            return msgspec.structs.replace(order, payment=payment)
        case "ship":
            return msgspec.structs.replace(order, shipments=(_shipment(purchase, step.at, setting),))
        case "deliver":
            delivered = msgspec.structs.replace(order.shipments[-1], delivered_at=step.at)
            traces = _traces(delivered, purchase.address, setting)
            return msgspec.structs.replace(order, shipments=(msgspec.structs.replace(delivered, traces=traces),))
        case "complete":
            return msgspec.structs.replace(order, completed_at=step.at)
        case "cancel" if order.payment is not None:
            refund = new_refund(order, order.paid_amount, setting.policies, step.at)
            return msgspec.structs.replace(order, refunds=(refund,))
        case _:
            return order


def _shipment(purchase: Purchase, shipped_at: datetime, setting: Setting) -> Shipment:
    carrier = purchase.carrier
    shipment = Shipment(
        carrier=carrier.code,
        tracking_no=carrier.prefix + purchase.number[-carrier.digits :],
        shipped_at=shipped_at,
    )
    return msgspec.structs.replace(shipment, traces=_traces(shipment, purchase.address, setting))


def _traces(shipment: Shipment, address: Address, setting: Setting) -> tuple[Trace, ...]:
    """The stations until the delivery, or until now when it is still to come."""
    end = shipment.delivered_at
    if end is None:
        days = delivery_days(address.region, setting.policies.delivery_times)
        end = shipment.shipped_at + timedelta(days=days)
    stations = zip(_JOURNEY, _stops(shipment, address, setting.lists), strict=True)
    on_the_way = (
        Trace(
            at=shipment.shipped_at + timedelta(seconds=int((end - shipment.shipped_at).total_seconds() * part)),
            place=place,
            what=what,
        )
        for (part, what), place in stations
        if what != "signed" or shipment.delivered_at is not None
    )
    return tuple(trace for trace in on_the_way if trace.at <= setting.now)


def _stops(shipment: Shipment, address: Address, lists: DemoLists) -> tuple[str, ...]:
    hubs = lists.carriers.hubs
    hub = hubs[sum(map(ord, shipment.tracking_no)) % len(hubs)]
    city = next((place.city for place in lists.places.places if place.region == address.region), address.region)
    return (lists.carriers.origin, hubs[0], hub, city, city, city)
