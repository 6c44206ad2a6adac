"""Finding, reading and cancelling orders."""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, moved
from xiaoer.shop.errors import BadRequestError
from xiaoer.shop.matching import Mention, match_orders
from xiaoer.shop.models import Order, Product, Refund
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import new_refund
from xiaoer.shop.rules import Allowed, may_cancel, may_change_address, may_request_invoice, may_return
from xiaoer.shop.views import order_choices, order_facts

_SHOWN_CHOICES = 5
_UNSHIPPED_STATES = ("paid", "packing")
_OPEN_STATES = ("unpaid", "paid", "packing", "shipped")


def _find(request: Request) -> ActionResult:
    if not request.orders:
        return _choices(request, "none", ())
    match = match_orders(
        request.orders,
        Mention.read(request.arguments),
        goods=request.goods,
        phrases=request.phrases,
        timezone=request.policies.timezone,
    )
    candidates = _in_scope(request, match.found or request.orders, request.argument("scope") or "any")
    if match.is_told and not match.found:
        return _choices(request, "unmatched", candidates)
    talked_about = tuple(order for order in candidates if order.id == request.argument("context"))
    if talked_about and not match.is_told:
        return _choices(request, "one", talked_about)
    return _choices(request, "one" if len(candidates) == 1 else "several", candidates)


def _in_scope(request: Request, orders: tuple[Order, ...], scope: str) -> tuple[Order, ...]:
    """Leave the orders that fit the scope, or a wider one, or all if none does: a refusal can name the one meant."""
    if scope not in _SCOPES:
        raise BadRequestError(f"There is no scope {scope!r}: {', '.join(_SCOPES)}.")
    fitting = tuple(order for order in orders if _SCOPES[scope](order, request))
    return fitting or (_in_scope(request, orders, _WIDER[scope]) if scope in _WIDER else orders)


def _choices(request: Request, outcome: str, orders: tuple[Order, ...]) -> ActionResult:
    choices = order_choices(orders[:_SHOWN_CHOICES], request.goods)
    return ActionResult(outcome, {"choices": choices, "total": len(orders)})


def _is_returnable(order: Order, request: Request) -> bool:
    reasons = ("", *request.policies.quality_return.reasons[:1])
    return any(
        isinstance(may_return(order, line, request.policies, request.now, reason=reason), Allowed)
        for line in order.lines
        for reason in reasons
    )


_SCOPES: Mapping[str, Callable[[Order, Request], bool]] = MappingProxyType(
    {
        "any": lambda order, request: True,
        "open": lambda order, request: order.state in _OPEN_STATES,
        "to_ship": lambda order, request: order.state in _UNSHIPPED_STATES,
        "in_transit": lambda order, request: order.state == "shipped",
        "invoiced": lambda order, request: order.invoice is not None,
        "cancellable": lambda order, request: isinstance(may_cancel(order, request.policies, request.now), Allowed),
        "addressable": lambda order, request: isinstance(may_change_address(order, request.policies), Allowed),
        "returnable": _is_returnable,
        "refunding": lambda order, request: bool(order.refunds or order.returns),
        "invoiceable": lambda order, request: isinstance(
            may_request_invoice(order, request.policies, request.now), Allowed
        ),
    }
)


def _read(request: Request) -> ActionResult:
    if request.order is None:
        return ActionResult("missing")
    return ActionResult("ok", {"order": order_facts(request.order, request.policies, request.now)})


def _check_cancel(request: Request) -> ActionResult:
    order = request.order
    return decided(may_cancel(order, request.policies, request.now), order) if order else missing()


def _cancel(request: Request) -> Change:
    order = request.order
    if order is None:
        return Change(missing())
    decision = may_cancel(order, request.policies, request.now)
    result = decided(decision, order, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    note = Note(by=request.by, at=request.now, reason=request.argument("reason"))
    cancelled = msgspec.structs.replace(moved(order, "cancel", note), refunds=_with_refund(order, request))
    facts = {**result.facts, "state": cancelled.state}
    return Change(ActionResult(result.outcome, facts), cancelled, _restocked(order, request))


def _with_refund(order: Order, request: Request) -> tuple[Refund, ...]:
    due = order.paid_amount - order.refunded_amount
    if due <= Money(0, due.currency):
        return order.refunds
    return (*order.refunds, new_refund(order, due, request.policies, request.now))


def _restocked(order: Order, request: Request) -> tuple[Product, ...]:
    back: Counter[str] = Counter()
    for line in order.lines:
        back[line.sku] += line.kept_quantity
    touched = (request.goods.products.get(product) for product in {line.product for line in order.lines})
    return tuple(
        msgspec.structs.replace(
            product,
            variants=tuple(
                msgspec.structs.replace(variant, stock=variant.stock + back[variant.sku])
                for variant in product.variants
            ),
        )
        for product in touched
        if product is not None
    )


_WIDER: Mapping[str, str] = MappingProxyType({"to_ship": "open", "in_transit": "open"})
"""Where nothing fits a scope, the scope that is looked in next."""

ORDER_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.find",
            about="Finds the order meant among the customer's own; context is the order talked about before.",
            parameters=(
                "scope",
                "context",
                "mention",
                "mention.order_id",
                "mention.product",
                "mention.date",
                "mention.colour",
            ),
            outcomes=("one", "several", "unmatched", "none"),
            facts=("choices", "total"),
            optional=(
                "scope",
                "context",
                "mention",
                "mention.order_id",
                "mention.product",
                "mention.date",
                "mention.colour",
            ),
        ),
        _find,
    ),
    Query(
        ActionSpec(
            name="order.read",
            about="Reads an order: state, goods, parcel, masked address.",
            parameters=("order",),
            outcomes=("ok", "missing"),
            facts=("order",),
        ),
        _read,
    ),
    Query(
        ActionSpec(
            name="order.check_cancel",
            about="Says whether an order may be cancelled and what is paid back.",
            parameters=("order",),
            outcomes=("allowed", "refused"),
            facts=(
                "reason",
                "clause",
                "clause_title",
                "order",
                "state",
                "refund_amount",
                "refund_method",
                "refund_days",
                "refund_by",
            ),
        ),
        _check_cancel,
    ),
    Effect(
        ActionSpec(
            name="order.cancel",
            about="Cancels an order, puts its goods back into stock and pays back what was paid.",
            parameters=("order", "reason"),
            outcomes=("done", "refused"),
            facts=(
                "reason",
                "clause",
                "clause_title",
                "order",
                "state",
                "refund_amount",
                "refund_method",
                "refund_days",
                "refund_by",
            ),
            is_effect=True,
        ),
        _cancel,
    ),
)
