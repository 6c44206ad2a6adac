"""What was promised for an order's next step: sending it, delivering it."""

from datetime import date, datetime, timedelta

from xiaoer.shop.models import Order
from xiaoer.shop.policies import DeliveryTimes, Policies
from xiaoer.shop.regions import region_among


def promised_shipping(order: Order, policies: Policies) -> datetime | None:
    """Give until when a paid order leaves."""
    return order.paid_at + timedelta(hours=policies.shipping_promise.hours) if order.paid_at else None


def expected_delivery(order: Order, policies: Policies) -> date | None:
    """Give the day on which the last parcel arrives at the latest, or on which the customer wants it later."""
    if order.shipment is None:
        return None
    there = arrival(order, policies, order.shipment.shipped_at)
    return max(there, order.appointment.day) if order.appointment else there


def arrival(order: Order, policies: Policies, now: datetime) -> date:
    """Give the day by which the last parcel is where it goes, if one not sent yet left now."""
    left = order.shipment.shipped_at if order.shipment else now
    return policies.day(left) + timedelta(days=delivery_days(order.address.region, policies.delivery_times))


def delivery_days(region: str, times: DeliveryTimes) -> int:
    """Give how many days a parcel to a region travels at most."""
    if region_among(times.remote_regions, region):
        return times.remote_days
    return times.near_days if region_among(times.near_regions, region) else times.other_days
