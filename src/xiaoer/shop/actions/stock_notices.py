"""Customers who want to be told when something is back in stock: asked for once, told of, and taken back."""

from collections.abc import Sequence
from datetime import timedelta

from xiaoer.events import Facts
from xiaoer.ids import ProductId, SkuId
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted, with_stock_notice, without_stock_notice
from xiaoer.shop.customers import Customer, StockNotice
from xiaoer.shop.goods import folded, stands_in
from xiaoer.shop.matching import Mention, match_products, match_variants
from xiaoer.shop.models import Product, Variant
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.views import variant_choices

_MENTION = ("context", "mention", "mention.product", "mention.colour", "mention.size")
_FACTS = ("reason", "title", "asked_at", "stock")


def _find(request: Request) -> ActionResult:
    """Find the variant that is wanted among those that are out of stock."""
    product = _product(request)
    if product is None:
        return _found("none", ())
    gone = tuple(variant for variant in product.variants if variant.stock <= 0)
    mention = Mention.read(request.arguments)
    match = match_variants(product, colour=mention.colour, size=mention.size)
    meant = match.found or _named(product, mention.text)
    if not meant:
        return _found("unmatched" if match.is_told and gone else _how_many(gone), gone)
    left = tuple(variant for variant in meant if variant.stock <= 0)
    return _found(_how_many(left), left)


def _named(product: Product, text: str) -> tuple[Variant, ...]:
    """Give the variants one of whose options stands in a text, where not all of them have it."""
    named = tuple(
        variant
        for variant in product.variants
        if any(stands_in(folded(value), text) for value in variant.options.values())
    )
    return named if len(named) < len(product.variants) else ()


def _how_many(found: Sequence[Variant]) -> str:
    return {0: "none", 1: "one"}.get(len(found), "several")


def _found(outcome: str, variants: Sequence[Variant]) -> ActionResult:
    return ActionResult(outcome, {"choices": variant_choices(variants), "total": len(variants)})


def _check(request: Request) -> ActionResult:
    return _decided(request, "allowed")


def _ask(request: Request) -> Change:
    result, holder, product = _decided(request, "done"), request.holder, _product(request)
    if result.outcome != "done" or holder is None or product is None:
        return Change(result)
    sku = SkuId(request.argument("variant"))
    note = Note(by=request.by, at=request.now, details={"sku": sku, "product": product.id})
    changed = with_stock_notice(holder, StockNotice(sku=sku, product=product.id, asked_at=request.now))
    return Change(result, customer=noted(changed, "ask_stock_notice", note))


def _decided(request: Request, allowed: str) -> ActionResult:
    """Decide whether somebody may be noted to be told; without a variant whether any is out of stock."""
    holder, product = request.holder, _product(request)
    if holder is None or product is None:
        return missing()
    wanted = request.argument("variant")
    variants = [variant for variant in product.variants if variant.sku == wanted or not wanted]
    if not variants:
        return missing()
    facts: Facts = {"title": _title(product, variants[0] if wanted else None)}
    asked = holder.stock_notice(wanted)
    if asked is not None:
        day = request.policies.day(asked.asked_at)
        return ActionResult("refused", {"reason": "asked_before", **facts, "asked_at": day.isoformat()})
    if all(variant.stock > 0 for variant in variants):
        stock = sum(variant.stock for variant in variants)
        return ActionResult("refused", {"reason": "in_stock", **facts, "stock": stock})
    return ActionResult(allowed, facts)


def _find_asked(request: Request) -> ActionResult:
    """Find which of the notices is meant: by its product, its colour, its size."""
    notices = () if request.holder is None else request.holder.stock_notices
    mention = Mention.read(request.arguments)
    titles = {notice.sku: _title_of(notice, request) for notice in notices}
    match = match_products(mention, request.goods)
    named = tuple(n for n in notices if n.product in {product.id for product in match.found}) or notices
    options = [folded(option) for option in (mention.colour, mention.size) if option]
    meant = tuple(n for n in named if all(stands_in(option, folded(titles[n.sku])) for option in options)) or named
    choices = [{"value": n.sku, "title": titles[n.sku], "says": [titles[n.sku]]} for n in meant]
    return ActionResult({0: "none", 1: "one"}.get(len(meant), "several"), {"choices": choices, "total": len(meant)})


