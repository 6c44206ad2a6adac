"""Finding and reading products."""

from dataclasses import replace

from xiaoer.events import Facts
from xiaoer.ids import ProductId
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import missing
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.matching import Mention, match_products, match_variants
from xiaoer.shop.models import Product, Variant
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.rules import money_facts
from xiaoer.shop.views import product_choices, product_facts

_SHOWN_CHOICES = 5
_SOLD_OUT = "sold_out"
"""The scope of which something is shown where nothing is named: goods of which a variant is out of stock."""


def _find(request: Request) -> ActionResult:
    mention = Mention.read(request.arguments)
    context = request.goods.products.get(ProductId(request.argument("context")))
    spoken_of = (context,) if context else ()
    # A colour or a size alone is asked of the product spoken of before, be there such a one or not.
    named = replace(mention, colour="", size="") if spoken_of else mention
    match = match_products(named, request.goods)
    found = match_products(mention, request.goods).found if match.is_told else spoken_of
    outcome = {0: "none", 1: "one"}.get(len(found), "several")
    if not found and not match.is_told and request.argument("scope") == _SOLD_OUT:
        found = tuple(product for product in request.goods.products.values() if _is_missed(product))
        outcome = "several" if found else "none"
    choices = product_choices(found[:_SHOWN_CHOICES], request.goods)
    return ActionResult(outcome, {"choices": choices, "total": len(found)})


def _is_missed(product: Product) -> bool:
    return any(variant.stock <= 0 for variant in product.variants)


def _read(request: Request) -> ActionResult:
    product = _product(request)
    if product is None:
        return missing()
    colour, size = request.argument("colour"), request.argument("size")
    match = match_variants(product, colour=colour, size=size)
    asked = {"asked": _asked(product, match.found, " ".join(filter(None, (colour, size))))} if match.is_told else {}
    return ActionResult("ok", {"product": product_facts(product), **asked})


def _asked(product: Product, found: tuple[Variant, ...], said: str) -> Facts:
    """Give what may be said of the variants that were asked for; where there is none, which there are instead."""
    if not found:
        options = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
        return {"said": said, "is_sold": False, "instead": list(options)}
    lowest = min((variant.price for variant in found), key=lambda price: price.minor)
    is_one_price = all(variant.price == lowest for variant in found)
    price = {"price" if is_one_price else "price_from": money_facts(lowest)}
    return {"said": said, "is_sold": True, "stock": sum(variant.stock for variant in found), **price}


def _product(request: Request) -> Product | None:
    return request.goods.products.get(ProductId(request.argument("product")))


PRODUCT_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="product.find",
            about="Finds the products that are meant.",
            parameters=(
                "scope",
                "context",
                "mention",
                "mention.product",
                "mention.brand",
                "mention.colour",
                "mention.size",
            ),
            outcomes=("one", "several", "none"),
            facts=("choices", "total"),
            optional=(
                "scope",
                "context",
                "mention",
                "mention.product",
                "mention.brand",
                "mention.colour",
                "mention.size",
            ),
            scopes=(_SOLD_OUT,),
        ),
        _find,
        needs_orders=False,
    ),
    Query(
        ActionSpec(
            name="product.read",
            about="Reads a product: prices, stock, variants, attributes; of a colour or size that is asked for too.",
            parameters=("product", "colour", "size"),
            outcomes=("ok", "missing"),
            facts=("product", "asked"),
            optional=("colour", "size"),
        ),
        _read,
        needs_orders=False,
    ),
)
