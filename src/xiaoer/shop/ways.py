"""The ways by which money goes: that by which an order was paid, or another of the customer's payment methods."""

from collections.abc import Iterator
from dataclasses import dataclass

from xiaoer.money import Money
from xiaoer.shop.customers import Customer, PaymentMethod
from xiaoer.shop.models import Charge, Order

ORIGINAL = "original"
"""What names the way by which an order was paid, be it among the customer's payment methods or not."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way for money: `method` is a code, `method_id` the customer's payment method, if it is one that is kept.

    What has a `balance` is kept by the shop: money goes from it and to it at once.
    """

    method: str
    method_id: str = ""
    label: str = ""
    balance: Money | None = None

    @property
    def name(self) -> str:
        """What the customer calls it, else its code."""
        return self.label or self.method

    def covers(self, amount: Money) -> bool:
        """Say whether an amount can be paid by it, as far as the shop knows."""
        return self.balance is None or amount <= self.balance


def own_way(order: Order, holder: Customer | None) -> Way:
    """Give the way by which an order was paid, or is to be paid."""
    if order.payment is None:
        chosen = _kept(order, holder, order.pay_with)
        return chosen or Way("")
    return _kept(order, holder, order.payment.method_id) or Way(order.payment.method, order.payment.method_id)


def charged_way(order: Order, holder: Customer | None, charge: Charge) -> Way:
    """Give the way by which a charge is paid."""
    return _kept(order, holder, charge.method_id) or Way(charge.method, charge.method_id)


def ways_of(order: Order, holder: Customer | None) -> tuple[Way, ...]:
    """Give all ways of a customer for an order, its own one first."""
    own = own_way(order, holder)
    others = [_as_way(method) for method in _usable(order, holder)]
    return tuple(([own] if own.method else []) + [way for way in others if not is_same(way, own)])


def named_way(order: Order, holder: Customer | None, named: str) -> Way | None:
    """Give the way that is named by an id, the order's own where none is; None where the customer has no such."""
    return own_way(order, holder) if named in ("", ORIGINAL) else _kept(order, holder, named)


def is_same(way: Way, other: Way) -> bool:
    """Say whether two ways are one; of those that are not kept the code tells."""
    return _is_by(other.method, other.method_id, way)


def spent_by(order: Order, way: Way) -> Money:
    """Give what was paid for an order by a way and did not go back to it."""
    zero = Money(0, order.freight.currency)
    gone = sum((item.amount for item in order.paid if _is_by(item.method, item.method_id, way)), zero)
    refunds = (item for item in order.refunds if item.state != "withdrawn")
    back = sum((item.amount for item in refunds if _is_by(item.method, item.method_id, way)), zero)
    return gone - back


def _is_by(method: str, method_id: str, way: Way) -> bool:
    return method_id == way.method_id and (bool(method_id) or method == way.method)


def _kept(order: Order, holder: Customer | None, method_id: str) -> Way | None:
    found = next((method for method in _usable(order, holder) if method_id and method.id == method_id), None)
    return None if found is None else _as_way(found)


def _usable(order: Order, holder: Customer | None) -> Iterator[PaymentMethod]:
    """Give the payment methods with which the order can be paid: a balance counts only in its currency."""
    for method in holder.payment_methods if holder else ():
        if method.balance is None or method.balance.currency == order.freight.currency:
            yield method


def _as_way(method: PaymentMethod) -> Way:
    return Way(method.kind, method.id, method.label, method.balance)
