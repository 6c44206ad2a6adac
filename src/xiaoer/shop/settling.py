"""By which way the difference of another variant is paid, or paid back."""

from dataclasses import dataclass

from xiaoer.money import Money
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Order
from xiaoer.shop.payment_rules import charge_way, refund_way
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import Allowed, Decision, Refused, way_days
from xiaoer.shop.ways import Way, own_way, ways_of


@dataclass(frozen=True, slots=True)
class Named:
    """The payment methods that are named, by id: by which a difference is paid, and to which it is paid back."""

    pay_by: str = ""
    refund_to: str = ""


def settled_by(
    order: Order, holder: Customer | None, decision: Decision, named: Named, policies: Policies
) -> tuple[Way, Decision]:
    """Give the way by which an allowed swap is settled, and the decision with it.

    Allowed facts: those of the decision, with `method`, `refund_days`, where the way has a balance `balance` and
    `balance_left`, and `asks_method`: none is named and there are several by which the difference can be paid.
    """
    own = own_way(order, holder)
    if isinstance(decision, Refused) or order.payment is None:
        return own, decision
    match decision.facts["settlement"]:
        case "charge":
            return _charged(order, holder, decision, named.pay_by, policies)
        case "refund":
            way = refund_way(order, holder, named.refund_to, policies)
            if isinstance(way, Refused):
                return own, Refused(way.reason, way.clause, decision.facts | way.facts)
            terms = {"method": way.name, "refund_days": way_days(way, policies.refund_times)}
            return way, Allowed(decision.clause, decision.facts | terms)
        case _:
            return own, decision


def _charged(
    order: Order, holder: Customer | None, decision: Allowed, named: str, policies: Policies
) -> tuple[Way, Decision]:
    amount = Money(**decision.facts["difference"])
    way, covered = charge_way(order, holder, named, amount, policies)
    facts = decision.facts | covered.facts
    if isinstance(covered, Refused):
        return way, Refused(covered.reason, covered.clause, facts)
    return way, Allowed(decision.clause, facts)


def asks_method(order: Order, holder: Customer | None, decision: Decision, named: Named) -> bool:
    """Say whether it is to be asked by which way the difference is paid: none is named, and there are several."""
    is_charge = decision.facts.get("settlement") == "charge"
    return is_charge and not named.pay_by and len(ways_of(order, holder)) > 1
