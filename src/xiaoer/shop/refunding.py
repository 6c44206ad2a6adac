"""New refunds and charges: how much, by which way, until when; and the numbers of what belongs to an order."""

from collections.abc import Collection
from datetime import UTC, datetime, time

import msgspec

from xiaoer.events import Facts
from xiaoer.ids import OrderId
from xiaoer.money import Money
from xiaoer.shop.models import Charge, Order, Refund
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import add_working_days, money_facts, refund_days, way_days
from xiaoer.shop.states import CHARGE_STATES, REFUND_STATES
from xiaoer.shop.ways import Way, own_way


def new_refund(
    order: Order, amount: Money, policies: Policies, asked_at: datetime, *, return_id: str = "", way: Way | None = None
) -> Refund:
    """Make the refund of an amount, by a way or to where the order was paid from.

    It is due by the end of its last working day; what the shop keeps itself is paid at once.
    """
    way = way or own_way(order, None)
    is_at_once = way.balance is not None
    last_day = add_working_days(policies.day(asked_at), way_days(way, policies.refund_times))
    end_of_day = datetime.combine(last_day, time(23, 59, 59), tzinfo=policies.timezone).astimezone(UTC)
    return Refund(
        id=refund_id(order.id, len(order.refunds) + 1),
        amount=amount,
        method=way.method,
        state="paid" if is_at_once else "processing",
        asked_at=asked_at,
        expected_by=asked_at if is_at_once else end_of_day,
        paid_at=asked_at if is_at_once else None,
        return_id=return_id,
        method_id=way.method_id,
    )


def within_paid(order: Order, due: Money) -> Money:
    """Bound what is due (below zero: paid back) so that no more is paid back than is left of what was paid."""
    least = order.refunded_amount - order.paid_amount
    return least if order.payment is not None and due < least else due


def settlement_facts(order: Order, due: Money, policies: Policies) -> Facts:
    """Say how an amount that is due because the order changes is settled; below zero it is paid back.

    `settlement` (none, refund, charge, or total before payment), `difference` (without sign), and for a paid order
    `method` and `refund_days`.
    """
    zero = Money(0, due.currency)
    if due == zero:
        return {"settlement": "none"}
    amount = zero - due if due < zero else due
    if order.payment is None:
        return {"settlement": "total", "difference": money_facts(amount), "total": money_facts(order.total + due)}
    return {
        "settlement": "refund" if due < zero else "charge",
        "difference": money_facts(amount),
        "method": order.payment.method,
        "refund_days": refund_days(order.payment.method, policies.refund_times),
    }


def with_settlement(order: Order, due: Money, way: Way, policies: Policies, now: datetime, *, of: str) -> Order:
    """Pay an amount back (below zero) or ask for it, by a way, in place of what still waits for what an id names."""
    order = msgspec.structs.replace(order, charges=without_charges(order.charges, {of}))
    zero = Money(0, due.currency)
    if due < zero:
        refund = new_refund(order, zero - due, policies, now, way=way)
        return msgspec.structs.replace(order, refunds=(*order.refunds, refund))
    if zero < due:
        charge = new_charge(order, due, now, of=of, way=way)
        return msgspec.structs.replace(order, charges=(*order.charges, charge))
    return order


def with_refund_withdrawn(order: Order, refund: str) -> Order:
    """Let a refund that is under way not be paid.

    Raises:
        StateChangeError: it was paid.
    """
    refunds = tuple(
        msgspec.structs.replace(item, state=REFUND_STATES.after(item.state, "withdraw", of=item.id))
        if item.id == refund
        else item
        for item in order.refunds
    )
    return msgspec.structs.replace(order, refunds=refunds)


def new_charge(order: Order, amount: Money, asked_at: datetime, *, of: str, way: Way) -> Charge:
    """Make the charge of an amount by a way; `of` is the id of what it is for. From a balance it is paid at once."""
    is_at_once = way.balance is not None
    return Charge(
        id=f"P{order.id}{len(order.charges) + 1:02d}",
        amount=amount,
        method=way.method,
        state="paid" if is_at_once else "waiting",
        asked_at=asked_at,
        of=of,
        paid_at=asked_at if is_at_once else None,
        method_id=way.method_id,
    )


def without_charges(charges: tuple[Charge, ...], ids: Collection[str]) -> tuple[Charge, ...]:
    """Drop the charges that still wait for what these ids name."""
    return tuple(
        msgspec.structs.replace(charge, state=CHARGE_STATES.after(charge.state, "drop", of=charge.id))
        if charge.of in ids and charge.state == "waiting"
        else charge
        for charge in charges
    )


def paid_charges(order: Order, of: str) -> Money:
    """Give what was paid by charges for what an id names."""
    paid = (charge.amount for charge in order.charges if charge.of == of and charge.state == "paid")
    return sum(paid, Money(0, order.freight.currency))


def refund_id(order: OrderId, number: int) -> str:
    """Name the refunds of an order, counted from 1."""
    return f"F{order}{number:02d}"


def return_id(order: OrderId, number: int) -> str:
    """Name the returns of an order, counted from 1."""
    return f"R{order}{number:02d}"


def exchange_id(order: OrderId, number: int) -> str:
    """Name the exchanges of an order, counted from 1."""
    return f"E{order}{number:02d}"


def claim_id(order: OrderId, number: int) -> str:
    """Name the claims of an order, counted from 1."""
    return f"C{order}{number:02d}"
