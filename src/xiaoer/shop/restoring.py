"""Taking a cancelled order up again: the counter-action of cancelling it."""

from datetime import datetime, timedelta

import msgspec

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.changes import Note, moved
from xiaoer.shop.goods import Goods
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Charge, Order, OrderLine, Refund
from xiaoer.shop.policies import Policies
from xiaoer.shop.refunding import new_charge, with_refund_withdrawn
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts, progress_code
from xiaoer.shop.ways import charged_way

BY_SHOP = "shop"


def may_restore(order: Order, goods: Goods, policies: Policies, now: datetime) -> Decision:
    """Decide whether an order may be taken up again: one that the customer cancelled, soon enough, not paid back yet.

    Facts: cancelled_at and until (of what the customer cancelled), hours; allowed: lines, refund_amount (what is not
    paid back then) and refund_method. `lines` of a refusal are what is no longer there.
    """
    policy = policies.restore
    if order.state != "cancelled":
        return Refused(progress_code(order.state), policy.clause)
    cancelled = _cancelled(order)
    if cancelled is None or cancelled.by == BY_SHOP:
        return Refused("cancelled_by_shop", policy.clause)
    until = cancelled.at + timedelta(hours=policy.hours)
    facts: Facts = {
        "cancelled_at": cancelled.at.isoformat(),
        "until": until.isoformat(),
        "hours": policy.hours,
    }
    if order.payment is None:
        return Refused("never_paid", policy.clause, facts)
    refunds = refunds_of_cancelling(order)
    if any(refund.state != "processing" for refund in refunds):
        return Refused("refund_paid", policy.clause, facts)
    if now > until:
        return Refused("too_late", policy.clause, facts)
    gone = [line.title for line in order.lines if _stock(line, goods) < _pieces(order, line)]
    if gone:
        return Refused("sold_out", policy.clause, {**facts, "lines": gone})
    amount = sum((refund.amount for refund in refunds), Money(0, order.freight.currency))
    return Allowed(
        policy.clause,
        {
            **facts,
            "lines": [line.title for line in order.lines if line.kept_quantity],
            "refund_amount": money_facts(amount),
            "refund_method": order.payment.method,
        },
    )


def restored(order: Order, note: Note) -> Order:
    """Give the order as it was before it was cancelled, its refund withdrawn, what still had to be paid asked for."""
    dropped = _dropped_by_cancelling(order)
    for refund in refunds_of_cancelling(order):
        order = with_refund_withdrawn(order, refund.id)
    for charge in dropped:
        asked = new_charge(order, charge.amount, note.at, of=charge.of, way=charged_way(order, None, charge))
        order = msgspec.structs.replace(order, charges=(*order.charges, asked))
    return moved(order, "restore", note)


def refunds_of_cancelling(order: Order) -> tuple[Refund, ...]:
    """Give the refund that was made when the order was cancelled: named in the history, or asked for from then on."""
    cancelled = _cancelled(order)
    if cancelled is None:
        return ()
    named = cancelled.details.get("refund")
    return tuple(r for r in order.refunds if (r.id == named if named else r.asked_at >= cancelled.at))


def _cancelled(order: Order) -> HistoryEntry | None:
    return next((entry for entry in reversed(order.history) if entry.action == "cancel"), None)


def _dropped_by_cancelling(order: Order) -> tuple[Charge, ...]:
    cancelled = _cancelled(order)
    named = cancelled.details.get("charges", "").split(",") if cancelled else []
    return tuple(charge for charge in order.charges if charge.id in named)


def _stock(line: OrderLine, goods: Goods) -> int:
    product = goods.products.get(line.product)
    variants = product.variants if product else ()
    return next((variant.stock for variant in variants if variant.sku == line.sku), 0)


def _pieces(order: Order, line: OrderLine) -> int:
    """Give how many pieces all lines of this variant need together."""
    return sum(other.kept_quantity for other in order.lines if other.sku == line.sku)
