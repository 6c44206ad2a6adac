"""Taking a case back: whether it may be, and what the order's goods and money are without it."""

import msgspec

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.cases import Case
from xiaoer.shop.changes import credited, withdrawn
from xiaoer.shop.models import Claim, Exchange, Order, Return
from xiaoer.shop.policies import Policies
from xiaoer.shop.refunding import paid_charges, without_charges
from xiaoer.shop.rules import Allowed, Decision, Refused

_WHY_NOT = {"withdrawn": "withdrawn_before", "sent_back": "goods_sent_back", "received": "goods_received"}


def may_withdraw(case: Case | None, policies: Policies) -> Decision:
    """Decide whether a case may be taken back: while nobody has decided on it and no goods are on their way.

    Facts, refused or not: request, kind (what a claim says is wrong), request_kind, request_state, lines, quantity;
    answer_by of a claim.
    """
    clause = policies.withdrawal.clause
    if case is None:
        return Refused("no_request", clause)
    if case.is_open:
        return Allowed(clause, case_facts(case))
    return Refused(_WHY_NOT.get(case.item.state, "request_settled"), clause, case_facts(case))


def case_facts(case: Case) -> Facts:
    """Say which case it is, what it is about, and how far it is."""
    facts: Facts = {
        "request": case.id,
        "request_kind": case.kind,
        "request_state": case.item.state,
        "lines": [line.title for line in case.lines],
        "quantity": case.quantity,
    }
    if isinstance(case.item, Claim):
        facts |= {"kind": case.item.kind, "answer_by": case.item.answer_by.isoformat()}
    return facts


def without_case(case: Case) -> Order:
    """Give the order with a case taken back: its pieces are kept again, what was not paid yet for it is not wanted."""
    order, item = withdrawn(case.order, case.id), case.item
    if isinstance(item, Claim):
        return order
    order = msgspec.structs.replace(order, charges=without_charges(order.charges, {item.id}))
    return _with_even_credit(order, case.order, item)


def due_back(case: Case) -> Money:
    """Give what was paid for a case that is taken back, and is paid back therefore."""
    return paid_charges(case.order, case.id)


def _with_even_credit(order: Order, before: Order, item: Return | Exchange) -> Order:
    """Spread over all pieces of the line what was paid back for those that were kept, and for these before."""
    line = before.line(item.line)
    if line is None or line.credit is None:
        return order
    own = item.credit or Money(0, line.credit.currency)
    together = line.credit * line.kept_quantity + own * item.quantity
    pieces = line.kept_quantity + item.quantity
    return credited(order, {line.id: Money(-(-together.minor // pieces), together.currency)})
