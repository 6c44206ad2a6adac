"""What the shop's policies allow: pure decisions with the clause they rest on and the facts that explain them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.clauses import ClauseRef
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.policies import NoReasonReturn, Policies, QualityReturn, RefundTimes
from xiaoer.shop.regions import region_among
from xiaoer.shop.states import OrderState
from xiaoer.shop.ways import Way, own_way


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done; the facts say on what terms."""

    clause: ClauseRef
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be done; `reason` is a code."""

    reason: str
    clause: ClauseRef
    facts: Facts = field(default_factory=dict)


Decision: TypeAlias = Allowed | Refused

_PROGRESS: Mapping[str, str] = MappingProxyType(
    {
        "unpaid": "not_paid",
        "paid": "not_shipped",
        "packing": "being_packed",
        "shipped": "in_transit",
        "delivered": "delivered",
        "completed": "completed",
        "cancelled": "already_cancelled",
        "closed": "already_closed",
    }
)
"""Why something may not be done (any more), by the order's state."""
_BEFORE_DELIVERY = ("paid", "packing", "shipped")


def may_cancel(
    order: Order, policies: Policies, now: datetime, *, lines: Sequence[OrderLine] = (), way: Way | None = None
) -> Decision:
    """Decide whether an order may be cancelled, or these lines of it alone; the money goes back by its way or another.

    Of a line some pieces alone may be meant (`OrderLine.of_pieces`).
    Allowed facts: refund_amount, is_part, and for a paid order refund_method, refund_days, refund_by. What was paid for
    the delivery is paid back with the whole order only.
    """
    clause = policies.cancel.clause
    if order.state not in policies.cancel.until_states:
        return Refused(_PROGRESS[order.state], clause)
    if any(line.kept_quantity == 0 for line in lines):
        return Refused("line_gone", clause)
    is_part = is_part_of(order, lines)
    facts: Facts = {"is_part": is_part}
    if order.payment is None:
        return Allowed(clause, {**facts, "refund_amount": money_facts(Money(0, order.freight.currency))})
    way = way or own_way(order, None)
    days = way_days(way, policies.refund_times)
    return Allowed(
        clause,
        {
            **facts,
            "refund_amount": money_facts(max(cancelled_amount(order, lines), Money(0, order.freight.currency))),
            "refund_method": way.name,
            "refund_days": days,
            "refund_by": add_working_days(policies.day(now), days).isoformat(),
        },
    )