def _withdraw(request: Request) -> Change:
    holder, sku, why = request.holder, SkuId(request.argument("notice")), request.argument("because")
    notice = None if holder is None else holder.stock_notice(sku)
    if holder is None or notice is None:
        return Change(missing())
    details = {"sku": sku, "product": notice.product, **({"because": why} if why else {})}
    note = Note(by="shop" if why else request.by, at=request.now, details=details)
    changed = noted(without_stock_notice(holder, sku), "withdraw_stock_notice", note)
    return Change(ActionResult("done"), customer=changed)


def _read_one(request: Request) -> ActionResult:
    """Say whether what a customer waits for is back, or whether it was waited for too long."""
    notice = None if request.holder is None else request.holder.stock_notice(SkuId(request.argument("notice")))
    if notice is None:
        return missing()
    variant, policy = _variant_of(notice, request), request.policies.stock_notice
    facts: Facts = {"title": _title_of(notice, request), "stock": variant.stock if variant else 0}
    if variant is not None and variant.stock > 0:
        return ActionResult("back", facts)
    is_old = policy is not None and request.now - notice.asked_at > timedelta(days=policy.days)
    return ActionResult("expired" if is_old else "waiting", facts)


def _read(request: Request) -> ActionResult:
    holder: Customer | None = request.holder
    if holder is None:
        return missing()
    told: dict[str, list[str]] = {"waiting": [], "back": []}
    for notice in holder.stock_notices:
        variant = _variant_of(notice, request)
        told["back" if variant is not None and variant.stock > 0 else "waiting"].append(_title_of(notice, request))
    return ActionResult("ok", {name: titles for name, titles in told.items() if titles})


def _product(request: Request) -> Product | None:
    return request.goods.products.get(ProductId(request.argument("product")))


def _variant_of(notice: StockNotice, request: Request) -> Variant | None:
    product = request.goods.products.get(notice.product)
    return next((v for v in product.variants if v.sku == notice.sku), None) if product else None


def _title_of(notice: StockNotice, request: Request) -> str:
    product = request.goods.products.get(notice.product)
    return _title(product, _variant_of(notice, request)) if product else str(notice.sku)


def _title(product: Product, variant: Variant | None) -> str:
    return " ".join((product.title, *(variant.options.values() if variant else ())))


STOCK_NOTICE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="stock.find",
            about="Finds which variant of a product is meant of those that are out of stock.",
            parameters=("product", *_MENTION),
            optional=_MENTION,
            outcomes=("one", "several", "unmatched", "none"),
            facts=("choices", "total"),
        ),
        _find,
        needs_orders=False,
    ),
    Query(
        ActionSpec(
            name="stock.check_notice",
            about="Says whether the customer may be noted to be told when a variant, or any of a product, is back.",
            parameters=("product", "variant"),
            optional=("variant",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_orders=False,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="stock.notify",
            about="Notes that the customer wants to be told when a variant is back; once, and only while it is out.",
            parameters=("product", "variant"),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
            awaits="variant",
            news="stock_back",
        ),
        _ask,
        needs_prices=True,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="stock.find_notice",
            about="Finds which of the notices that the customer has asked for is meant.",
            parameters=_MENTION,
            optional=_MENTION,
            outcomes=("one", "several", "none"),
            facts=("choices", "total"),
        ),
        _find_asked,
        needs_orders=False,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="stock.withdraw_notice",
            about="Takes a notice back: nobody need be told any more, or it was (`because`: told, expired).",
            parameters=("notice", "because"),
            optional=("because",),
            outcomes=("done", "missing"),
            is_effect=True,
        ),
        _withdraw,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="stock.read_notice",
            about="Says whether what the customer wants to be told of is back, or was waited for too long.",
            parameters=("notice",),
            outcomes=("back", "waiting", "expired", "missing"),
            facts=("title", "stock"),
        ),
        _read_one,
        needs_orders=False,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="stock.read_notices",
            about="Tells what the customer wants to be told of: what is still out of stock, and what is back.",
            parameters=(),
            outcomes=("ok", "missing"),
            facts=("waiting", "back"),
        ),
        _read,
        needs_orders=False,
        needs_holder=True,
    ),
)
