"""Stock going up and down, and who is to be told when it went up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from xiaoer.ids import CustomerId, SkuId
from xiaoer.shop.customers import Customer
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Product


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A customer is to be told that a variant, asked for when it was out of stock, can be bought."""

    customer: CustomerId
    sku: SkuId
    title: str
    stock: int
    asked_at: datetime


def due_notices(customers: Iterable[Customer], products: Iterable[Product]) -> Iterator[DueNotice]:
    """Give the notices whose variants are in stock, however they came to be."""
    stocked = {v.sku: (product, v) for product in products for v in product.variants if v.stock > 0}
    for customer in customers:
        for notice in customer.stock_notices:
            if notice.sku in stocked:
                product, variant = stocked[notice.sku]
                title = " ".join((product.title, *variant.options.values()))
                yield DueNotice(customer.id, notice.sku, title, variant.stock, notice.asked_at)


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
