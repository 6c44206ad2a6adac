"""Finding and reading orders."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from xiaoer.pack import ActionSpec, says_any
from xiaoer.shop.actions.decisions import missing
from xiaoer.shop.actions.extending import may_extend
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.claim_rules import may_claim
from xiaoer.shop.errors import BadRequestError
from xiaoer.shop.goods import folded
from xiaoer.shop.invoice_rules import open_invoice
from xiaoer.shop.matching import Mention, match_orders
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.naming import are_listed, leaves_some_out, lines_named
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.price_rules import may_protect
from xiaoer.shop.restoring import may_restore
from xiaoer.shop.rules import Allowed, may_cancel, may_change_address, may_request_invoice, may_return
from xiaoer.shop.scheduling import may_choose_day
from xiaoer.shop.variants import able_to_become
from xiaoer.shop.views import order_choices, order_facts

_SHOWN_CHOICES = 5
_UNSHIPPED_STATES = ("paid", "packing")
_OPEN_STATES = ("unpaid", "paid", "packing", "shipped")


def _find(request: Request) -> ActionResult:
    if not request.orders:
        return _choices(request, "none", ())
    mention = Mention.read(request.arguments)
    match = match_orders(
        request.orders,
        mention,
        goods=request.goods,
        phrases=request.phrases,
        timezone=request.policies.timezone,
    )
    scope = request.argument("scope") or "any"
    candidates = _in_scope(request, match.found or request.orders, scope)
    if scope in _STRICT and not match.is_told and len(candidates) > 1:
        candidates = tuple(order for order in candidates if _SCOPES[scope](order, request))
    if match.is_told and not match.found:
        able = tuple(order for order in candidates if _is_able(order, request))
        return _choices(request, "one", able) if len(able) == 1 else _choices(request, "unmatched", candidates)
    others = _others(request, candidates)
    if others:
        return _choices(request, "one" if len(others) == 1 else "several", others)
    these = _together(request, mention, candidates, is_told=match.is_told)
    if these:
        return _choices(request, "these" if len(these) > 1 else "one", these)
    able = tuple(order for order in candidates if _is_able(order, request))
    spoken_of = _spoken_of(request, candidates, is_told=match.is_told)
    if spoken_of and (not able or any(_is_able(order, request) for order in spoken_of)):
        return _choices(request, "one", spoken_of)
    if not candidates:
        return _choices(request, "none", ())
    candidates = able or candidates
    return _choices(request, "one" if len(candidates) == 1 else "several", candidates)


def _together(request: Request, mention: Mention, candidates: tuple[Order, ...], *, is_told: bool) -> tuple[Order, ...]:
    """Give the orders that are meant together, as many as can be shown, where several are asked for.

    It may be one alone that is left of all that do not stay out.
    """
    if not request.argument("several"):
        return ()
    scope = request.argument("scope") or "any"
    all_of_them = _all_of_them(request, candidates, scope, is_told=is_told)
    meant = _all_but(request, mention, scope) or all_of_them or _each_named(request, mention, scope)
    return meant if len(meant) <= _SHOWN_CHOICES else ()


def _all_of_them(request: Request, orders: tuple[Order, ...], scope: str, *, is_told: bool) -> tuple[Order, ...]:
    """Give all orders in a scope where all of them are meant.

    Of an order that was spoken of before all the things in it may be meant; of several orders it must be said then.
    """
    said, phrases = request.argument("mention"), request.phrases
    is_said = says_any(phrases.all_orders, said)
    is_all = is_said or says_any(phrases.all_of_them, said) or folded(said) in map(folded, phrases.all_alone)
    is_open = not request.argument("context") and not request.argument("mention.product")
    if not is_all or not (is_said or is_open):
        return ()
    fitting = tuple(order for order in orders if _SCOPES[scope](order, request))
    if len(fitting) == 1 and not is_told and (is_said or len(fitting[0].lines) == 1):
        # Of "both" one has left: that is said of it.
        fitting = tuple(order for order in request.orders if order.state in _OPEN_STATES)
    return fitting if len(fitting) > 1 else ()


def _each_named(request: Request, mention: Mention, scope: str) -> tuple[Order, ...]:
    """Give the orders that are named one by one, by their numbers or by what is in each, if they are several.

    A thing that was bought more than once is meant where it fits the scope; in two orders that do, it stays open.
    """
    if mention.names_number:
        meant = tuple(order for order in request.orders if order.id in mention.numbers)
        return meant if len(meant) > 1 else ()
    lines = _own_lines(request, scope)
    if not are_listed(lines, mention, request.goods, request.phrases):
        return ()
    named = lines_named(lines, mention, request.goods, request.phrases)
    meant = tuple(order for order in request.orders if any(line in named for line in order.lines))
    return meant if len(meant) > 1 else ()


def _own_lines(request: Request, scope: str) -> list[OrderLine]:
    """Give the lines of all orders that fit a scope, and of the others, the newest first, what else was bought."""
    lines = [line for order in request.orders if _SCOPES[scope](order, request) for line in order.lines]
    for order in request.orders:
        known = {line.product for line in lines}
        lines += [line for line in order.lines if line.product not in known]
    return lines


def _all_but(request: Request, mention: Mention, scope: str) -> tuple[Order, ...]:
    """Give the orders in a scope but those that hold nothing else than what is left out: "all but the mug"."""
    goods, phrases = request.goods, request.phrases
    if not leaves_some_out(mention, goods, phrases):
        return ()
    fitting = tuple(order for order in request.orders if _SCOPES[scope](order, request))
    named = lines_named([line for order in fitting for line in order.lines], mention, goods, phrases)
    meant = tuple(order for order in fitting if all(line in named for line in order.lines))
    # Of an order that holds both, the things in it are meant.
    is_apart = all(line not in named for order in fitting if order not in meant for line in order.lines)
    return meant if is_apart and len(meant) < len(fitting) else ()


def _spoken_of(request: Request, candidates: tuple[Order, ...], *, is_told: bool) -> tuple[Order, ...]:
    """Give the order spoken of before, where it may be meant: among those named, or in all that the scope may mean.

    One that is pointed at ("cancel it") is meant though nothing of the kind can be done with it any more.
    """
    scope = "any" if says_any(request.phrases.spoken_of, request.argument("mention")) else request.argument("scope")
    is_likely = scope in _LIKELY and not is_told
    among = _in_scope(request, request.orders, _LIKELY[scope]) if is_likely else candidates
    return tuple(order for order in among if order.id == request.argument("context"))


def _is_able(order: Order, request: Request) -> bool:
    """Say whether something in an order can become what is wanted instead."""
    return bool(able_to_become(order.lines, request.arguments, request.goods))


def _others(request: Request, orders: tuple[Order, ...]) -> tuple[Order, ...]:
    """Give all orders but the one spoken of before where a message asks for "the other one"."""
    context = request.argument("context")
    is_meant = bool(context) and says_any(request.phrases.the_other, request.argument("mention"))
    return tuple(order for order in orders if order.id != context) if is_meant else ()


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
        "invoiced": lambda order, request: open_invoice(order) is not None,
        "cancellable": lambda order, request: isinstance(may_cancel(order, request.policies, request.now), Allowed),
        "addressable": lambda order, request: isinstance(may_change_address(order, request.policies), Allowed),
        "changeable": lambda order, request: order.state in request.policies.change_items.until_states,
        "to_alter": lambda order, request: order.state in request.policies.change_items.until_states,
        "returnable": _is_returnable,
        "to_exchange": _is_returnable,
        "kept": lambda order, request: order.state not in ("cancelled", "closed"),
        "claimable": lambda order, request: any(
            isinstance(may_claim(order, line, request.policies, request.now), Allowed) for line in order.lines
        ),
        "protectable": lambda order, request: any(
            isinstance(may_protect(order, line, request.goods, request.policies, request.now), Allowed)
            for line in order.lines
        ),
        "payable": lambda order, request: order.state in request.policies.payment_change.until_states,
        "restorable": lambda order, request: isinstance(
            may_restore(order, request.goods, request.policies, request.now), Allowed
        ),
        "arrived": lambda order, request: order.state in ("delivered", "completed"),
        "cancelled": lambda order, request: order.state in ("cancelled", "closed"),
        "extendable": lambda order, request: isinstance(may_extend(order, request.policies), Allowed),
        "schedulable": lambda order, request: isinstance(may_choose_day(order, request.policies, request.now), Allowed),
        "notable": lambda order, request: order.state in request.policies.order_note.until_states,
        "refunding": lambda order, request: bool(order.refunds or order.returns),
        "invoiceable": lambda order, request: isinstance(
            may_request_invoice(order, request.policies, request.now), Allowed
        ),
    }
)


def _read(request: Request) -> ActionResult:
    if request.order is None:
        return missing()
    return ActionResult("ok", {"order": order_facts(request.order, request.policies, request.now)})


_WIDER: Mapping[str, str] = MappingProxyType(
    {
        "to_ship": "open",
        "in_transit": "open",
        "cancellable": "open",
        "addressable": "open",
        "changeable": "open",
        "to_alter": "open",
        "extendable": "open",
        "schedulable": "open",
        "returnable": "arrived",
        "to_exchange": "arrived",
        "claimable": "arrived",
        "restorable": "cancelled",
    }
)
"""Where nothing fits a scope, the scope that is looked in next."""

_LIKELY: Mapping[str, str] = MappingProxyType(
    {
        "any": "any",
        "to_ship": "open",
        "in_transit": "open",
        "to_exchange": "kept",
        "to_alter": "kept",
        "notable": "open",
    }
)
"""Scopes that only say which order is likely meant, and where one spoken of before goes first."""

_STRICT = frozenset({"invoiced"})
"""Scopes in which nothing is found where none of several fits; one that is named, or the only one, is told why not."""

ORDER_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.find",
            about="Finds the order meant among the customer's own; context is the order talked about before.",
            parameters=(
                "scope",
                "several",
                "context",
                "mention",
                "mention.order_id",
                "mention.product",
                "mention.date",
                "mention.colour",
            ),
            outcomes=("one", "these", "several", "unmatched", "none"),
            facts=("choices", "total"),
            optional=(
                "scope",
                "several",
                "context",
                "mention",
                "mention.order_id",
                "mention.product",
                "mention.date",
                "mention.colour",
            ),
            scopes=tuple(_SCOPES),
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
)
