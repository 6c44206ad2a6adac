"""What the shop keeps of its customers' money: it moves with the books of an order, and with nothing else."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from xiaoer.money import Money
from xiaoer.shop.customers import Customer, PaymentMethod
from xiaoer.shop.errors import BalanceError
from xiaoer.shop.models import Order


def moved_amounts(before: Order, after: Order) -> Mapping[str, Money]:
    """Give what goes to payment methods (from them: below zero) when an order changes, by their ids.

    Only what is settled moves: a refund under way and a charge that waits do not.
    """
    zero = Money(0, after.freight.currency)
    moved: defaultdict[str, Money] = defaultdict(lambda: zero)
    for payment in after.payments[len(before.payments) :]:
        moved[payment.method_id] -= payment.amount
    for charge in after.charges[len(before.charges) :]:
        if charge.state == "paid":
            moved[charge.method_id] -= charge.amount
    for refund in after.refunds[len(before.refunds) :]:
        if refund.state == "paid":
            moved[refund.method_id] += refund.amount
    return {id: amount for id, amount in moved.items() if id and amount.minor}


def with_moved(holder: Customer, moved: Mapping[str, Money]) -> Customer:
    """Give a customer after amounts went to their balances and from them; what has no balance stays as it is.

    Raises:
        BalanceError: a balance does not cover what is taken from it.
    """
    methods = tuple(_with_moved(method, moved.get(method.id)) for method in holder.payment_methods)
    return msgspec.structs.replace(holder, payment_methods=methods)


def _with_moved(method: PaymentMethod, amount: Money | None) -> PaymentMethod:
    if amount is None or method.balance is None:
        return method
    balance = method.balance + amount
    if balance.minor < 0:
        raise BalanceError(f"The payment method {method.id} holds {method.balance}: it does not cover {amount}.")
    return msgspec.structs.replace(method, balance=balance)
