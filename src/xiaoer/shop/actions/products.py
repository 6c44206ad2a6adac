"""Finding and reading products."""

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.matching import Mention, match_products
from xiaoer.shop.models import Product
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.views import product_choices, product_facts

_SHOWN_CHOICES = 5


def _find(request: Request) -> ActionResult:
    match = match_products(Mention.read(request.arguments), request.goods)
    found = match.found
    if not match.is_told:
        found = tuple(p for p in request.goods.products.values() if p.id == request.argument("context"))
    choices = product_choices(found[:_SHOWN_CHOICES], request.goods)
    outcome = {0: "none", 1: "one"}.get(len(found), "several")
    return ActionResult(outcome, {"choices": choices, "total": len(found)})


def _read(request: Request) -> ActionResult:
    product = _product(request)
    return ActionResult("ok", {"product": product_facts(product)}) if product else ActionResult("missing")


def _product(request: Request) -> Product | None:
    wanted = request.argument("product")
    return next((product for product in request.goods.products.values() if product.id == wanted), None)


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
        ),
        _find,
        needs_orders=False,
    ),
    Query(
        ActionSpec(
            name="product.read",
            about="Reads a product: prices, stock, variants, attributes.",
            parameters=("product",),
            outcomes=("ok", "missing"),
            facts=("product",),
        ),
        _read,
        needs_orders=False,
    ),
)
