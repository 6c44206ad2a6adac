"""Paying an order by another way: chosen before it is paid; afterwards the one pays and the other gets back."""

from functools import partial

import msgspec

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted, paid_otherwise
from xiaoer.shop.models import Order, Payment
from xiaoer.shop.payment_rules import may_change_payment, payment_due
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import new_refund
from xiaoer.shop.rules import Allowed, Decision
from xiaoer.shop.ways import Way, named_way

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "amount",
    "is_paid",
    "former",
    "former_days",
    "method",
    "balance",
    "balance_left",
)


def _check(request: Request) -> ActionResult:
    return judged(request, partial(_decision, request))


def _change(request: Request) -> Change:
    def make(order: Order, _: Allowed, result: ActionResult) -> Change:
        named = request.argument("method")
        way = named_way(order, request.holder, named)
        if way is None:
            return Change(result)
        details = {"from": order.payment.method_id or order.payment.method if order.payment else order.pay_with}
        note = Note(by=request.by, at=request.now, reason=request.argument("reason"), details=details | {"to": named})
        return Change(result, noted(_with_way(order, way, request), "change_payment", note))

    return carried_out(request, partial(_decision, request), make)


def _decision(request: Request, order: Order) -> Decision:
    return may_change_payment(order, request.holder, request.argument("method"), request.policies)


def _with_way(order: Order, way: Way, request: Request) -> Order:
    """Note the way for an order that is not paid; else pay by it, and pay back what the former one bore."""
    if order.payment is None:
        return msgspec.structs.replace(order, pay_with=way.method_id)
    due = payment_due(order, request.holder)
    back = new_refund(order, due, request.policies, request.now, way=request.own_way(order))
    payment = Payment(method=way.method, amount=due, paid_at=request.now, method_id=way.method_id)
    changed = paid_otherwise(order, payment)
    return msgspec.structs.replace(changed, refunds=(*order.refunds, back))


PAYMENT_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_payment",
            about="Says whether an order may be paid by another way, by this one if it is named, and what is moved.",
            parameters=("order", "method"),
            optional=("method",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.change_payment",
            about="Has an order paid by another of the customer's payment methods; what was paid goes back.",
            parameters=("order", "method", "reason"),
            optional=("reason",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _change,
        needs_holder=True,
    ),
)
