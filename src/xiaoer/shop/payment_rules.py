"""What may be paid by which way, and where money may go back to."""

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts, progress_code, way_days
from xiaoer.shop.ways import Way, is_same, named_way, own_way, spent_by, ways_of


def payment_due(order: Order, holder: Customer | None) -> Money:
    """Give what another way has to pay for an order: its total, or what the way by which it was paid still bears.

    A part that was paid back since does not have to be paid again.
    """
    if order.payment is None:
        return order.total
    left = order.paid_amount - order.refunded_amount
    borne = spent_by(order, own_way(order, holder))
    return borne if borne <= left else left


def may_change_payment(order: Order, holder: Customer | None, named: str, policies: Policies) -> Decision:
    """Decide whether an order may be paid by another of the customer's payment methods.

    Without one named only the order is judged. Allowed facts: amount, is_paid, former, former_days (working days until
    the money is back there), and for a method named: method, balance_left where it has a balance.
    """
    clause, due = policies.payment_change.clause, payment_due(order, holder)
    own = own_way(order, holder)
    facts: Facts = {"amount": money_facts(due), "is_paid": order.payment is not None, "former": own.name}
    if order.state not in policies.payment_change.until_states:
        return Refused(progress_code(order.state), clause, facts)
    if due.minor <= 0:
        return Refused("nothing_to_pay", clause, facts)
    facts |= {"former_days": way_days(own, policies.refund_times)} if order.payment else {}
    if not named:
        return Allowed(clause, facts)
    way = named_way(order, holder, named)
    if way is None:
        return Refused("unknown_method", clause, facts)
    facts |= _way_facts(way, due)
    if is_same(way, own):
        return Refused("same_method", clause, facts)
    return Allowed(clause, facts) if way.covers(due) else Refused("not_covered", clause, facts)


def charge_way(
    order: Order, holder: Customer | None, named: str, amount: Money, policies: Policies
) -> tuple[Way, Decision]:
    """Give the way by which a difference is paid, the order's own where none is named, and whether it covers it."""
    clause = policies.payment.clause
    way = named_way(order, holder, named)
    if way is None:
        return own_way(order, holder), Refused("unknown_method", clause)
    facts = _way_facts(way, amount)
    return way, Allowed(clause, facts) if way.covers(amount) else Refused("not_covered", clause, facts)


def refund_ways(order: Order, holder: Customer | None, policies: Policies) -> tuple[Way, ...]:
    """Give the ways by which the money of an order may go back: its own, and those of the kinds of the policy."""
    own = own_way(order, holder)
    return tuple(way for way in ways_of(order, holder) if is_same(way, own) or way.method in policies.refund_way.kinds)


def refund_way(order: Order, holder: Customer | None, named: str, policies: Policies) -> Way | Refused:
    """Give the way by which money goes back, the order's own where none is named; refused where it may not go there."""
    way, clause = named_way(order, holder, named), policies.refund_way.clause
    if way is None:
        return Refused("unknown_method", clause)
    own = own_way(order, holder)
    if not is_same(way, own) and all(not is_same(way, other) for other in refund_ways(order, holder, policies)):
        return Refused("other_refund_way", clause, {"method": way.name, "former": own.name})
    return way


def _way_facts(way: Way, amount: Money) -> Facts:
    if way.balance is None:
        return {"method": way.name}
    left = {"balance_left": money_facts(way.balance - amount)} if way.covers(amount) else {}
    return {"method": way.name, "balance": money_facts(way.balance), **left}
