"""Another variant instead: of a line that was not sent yet, or for pieces that came."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from xiaoer.money import Money
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.lines_meant import line_name
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, given_back, noted, with_variant
from xiaoer.shop.matching import Mention
from xiaoer.shop.models import Exchange, Order, Product, Variant
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.refunding import exchange_id, new_charge, with_settlement
from xiaoer.shop.rules import Allowed, Decision
from xiaoer.shop.settling import Named, asks_method, settled_by
from xiaoer.shop.stock import moved_stock
from xiaoer.shop.swapping import Swap, due_for, due_for_exchange, may_change_options, may_exchange
from xiaoer.shop.variants import wanted_variants
from xiaoer.shop.views import variant_choices
from xiaoer.shop.ways import is_same

_SHOWN_CHOICES = 8
_MENTION = ("context", "mention", "mention.product", "mention.colour", "mention.size")
_TERMS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "title",
    "wanted",
    "quantity",
    "settlement",
    "difference",
    "total",
    "method",
    "refund_days",
    "balance",
    "balance_left",
    "former",
)
_METHODS = ("pay_by", "refund_to")
_RETURN_TERMS = (
    "deadline",
    "days",
    "freight_payer",
    "freight_insured",
    "freight_from",
    "freight_to",
    "must_be_sealed",
    "quality_until",
    "category",
)


def _find(request: Request) -> ActionResult:
    order = request.order
    line = order.line(request.argument("line")) if order else None
    product = request.goods.products.get(line.product) if line else None
    if line is None or product is None:
        return ActionResult("none", {"choices": [], "total": 0})
    came = order is not None and order.delivered_at is not None  # then the same once more may be wanted
    others = [each for each in product.variants if each.stock > 0 and (came or each.sku != line.sku)]
    wanted = wanted_variants(product, line, Mention.read(request.arguments), request.phrases)
    there = [variant for variant in wanted.found if variant.stock > 0]
    if there:
        return _found("one" if len(there) == 1 else "several", there)
    if wanted.is_told:
        return _found("sold_out" if wanted.found else "unmatched", others)
    return _found("several", others)


def _found(outcome: str, variants: Sequence[Variant]) -> ActionResult:
    shown = variants[:_SHOWN_CHOICES]
    return ActionResult(outcome if shown else "none", {"choices": variant_choices(shown), "total": len(variants)})


def _check_options(request: Request) -> ActionResult:
    found = _order_and_swap(request)
    if found is None:
        return missing()
    order, swap = found
    swap, said = replace(swap, quantity=None), swap.quantity  # before it is sent a line is changed whole
    result = _checked(order, swap, may_change_options(order, swap, request.policies), request)
    number, kept = said or swap.line.kept_quantity, swap.line.kept_quantity
    return ActionResult(result.outcome, {**result.facts, "more_wanted": number > kept, "fewer_wanted": number < kept})


def _checked(order: Order, swap: Swap, decision: Decision, request: Request) -> ActionResult:
    """Give the terms; where it will be asked by what is paid, what the order's own way covers does not matter yet."""
    named = _methods_named(request)
    asks = asks_method(order, request.holder, decision, named)
    if not asks:
        _, decision = settled_by(order, request.holder, decision, named, request.policies)
    result = _named(decided(decision, order), swap)
    return ActionResult(result.outcome, {**result.facts, "asks_method": asks})


def _methods_named(request: Request) -> Named:
    return Named(request.argument("pay_by"), request.argument("refund_to"))


def _change_options(request: Request) -> Change:
    found = _order_and_swap(request)
    if found is None:
        return Change(missing())
    order, swap = found
    terms = may_change_options(order, swap, request.policies)
    way, decision = settled_by(order, request.holder, terms, _methods_named(request), request.policies)
    result = _named(decided(decision, order, allowed="done"), swap)
    if not isinstance(decision, Allowed):
        return Change(result)
    line, variant = swap.line, swap.variant
    details = {"line": line.id, "from": line.sku, "to": variant.sku}
    changed = with_variant(line, variant.sku, variant.options, variant.price)
    lines = tuple(changed if each.id == line.id else each for each in order.lines)
    note = Note(by=request.by, at=request.now, reason=request.argument("reason"), details=details)
    settled = msgspec.structs.replace(order, lines=lines)
    if order.payment is not None and swap.difference.minor:
        settled = with_settlement(settled, due_for(order, swap), way, request.policies, request.now, of=line.id)
    pieces = {line.sku: swap.pieces, variant.sku: -swap.pieces}
    return Change(result, noted(settled, "change_options", note), moved_stock(request.goods, pieces))


def _check_exchange(request: Request) -> ActionResult:
    found = _order_and_swap(request)
    if found is None:
        return missing()
    order, swap = found
    return _checked(order, swap, _exchange_decision(order, swap, request), request)


