"""How far a case is: since when, what follows, and until when that was promised."""

from datetime import date, datetime, timedelta

from xiaoer.events import Facts
from xiaoer.shop.cases import Case
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Claim, Exchange, Order, Refund, Return
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import add_working_days, money_facts, way_days
from xiaoer.shop.ways import Way, named_way, own_way
from xiaoer.shop.withdrawing import case_facts


def progress_facts(case: Case, policies: Policies, now: datetime, *, holder: Customer | None = None) -> Facts:
    """Give what may be said of a case of the `holder`; moments and days as in orders, what is unknown left out.

    `is_late`: what was promised for its next step is over by now.
    """
    item = case.item
    facts: Facts = {
        "order": case.order.id,
        **case_facts(case),
        "opened_at": item.opened_at.isoformat(),
        "changed_at": item.changed_at.isoformat() if item.changed_at else None,
        "is_late": False,
    }
    match item:
        case Claim():
            facts |= {"wanted": item.wanted, "is_late": item.state == "opened" and item.answer_by < now}
            facts |= _refund_facts(_refund_of(case.order, item), policies)
        case Return():
            way = _way_of(case.order, holder, item)
            facts |= _way_back(item, way, policies, now) | _money_of(case.order, item, way, policies, now)
        case Exchange():
            facts |= _way_back(item, _way_of(case.order, holder, item), policies, now) | _sending(item, policies, now)
    return {name: value for name, value in facts.items() if value is not None}


def _way_of(order: Order, holder: Customer | None, item: Return | Exchange) -> Way:
    """Give the way by which money goes back: that which was named for it, else the order's own."""
    return named_way(order, holder, item.refund_to) or own_way(order, holder)


def _way_back(item: Return | Exchange, way: Way, policies: Policies, now: datetime) -> Facts:
    """Say when the pieces are fetched, and what is paid back for them."""
    amount = money_facts(item.refund_amount) if item.refund_amount.minor else None
    facts: Facts = {
        "refund_amount": amount,
        "refund_method": way.name,
        "review_days": policies.refund_times.review_days,
    }
    if item.state != "opened":
        return facts
    pick_up = policies.next_pick_up(item.opened_at)
    is_late = date.fromisoformat(pick_up["date"]) < policies.day(now)
    return {**facts, "pick_up": pick_up, "is_late": is_late}


def _money_of(order: Order, item: Return, way: Way, policies: Policies, now: datetime) -> Facts:
    """Say until when a return's money is there, once the pieces are."""
    if item.state == "received" and item.changed_at is not None:
        days = policies.refund_times.review_days + way_days(way, policies.refund_times)
        last_day = add_working_days(policies.day(item.changed_at), days)
        return {"refund_by": last_day.isoformat(), "is_late": last_day < policies.day(now)}
    if item.state != "refunded":
        return {}
    refund = next((refund for refund in order.refunds if refund.return_id == item.id), None)
    facts = _refund_facts(refund, policies)
    is_late = refund is not None and refund.state != "paid" and refund.expected_by < now
    return {**facts, "is_late": is_late}


def _sending(item: Exchange, policies: Policies, now: datetime) -> Facts:
    """Say until when what is wanted instead leaves, once the old pieces are there."""
    if item.state != "received" or item.changed_at is None:
        return {}
    send_by = item.changed_at + timedelta(hours=policies.shipping_promise.hours)
    return {"send_by": send_by.isoformat(), "is_late": send_by < now}


def _refund_of(order: Order, claim: Claim) -> Refund | None:
    return next((refund for refund in order.refunds if refund.id == claim.refund_id), None)


def _refund_facts(refund: Refund | None, policies: Policies) -> Facts:
    if refund is None:
        return {}
    return {
        "refund_amount": money_facts(refund.amount),
        "refund_method": refund.method,
        "refund_state": refund.state,
        "refund_by": policies.day(refund.expected_by).isoformat(),
        "paid_at": refund.paid_at.isoformat() if refund.paid_at else None,
    }
