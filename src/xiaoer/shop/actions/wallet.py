"""What a customer holds with the shop (balances, coupons, points), and which way to pay is meant."""

from collections.abc import Sequence
from datetime import timedelta

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import missing
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.customers import Coupon, Customer
from xiaoer.shop.errors import BadRequestError
from xiaoer.shop.methods_meant import methods_meant
from xiaoer.shop.models import Order
from xiaoer.shop.payment_rules import payment_due, refund_ways
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import money_facts
from xiaoer.shop.ways import ORIGINAL, Way, is_same, ways_of

_SCOPES = ("other", "charge", "refund")
_REMEMBERED = timedelta(days=90)
_MENTION = ("scope", "context", "mention", "mention.payment_method", "mention.card_tail")


def _read(request: Request) -> ActionResult:
    holder = request.holder
    if holder is None:
        return missing()
    kept = [method for method in holder.payment_methods if method.balance is not None]
    facts: Facts = {
        "points": holder.points,
        "level": holder.level,
        "methods": [method.label for method in holder.payment_methods],
        "balances": [{"name": m.label, "value": money_facts(m.balance)} for m in kept if m.balance is not None],
        **_coupons(holder, request),
    }
    return ActionResult("ok", {name: value for name, value in facts.items() if value != []})


def _coupons(holder: Customer, request: Request) -> Facts:
    """Give the coupons that can be used, those of later, and those that ran out lately; the nearest end first."""
    now = request.now
    there = sorted((c for c in holder.coupons if c.state == "open"), key=lambda coupon: (coupon.valid_until, coupon.id))
    valid = [coupon for coupon in there if coupon.valid_from <= now <= coupon.valid_until]
    later = [coupon for coupon in there if now < coupon.valid_from]
    expired = [coupon for coupon in there if now - _REMEMBERED <= coupon.valid_until < now]
    return {
        "coupons": [_coupon(coupon, request) for coupon in valid],
        "later": [_coupon(coupon, request) for coupon in later],
        "expired": [_coupon(coupon, request) for coupon in expired],
        "used": [coupon.title for coupon in holder.coupons if coupon.state == "used"],
    }


def _coupon(coupon: Coupon, request: Request) -> Facts:
    """Give what is said of a coupon; `format` names the form for it in the pack's words."""
    day = request.policies.day
    off = "coupon_amount" if coupon.amount is not None else "coupon_percent"
    facts: Facts = {
        "format": off if coupon.minimum is None else f"{off}_from",
        "title": coupon.title,
        "percent": coupon.percent,
        "from": day(coupon.valid_from).isoformat(),
        "until": day(coupon.valid_until).isoformat(),
    }
    facts |= {"amount": money_facts(coupon.amount)} if coupon.amount is not None else {}
    return facts | ({"minimum": money_facts(coupon.minimum)} if coupon.minimum is not None else {})


def _find(request: Request) -> ActionResult:
    order, scope = request.order, request.argument("scope") or "other"
    if scope not in _SCOPES:
        raise BadRequestError(f"There is no scope {scope!r}: {', '.join(_SCOPES)}.")
    if order is None:
        return _found("none", ())
    own, known = request.own_way(order), ways_of(order, request.holder)
    usable = _usable(order, scope, request)
    text, tail = request.argument("mention"), request.argument("mention.card_tail")
    match = methods_meant(known, text, request.phrases, own=own, tail=tail)
    fitting = tuple(way for way in match.found if way in usable)
    covering = tuple(way for way in usable if scope == "refund" or way.covers(_amount(order, request)))
    if scope == "refund":
        return _found_for_refund(fitting, covering, is_told=match.is_told)
    others = tuple(way for way in match.found if not is_same(way, own)) if scope == "other" else match.found
    if len(others) == 1 and others[0] in covering:
        return _found("one", others)
    if others:
        left = tuple(way for way in others if way in covering)
        return _found("several", left) if left else _found("not_covered", covering)
    if scope == "other" and match.found:
        return _found("same", covering)
    return _found("unmatched" if match.is_told else "several", covering)


def _found_for_refund(fitting: Sequence[Way], usable: Sequence[Way], *, is_told: bool) -> ActionResult:
    """Give where the money shall go; where it may not go there, what there is to choose from."""
    if not is_told:
        return _found("unnamed", usable)
    if fitting:
        return _found("one" if len(fitting) == 1 else "several", fitting)
    return _found("several" if len(usable) > 1 else "unmatched", usable)


def _usable(order: Order, scope: str, request: Request) -> tuple[Way, ...]:
    if scope == "refund":
        return refund_ways(order, request.holder, request.policies)
    own, ways = request.own_way(order), ways_of(order, request.holder)
    return ways if scope == "charge" else tuple(way for way in ways if not is_same(way, own))


def _amount(order: Order, request: Request) -> Money:
    """Give what has to be covered: what is named, in minor units, or all that is paid for the order."""
    named = request.argument("amount")
    return Money(int(named), order.freight.currency) if named.isdecimal() else payment_due(order, request.holder)


def _found(outcome: str, ways: Sequence[Way]) -> ActionResult:
    choices = [_choice(way) for way in ways]
    return ActionResult(outcome if choices else "none", {"choices": choices, "total": len(choices)})


def _choice(way: Way) -> Facts:
    return {"value": way.method_id or ORIGINAL, "title": way.name, "says": [way.name]}


WALLET_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="wallet.read",
            about="Reads what a customer holds: balances, coupons, those that ran out lately too, points and level.",
            parameters=(),
            outcomes=("ok", "missing"),
            facts=("points", "level", "methods", "balances", "coupons", "later", "expired", "used"),
        ),
        _read,
        needs_orders=False,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="wallet.find",
            about="Finds the payment method meant: another one for an order, one for a difference, one for a refund.",
            parameters=("order", "amount", *_MENTION),
            optional=("amount", *_MENTION),
            scopes=_SCOPES,
            outcomes=("one", "several", "unnamed", "unmatched", "same", "not_covered", "none"),
            facts=("choices", "total"),
        ),
        _find,
        needs_holder=True,
    ),
)
