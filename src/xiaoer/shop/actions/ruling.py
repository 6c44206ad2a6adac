"""The pack's decision rules over what the policies allow: a rule may refuse it, or leave it to a person."""

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from xiaoer.events import Facts
from xiaoer.pack import DecisionFact
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.policies import RuleInForce
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.regions import region_among
from xiaoer.shop.states import OrderState

PERSON = "person"
"""The outcome of an action that a rule leaves to a person."""

_REFUSED = "refused"

RULE_FACTS: tuple[DecisionFact, ...] = (
    DecisionFact("order_state", "how far the order is", values=get_args(OrderState)),
    DecisionFact("amount_minor", "what is paid back, else the order's total", "number", "minor units: fen, cents"),
    DecisionFact("category", "the categories of the lines concerned, of all lines where none is named"),
    DecisionFact("reason", "the reason given, a code of the flow"),
    DecisionFact("days_since_delivery", "since the last parcel was signed for", "number", "days of the shop"),
    DecisionFact("days_since_payment", "since the order was paid", "number", "days of the shop"),
    DecisionFact("payment_method", "how the order was paid, a code"),
    DecisionFact("region", "where the order goes: a place holds for all that lies in it"),
    DecisionFact("customer_level", "the customer's level, a code"),
    DecisionFact("returns_in_30_days", "what the customer gave back before, withdrawn or not", "number", "returns"),
)
"""What rules may look at. What is not known (the days since a delivery that was not) meets no comparison."""

OF_CUSTOMER = frozenset({"customer_level", "returns_in_30_days"})
"""The facts for which all orders of the customer are looked at."""

_FACTS_OF_CUSTOMER = tuple(fact for fact in RULE_FACTS if fact.name in OF_CUSTOMER)
"""What rules may look at where no order is changed, but the customer."""
_FOUND = ("rule", "note", "words", "reason", "clause", "clause_title")
_GOES_ON = ("allowed", "done")


def under_rules(action: Query | Effect, *, decides: str = "") -> Query | Effect:
    """Give an action that asks the rules of `decides`, or its own, where the policies allow it."""
    spec = action.spec
    ruled = replace(
        spec,
        outcomes=tuple(dict.fromkeys((*spec.outcomes, _REFUSED, PERSON))),
        facts=tuple(dict.fromkeys((*spec.facts, *_FOUND))),
        rule_facts=RULE_FACTS if "order" in spec.parameters else _FACTS_OF_CUSTOMER,
        decides=decides,
    )
    name = decides or spec.name
    match action:
        case Query(answer=answer):
            return replace(action, spec=ruled, answer=lambda request: _ruled(name, request, answer(request)))
        case Effect(change=change):
            return replace(action, spec=ruled, change=lambda request: _ruled_change(name, request, change(request)))


def _ruled_change(name: str, request: Request, change: Change) -> Change:
    result = _ruled(name, request, change.result)
    return change if result is change.result else Change(result)


def _ruled(name: str, request: Request, result: ActionResult) -> ActionResult:
    """Give the result, or what the first rule that holds makes of it."""
    rules = request.policies.rules.get(name, ())
    if not rules or result.outcome not in _GOES_ON:
        return result
    facts = decision_facts(rules, request, result)
    found = next((rule for rule in rules if rule.rule.when is None or rule.rule.when.holds(facts)), None)
    return result if found is None else _decided_by(found, result)


def _decided_by(found: RuleInForce, result: ActionResult) -> ActionResult:
    then = found.rule.then
    facts = {
        **result.facts,
        "rule": found.rule.id,
        "clause": found.clause.id,
        "clause_title": found.clause.title,
    }
    if then.refuse is not None:
        return ActionResult(_REFUSED, {**facts, "reason": then.refuse, "words": then.words or ""})
    return ActionResult(PERSON, {**facts, "note": then.person or ""})


def decision_facts(rules: tuple[RuleInForce, ...], request: Request, result: ActionResult) -> dict[str, Any]:
    """Give what rules may look at; what is not known is left out."""
    standing, order = request.standing, request.order
    facts: dict[str, Any] = {} if order is None else _facts_of(order, rules, request, result)
    facts |= {
        "customer_level": standing.level if standing else None,
        "returns_in_30_days": standing.returns if standing else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _facts_of(order: Order, rules: tuple[RuleInForce, ...], request: Request, result: ActionResult) -> dict[str, Any]:
    return {
        "order_state": order.state,
        "amount_minor": _amount(order, result.facts),
        "category": sorted({line.category for line in _lines(order, request)}),
        "reason": request.argument("reason") or None,
        "days_since_delivery": _days(order.delivered_at, request),
        "days_since_payment": _days(order.paid_at, request),
        "payment_method": order.payment.method if order.payment else None,
        "region": _regions(order, rules),
    }


def _amount(order: Order, facts: Facts) -> int:
    found = facts.get("refund_amount") or facts.get("amount")
    return int(found["minor"]) if found else order.total.minor


def _lines(order: Order, request: Request) -> tuple[OrderLine, ...]:
    named = {*request.listed("line"), *request.listed("lines")}
    return tuple(line for line in order.lines if line.id in named) or order.lines


def _days(since: datetime | None, request: Request) -> int | None:
    if since is None:
        return None
    return (request.policies.day(request.now) - request.policies.day(since)).days


def _regions(order: Order, rules: tuple[RuleInForce, ...]) -> list[str]:
    """Give the places that the rules name and the order's address lies in."""
    tests = (test for rule in rules if rule.rule.when is not None for _, test in rule.rule.when.tests())
    places = {str(place) for test in tests if test.of == "region" for place in test.wanted()}
    return sorted(place for place in places if region_among((place,), order.address.region))
