"""Having an order otherwise: more or fewer pieces, paid by another way, restored, with more time, with a note."""

from collections.abc import Callable
from dataclasses import replace

from xiaoer.ids import OrderId
from xiaoer.pack import GivenMethod
from xiaoer.shop import Order, PaymentMethod
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone
from xiaoer.trial.simulation.task import bare

_OPEN = {"paid": 5, "unpaid": 2, "packing": 1, "shipped": 1}
_LEFT = {"shipped": 4, "delivered": 4, "paid": 1, "packing": 1, "completed": 1}
_NOTABLE = {"paid": 4, "unpaid": 1, "packing": 2, "shipped": 1, "delivered": 1}
_MORE_TIME = ("shipped", "delivered")
"""How an order stands that has left and does not complete before it came: no clause names the states."""
_PAID_HOURS_AGO = (4, 20, 40, 60, 90)
_TOO_MANY = 0.1
_ENOUGH_MINOR, _TOO_LITTLE_MINOR = 1_000_000, 1


def more_or_fewer(drawing: Drawing) -> Wanted:
    """Another number of pieces of a thing that was bought once or a few times."""
    random, number = drawing.random, drawing.number
    own = replace(drawing.line, quantity=random.randint(1, 3))
    total = _other_number(drawing, own.quantity)
    state, more = drawing.one_of(_OPEN), total - own.quantity
    is_there = more <= own.variant.stock and total <= drawing.world.number("order.quantity", "most")
    amount = own.variant.price.minor * more
    settled = set() if state == "unpaid" else {"charges" if more > 0 else "refunds"}

    def is_so(old: Order, new: Order) -> bool:
        asked = sum(charge.amount.minor for charge in new.charges)
        paid_back = new.refunded_amount.minor - old.refunded_amount.minor
        is_settled = asked - paid_back == (amount if settled else 0)
        return is_settled and [line.kept_quantity for line in new.lines] == [total]

    return Wanted(
        order=replace(drawing, line=own).order(state),
        is_allowed=is_there and drawing.world.is_in_time("order.quantity", state),
        is_fulfilled=changed_alone(number, {"lines", *settled}, is_so, stock={own.variant.sku: -more}),
        facts={"total": f"{total}", "more" if more > 0 else "fewer": f"{abs(more)}"},
        shows=(drawing.spoken.shown["total"],),
    )


def _other_number(drawing: Drawing, bought: int) -> int:
    random = drawing.random
    if random.random() < _TOO_MANY:
        return drawing.world.number("order.quantity", "most") + random.randint(2, 9)
    if bought > 1 and random.random() < 0.5:
        return random.randint(1, bought - 1)
    return bought + random.randint(1, 3)


def paid_otherwise(drawing: Drawing) -> Wanted:
    """Another way to pay, one whose balance may be too low."""
    random, number, state = drawing.random, drawing.number, drawing.one_of(_OPEN)
    by_kind = {method.kind: method for method in drawing.world.methods}
    former, wanted = random.sample([*by_kind.values()], 2)
    is_paid = state != "unpaid"
    # Before it is paid both may pay it: where one is too low, the shop offers the other, and that is no refusal.
    is_enough = wanted.balance is None or not is_paid or random.random() < 0.7
    methods = (_given(former, _ENOUGH_MINOR), _given(wanted, _ENOUGH_MINOR if is_enough else _TOO_LITTLE_MINOR))
    return Wanted(
        order=drawing.order(state, paid_with=former.id if is_paid else None),
        is_allowed=is_enough and drawing.world.is_in_time("payment.change", state),
        is_fulfilled=_paid_by(number, wanted, former) if is_paid else _to_be_paid_by(number, wanted),
        facts={"method": drawing.called(wanted.kind)},
        shows=((wanted.label,),),
        methods=methods,
    )


def _given(method: PaymentMethod, minor: int) -> GivenMethod:
    balance = None if method.balance is None else minor
    return GivenMethod(id=method.id, kind=method.kind, label=method.label, balance_minor=balance)


def _to_be_paid_by(number: OrderId, wanted: PaymentMethod) -> Callable[[Books, Books], bool]:
    return changed_alone(number, {"pay_with"}, lambda old, new: new.pay_with == wanted.id)


def _paid_by(number: OrderId, wanted: PaymentMethod, former: PaymentMethod) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        total = old.total.minor
        moved = {wanted: -total, former: total}
        back = [(refund.amount.minor, refund.method_id) for refund in new.refunds[len(old.refunds) :]]
        return (
            what.fields == {number: {"payment", "former_payments", "refunds", "history"}}
            and not what.stock
            and what.balances == {method.id: minor for method, minor in moved.items() if method.balance is not None}
            and back == [(total, former.id)]
            and new.payment is not None
            and (new.payment.method_id, new.payment.amount.minor) == (wanted.id, total)
        )

    return judge


def restored(drawing: Drawing) -> Wanted:
    """A cancelled order is wanted after all; half of the time since it was paid has gone by since it was cancelled."""
    hours, line = drawing.random.choice(_PAID_HOURS_AGO), drawing.line
    is_paid_back = drawing.random.random() < 0.15
    order = drawing.order("cancelled", paid_hours_ago=hours, refund="paid" if is_paid_back else None)
    is_in_time = hours / 2 <= drawing.world.number("order.restore", "hours")
    return Wanted(
        order=order,
        is_allowed=is_in_time and not is_paid_back,
        is_fulfilled=changed_alone(
            drawing.number,
            {"state", "refunds"},
            lambda old, new: new.state == "paid" and not new.refunded_amount.minor,
            stock={line.variant.sku: -line.quantity},
        ),
    )


def extended(drawing: Drawing) -> Wanted:
    """More time until the order completes by itself."""
    state, days = drawing.one_of(_LEFT), drawing.world.number("order.extend", "days")
    return Wanted(
        order=drawing.order(state),
        is_allowed=state in _MORE_TIME,
        is_fulfilled=changed_alone(
            drawing.number, {"receipt_extended_days"}, lambda old, new: new.receipt_extended_days == days
        ),
    )


def noted(drawing: Drawing) -> Wanted:
    """A note for the shop."""
    state, note = drawing.one_of(_NOTABLE), drawing.random.choice(drawing.spoken.notes)
    is_short = len(note) <= drawing.world.number("order.note", "longest")
    return Wanted(
        order=drawing.order(state),
        is_allowed=is_short and drawing.world.is_in_time("order.note", state),
        is_fulfilled=changed_alone(drawing.number, {"note"}, lambda old, new: bare(note) in bare(new.note)),
        facts={"note": note},
        shows=((note,),),
    )