def _open_exchange(request: Request) -> Change:
    found = _order_and_swap(request)
    if found is None:
        return Change(missing())
    order, swap = found
    terms = _exchange_decision(order, swap, request)
    way, decision = settled_by(order, request.holder, terms, _methods_named(request), request.policies)
    result = _named(decided(decision, order, allowed="done"), swap)
    if not isinstance(decision, Allowed):
        return Change(result)
    charge = decision.facts["settlement"] == "charge"
    opened = Exchange(
        id=exchange_id(order.id, len(order.exchanges) + 1),
        line=swap.line.id,
        quantity=swap.pieces,
        reason=request.argument("reason"),
        sku=swap.variant.sku,
        options=swap.variant.options,
        state="opened",
        opened_at=request.now,
        refund_amount=_less(order, swap),
        refund_to="" if is_same(way, request.own_way(order)) or charge else way.method_id,
        credit=swap.line.credit,
    )
    details = {"exchange": opened.id, "line": opened.line, "quantity": str(opened.quantity), "to": opened.sku}
    note = Note(by=request.by, at=request.now, reason=opened.reason, details=details)
    changed = msgspec.structs.replace(given_back(order, opened), exchanges=(*order.exchanges, opened))
    if charge:
        asked = new_charge(order, swap.difference, request.now, of=opened.id, way=way)
        changed = msgspec.structs.replace(changed, charges=(*order.charges, asked))
    facts = {**result.facts, "exchange": opened.id, "pick_up": request.policies.next_pick_up(request.now)}
    stock = moved_stock(request.goods, {opened.sku: -opened.quantity})
    return Change(ActionResult("done", facts), noted(changed, "open_exchange", note), stock)


def _less(order: Order, swap: Swap) -> Money:
    """What the wanted pieces cost less, as far as that is paid back."""
    due = due_for_exchange(order, swap)
    zero = Money(0, due.currency)
    return zero - due if due < zero else zero


def _exchange_decision(order: Order, swap: Swap, request: Request) -> Decision:
    return may_exchange(order, swap, request.policies, request.now, reason=request.argument("reason"))


def _named(result: ActionResult, swap: Swap) -> ActionResult:
    return ActionResult(result.outcome, {**result.facts, "title": line_name(swap.line)})


def _order_and_swap(request: Request) -> tuple[Order, Swap] | None:
    """Give the order, the line and the variant that are named; None if one of them is not there."""
    order = request.order
    line = order.line(request.argument("line")) if order else None
    product: Product | None = request.goods.products.get(line.product) if line else None
    wanted = request.argument("variant")
    variant = next((each for each in product.variants if each.sku == wanted), None) if product else None
    if order is None or line is None or variant is None:
        return None
    said = request.argument("quantity")
    return order, Swap(line, variant, int(said) if said.isdecimal() else None)


def _facts(*more: str) -> tuple[str, ...]:
    return (*_TERMS, *more)


SWAP_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="variant.find",
            about="Finds the variant that is wanted instead: by colour, by size, larger, smaller, the same again.",
            parameters=("order", "line", *_MENTION),
            optional=_MENTION,
            outcomes=("one", "several", "unmatched", "sold_out", "none"),
            facts=("choices", "total"),
        ),
        _find,
    ),
    Query(
        ActionSpec(
            name="order.check_options",
            about="Says whether a line that was not sent yet may be another variant, what is settled for it, and "
            "whether more or fewer pieces are wanted (`quantity`) than it has: it is changed whole.",
            parameters=("order", "line", "variant", "quantity", *_METHODS),
            optional=("quantity", *_METHODS),
            outcomes=("allowed", "refused", "missing"),
            facts=_facts("asks_method", "more_wanted", "fewer_wanted"),
        ),
        _check_options,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="order.change_options",
            about="Makes a line that was not sent yet another variant; the difference is paid back or asked for.",
            parameters=("order", "line", "variant", "reason", *_METHODS),
            optional=("reason", *_METHODS),
            outcomes=("done", "refused", "missing"),
            facts=_facts(),
            is_effect=True,
        ),
        _change_options,
        needs_prices=True,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="exchange.check",
            about="Says whether pieces that came may go back for another variant, who pays the way, what is settled.",
            parameters=("order", "line", "variant", "reason", "quantity", *_METHODS),
            optional=("reason", "quantity", *_METHODS),
            outcomes=("allowed", "refused", "missing"),
            facts=_facts(*_RETURN_TERMS, "asks_method"),
        ),
        _check_exchange,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="exchange.open",
            about="Opens an exchange: orders the pick-up, sets the other variant aside, settles the difference.",
            parameters=("order", "line", "variant", "reason", "quantity", *_METHODS),
            optional=("quantity", *_METHODS),
            outcomes=("done", "refused", "missing"),
            facts=_facts(*_RETURN_TERMS, "exchange", "pick_up"),
            is_effect=True,
        ),
        _open_exchange,
        needs_prices=True,
        needs_holder=True,
    ),
)
