"""New refunds: how much, by which way, until when; and the numbers of what belongs to an order."""

from datetime import UTC, datetime, time

from xiaoer.ids import OrderId
from xiaoer.money import Money
from xiaoer.shop.models import Order, Refund
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import add_working_days, refund_days


def new_refund(order: Order, amount: Money, policies: Policies, asked_at: datetime, *, return_id: str = "") -> Refund:
    """Make the refund of an amount to where the order was paid from; it is due by the end of its last working day."""
    method = order.payment.method if order.payment else ""
    days = refund_days(method, policies.refund_times)
    last_day = add_working_days(policies.day(asked_at), days)
    return Refund(
        id=refund_id(order.id, len(order.refunds) + 1),
        amount=amount,
        method=method,
        state="processing",
        asked_at=asked_at,
        expected_by=datetime.combine(last_day, time(23, 59, 59), tzinfo=policies.timezone).astimezone(UTC),
        return_id=return_id,
    )


def refund_id(order: OrderId, number: int) -> str:
    """Name the refunds of an order, counted from 1."""
    return f"F{order}{number:02d}"


def return_id(order: OrderId, number: int) -> str:
    """Name the returns of an order, counted from 1."""
    return f"R{order}{number:02d}"


def claim_id(order: OrderId, number: int) -> str:
    """Name the claims of an order, counted from 1."""
    return f"C{order}{number:02d}"
