"""What must hold in a record as a whole for the shop to work with it."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from xiaoer.money import Money
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Exchange, Order, Product, Return, Shipment
from xiaoer.shop.transfer.faults import Fault, Where
from xiaoer.shop.transfer.kinds import Record
from xiaoer.shop.transfer.shapes import Amount, Listed, Nested, Shape
from xiaoer.shop.transfer.trails import Trail, follow, trails_to

_WHOLE_PERCENT = 100


def faults_of(record: Record, shape: Shape) -> Iterator[Fault]:
    """Say what is wrong with a record whose values are all right by themselves."""
    yield from _list_faults(record, shape, ())
    match record:
        case Product():
            yield from _mixed_currencies(record, shape)
        case Customer():
            yield from _coupon_faults(record)
        case Order():
            yield from _mixed_currencies(record, shape)
            yield from _order_faults(record)
        case _:
            pass


def _list_faults(record: Record, shape: Shape, where: Where) -> Iterator[Fault]:
    """Name the lists that must not be empty and are, and the elements whose id another one has."""
    for part in _parts_with_lists(shape):
        inside = getattr(record, part.name)
        if isinstance(part, Listed):
            if part.is_required and not inside:
                yield Fault((*where, part.name), "has no row", "Add at least one.")
            yield from _doubled(inside, part.shape, (*where, part.name))
            for place, element in enumerate(inside) if _parts_with_lists(part.shape) else ():
                yield from _list_faults(element, part.shape, (*where, part.name, place))
        elif inside is not None:
            yield from _list_faults(inside, part.shape, (*where, part.name))


@cache
def _parts_with_lists(shape: Shape) -> tuple[Listed | Nested, ...]:
    """Find the parts in which a list is to be looked at; in most structs there are none."""
    return tuple(
        part
        for part in shape.parts
        if isinstance(part, Listed | Nested)
        and (_parts_with_lists(part.shape) or (isinstance(part, Listed) and (part.is_required or part.shape.key)))
    )


def _doubled(elements: Sequence[Record], shape: Shape, where: Where) -> Iterator[Fault]:
    if not shape.key or len(elements) < 2:
        return
    seen = set[str]()
    for place, element in enumerate(elements):
        id = getattr(element, shape.key)
        if id in seen:
            yield Fault((*where, place, shape.key), f"is {id!r}, as in a row before", "Give each row its own.")
        seen.add(id)


def _mixed_currencies(record: Record, shape: Shape) -> Iterator[Fault]:
    first: Money | None = None
    for where, _, amount in follow(_trails_to_money(shape), record):
        first = first or amount
        if amount.currency != first.currency:
            what = f"is in {amount.currency}, and others in {first.currency}"
            yield Fault((*where, "currency"), what, "Give all amounts of a record in one currency.")


@cache
def _trails_to_money(shape: Shape) -> tuple[Trail, ...]:
    return trails_to(shape, lambda part: isinstance(part, Amount))


def _coupon_faults(customer: Customer) -> Iterator[Fault]:
    for place, coupon in enumerate(customer.coupons):
        if coupon.valid_until < coupon.valid_from:
            what = "is before valid_from"
            yield Fault(("coupons", place, "valid_until"), what, "Check which of the two is wrong.")
        if (coupon.amount is None) == (coupon.percent == 0):
            what = f"is {coupon.percent}, {'without' if coupon.amount is None else 'beside'} an amount"
            yield Fault(("coupons", place, "percent"), what, "Give what it takes off: an amount or a percentage.")
        elif coupon.percent > _WHOLE_PERCENT:
            yield Fault(("coupons", place, "percent"), f"is {coupon.percent}", "It must be at most 100.")


def _order_faults(order: Order) -> Iterator[Fault]:
    for place, line in enumerate(order.lines):
        if line.returned_quantity > line.quantity:
            what = f"is {line.returned_quantity}, of {line.quantity} bought"
            yield Fault(("lines", place, "returned_quantity"), what, "It must be at most the quantity.")
        elif line.returned_quantity + line.cancelled_quantity > line.quantity:
            what = f"is {line.cancelled_quantity}, with {line.returned_quantity} returned of {line.quantity} bought"
            yield Fault(("lines", place, "cancelled_quantity"), what, "Both together must be at most the quantity.")
    for place, returned in enumerate(order.returns):
        yield from _faults_of_goods_back(order, returned, ("returns", place))
    for place, exchanged in enumerate(order.exchanges):
        yield from _faults_of_goods_back(order, exchanged, ("exchanges", place))
    yield from _faults_of_money(order)
    for place, shipment in enumerate(order.shipments):
        yield from _shipment_faults(shipment, ("shipments", place))


def _faults_of_goods_back(order: Order, item: Return | Exchange, where: Where) -> Iterator[Fault]:
    line = order.line(item.line)
    if line is None:
        yield Fault((*where, "line"), f"is {item.line!r}, which is no line of the order", "Name a line's id.")
    elif item.quantity > line.quantity:
        what = f"is {item.quantity}, of {line.quantity} bought"
        yield Fault((*where, "quantity"), what, "It must be at most the line's quantity.")


def _faults_of_money(order: Order) -> Iterator[Fault]:
    known = {*(line.id for line in order.lines), *(item.id for item in order.exchanges)}
    for place, charge in enumerate(order.charges):
        if charge.of not in known:
            what = f"is {charge.of!r}, which is no line and no exchange of the order"
            yield Fault(("charges", place, "of"), what, "Name a line's or an exchange's id.")
    returns = {item.id for item in order.returns}
    for place, refund in enumerate(order.refunds):
        if refund.return_id and refund.return_id not in returns:
            what = f"is {refund.return_id!r}, which is no return of the order"
            yield Fault(("refunds", place, "return_id"), what, "Name a return's id, or leave it empty.")
    yield from _claim_faults(order)


def _claim_faults(order: Order) -> Iterator[Fault]:
    lines, refunds = {line.id for line in order.lines}, {refund.id for refund in order.refunds}
    for place, claim in enumerate(order.claims):
        unknown = next((line for line in claim.lines if line not in lines), None)
        if unknown is not None or not claim.lines:
            what = "names no line" if unknown is None else f"names {unknown!r}, which is no line of the order"
            yield Fault(("claims", place, "lines"), what, "Name lines' ids.")
        if claim.refund_id and claim.refund_id not in refunds:
            what = f"is {claim.refund_id!r}, which is no refund of the order"
            yield Fault(("claims", place, "refund_id"), what, "Name a refund's id, or leave it empty.")
    for place, line in enumerate(order.lines):
        if line.credit is not None and line.credit.minor > line.unit_price.minor:
            what = f"is {line.credit.minor}, of a price of {line.unit_price.minor}"
            yield Fault(("lines", place, "credit", "minor"), what, "It must be at most the price.")


def _shipment_faults(shipment: Shipment, where: Where) -> Iterator[Fault]:
    if shipment.delivered_at is not None and shipment.delivered_at < shipment.shipped_at:
        yield Fault((*where, "delivered_at"), "is before shipped_at", "Check which of the two is wrong.")
    moments = [trace.at for trace in shipment.traces]
    for place, (before, at) in enumerate(pairwise(moments), start=1):
        if at < before:
            yield Fault((*where, "traces", place, "at"), "is before the row above", "Put the oldest first.")
