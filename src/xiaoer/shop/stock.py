"""Stock going up and down."""

from collections.abc import Mapping

import msgspec

from xiaoer.ids import SkuId
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Product


def moved_stock(goods: Goods, pieces: Mapping[SkuId, int]) -> tuple[Product, ...]:
    """Give the products whose stock changes by so many pieces a variant; what is no longer sold is left out."""
    touched = (p for p in goods.products.values() if any(pieces.get(variant.sku) for variant in p.variants))
    return tuple(
        msgspec.structs.replace(
            product,
            variants=tuple(
                msgspec.structs.replace(variant, stock=variant.stock + pieces.get(variant.sku, 0))
                for variant in product.variants
            ),
        )
        for product in touched
    )