def is_part_of(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Say whether these lines, or pieces of lines, are only some of what is left of an order; none means all of it."""
    named = {line.id: line.kept_quantity for line in lines}
    return bool(lines) and any(line.kept_quantity > named.get(line.id, 0) for line in order.lines)


def cancelled_amount(order: Order, lines: Sequence[OrderLine]) -> Money:
    """Give what is paid back when an order, or these lines of it alone, are cancelled: never more than is left.

    It is below zero where more than the price of a few pieces of a line still had to be paid for that line.
    """
    left = order.paid_amount - order.refunded_amount
    if not is_part_of(order, lines):
        return left
    paid = (line.net_price * line.kept_quantity - order.unpaid_for(line.id) for line in lines)
    price = sum(paid, Money(0, order.freight.currency))
    return price if price <= left else left


def may_change_address(order: Order, policies: Policies, *, new_address: str = "") -> Decision:
    """Decide whether an order's address may be changed, and to this one if it is known already."""
    if order.state not in policies.address.until_states:
        return Refused(_PROGRESS[order.state], policies.address.clause)
    reach = may_deliver_to(new_address, policies)
    return reach if isinstance(reach, Refused) else Allowed(policies.address.clause)


def may_deliver_to(address: str, policies: Policies) -> Decision:
    """Decide whether the shop delivers to an address, as far as it is said."""
    outside = region_among(policies.delivery_range.excluded_regions, address)
    if outside:
        return Refused("outside_range", policies.delivery_range.clause, {"region": outside})
    return Allowed(policies.delivery_range.clause)


def may_return(
    order: Order, line: OrderLine, policies: Policies, now: datetime, *, reason: str = "", quantity: int | None = None
) -> Decision:
    """Decide whether pieces of a line may be returned: so many of those still kept, or all.

    Without a reason it is taken for a return of unwanted goods; a refusal then says by `quality_until` until when the
    goods could still go back if something were wrong with them. Allowed facts: refund_amount, quantity, deadline,
    freight_payer, freight_insured, must_be_sealed.
    """
    quality = policies.quality_return
    rule = quality if reason in quality.reasons else policies.no_reason_return
    hindrance = _return_hindrance(order, line)
    if hindrance:
        return Refused(hindrance, rule.clause, {"state": order.state})
    delivered = policies.day(order.delivered_at or now)
    quality_until = delivered + timedelta(days=quality.days)
    if isinstance(rule, NoReasonReturn):
        still = {"quality_until": quality_until.isoformat()} if policies.day(now) <= quality_until else {}
        if line.category in rule.excluded_categories:
            return Refused("excluded_category", rule.clause, {"category": line.category, **still})
    else:
        still = {}
    deadline = delivered + timedelta(days=rule.days)
    if policies.day(now) > deadline:
        return Refused("too_late", rule.clause, {"deadline": deadline.isoformat(), "days": rule.days, **still})
    pieces = line.kept_quantity if quantity is None else max(1, min(quantity, line.kept_quantity))
    facts = _return_terms(order, line, policies, rule, deadline)
    amount = money_facts(return_amount(order, line, pieces))
    return Allowed(rule.clause, {**facts, "quantity": pieces, "refund_amount": amount})


def _return_hindrance(order: Order, line: OrderLine) -> str:
    if order.state == "unpaid":
        return "not_paid"
    if order.state in _BEFORE_DELIVERY:
        return "not_delivered"
    if line.kept_quantity == 0:
        return "already_returned"
    if order.state in ("cancelled", "closed"):
        return _PROGRESS[order.state]
    return ""


def _return_terms(
    order: Order, line: OrderLine, policies: Policies, rule: NoReasonReturn | QualityReturn, deadline: date
) -> Facts:
    freight = policies.return_freight
    is_unwanted = isinstance(rule, NoReasonReturn)
    return {
        "deadline": deadline.isoformat(),
        "days": rule.days,
        "freight_payer": "customer" if is_unwanted else "shop",
        "freight_insured": is_unwanted and line.category in freight.insured_categories,
        "freight_from": money_facts(Money(freight.minimum_minor, order.freight.currency)),
        "freight_to": money_facts(Money(freight.maximum_minor, order.freight.currency)),
        "must_be_sealed": isinstance(rule, NoReasonReturn) and line.category in rule.sealed_categories,
    }


def may_request_invoice(order: Order, policies: Policies, now: datetime) -> Decision:
    """Decide whether an invoice may be asked for; allowed facts: kinds, amount, deadline (once completed)."""
    clause = policies.invoice.clause
    if order.state in ("unpaid", "cancelled", "closed"):
        return Refused(_PROGRESS[order.state], clause)
    if order.invoice is not None and order.invoice.state in ("requested", "issued"):
        return Refused(f"already_{order.invoice.state}", clause)
    facts: Facts = {
        "kinds": [*policies.invoice.kinds, *policies.special_invoice.kinds],
        "amount": money_facts(order.paid_amount - order.refunded_amount),
        "hours": policies.invoice.hours,
    }
    if order.completed_at is not None:
        deadline = policies.day(order.completed_at) + timedelta(days=policies.invoice.within_days)
        facts["deadline"] = deadline.isoformat()
        if policies.day(now) > deadline:
            return Refused("too_late", clause, {"deadline": deadline.isoformat(), "days": policies.invoice.within_days})
    return Allowed(clause, facts)


def return_amount(order: Order, line: OrderLine, quantity: int) -> Money:
    """Give what is paid back for pieces of a line: their price, never more than is left of what was paid."""
    left = order.paid_amount - order.refunded_amount
    price = line.net_price * quantity - order.unpaid_for(line.id)
    return price if price <= left else left


def progress_code(state: OrderState) -> str:
    """Give the code by which a refusal names how far an order is."""
    return _PROGRESS[state]


def refund_days(method: str, times: RefundTimes) -> int:
    """Give the working days until money is back by a payment method; an unknown method takes the longest time."""
    return times.days.get(method, max(times.days.values()))


def way_days(way: Way, times: RefundTimes) -> int:
    """Give the working days until money is back by a way; what the shop keeps itself is there at once."""
    return 0 if way.balance is not None else refund_days(way.method, times)


def add_working_days(day: date, count: int) -> date:
    """Go on by working days, Monday to Friday."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


def money_facts(amount: Money) -> Facts:
    """Write an amount as facts: minor units and currency."""
    return {"minor": amount.minor, "currency": amount.currency}
