"""The live goods in memory: what customers call them, and which ones a mention means."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiaoer.ids import ProductId
from xiaoer.shop.models import Product

_TITLE_BREAKS = re.compile(r"[\s/|·,，、()（）【】\[\]+]+")
_SAME_ID, _SAME_WORD = 10_000, 1_000
_SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class Goods:
    """All products of a shop by id, and the folded words by which customers call each."""

    products: Mapping[ProductId, Product]
    names: Mapping[ProductId, frozenset[str]]

    @classmethod
    def of(cls, products: Iterable[Product]) -> "Goods":
        """Put products on the shelf."""
        by_id = {product.id: product for product in products}
        return cls(by_id, {key: _folded_set(product_words(product)) for key, product in by_id.items()})

    def words(self) -> dict[str, dict[str, str]]:
        """Give the words of the goods by kind of entity, each with its value.

        Words of one character are left out: they stand inside too many others.
        """
        named: defaultdict[str, set[str]] = defaultdict(set)
        words: dict[str, dict[str, str]] = {"product": {}, "brand": {}, "colour": {}, "size": {}, "sku": {}}
        for product in self.products.values():
            for word in (word for word in product_words(product) if len(word) >= _SHORTEST_WORD):
                named[word].add(product.id)
            words["brand"][product.brand] = product.brand
            for variant in product.variants:
                words["sku"][variant.sku] = variant.sku
                for option in ("colour", "size"):
                    if option in variant.options:
                        words[option][variant.options[option]] = variant.options[option]
        words["product"] = {word: min(ids) if len(ids) == 1 else word for word, ids in named.items()}
        return words

    @property
    def brands(self) -> frozenset[str]:
        """The folded names of all brands."""
        return _folded_set(product.brand for product in self.products.values())

    def names_of(self, product_id: ProductId, title: str) -> frozenset[str]:
        """Give the folded words for a product; one that is no longer sold keeps those of its title."""
        return self.names.get(product_id) or _folded_set(_title_words(title))

    def said_for(self, surface: str, text: str) -> str:
        """Give the folded words that were said for what was understood as a product (an id or words).

        A short name is one product's in the catalogue, but a customer may mean another whose longer name holds it.
        """
        names = next((names for key, names in self.names.items() if key.casefold() == surface), None)
        if names is None:
            return surface
        return max((name for name in names if name in text), key=len, default="")


def product_words(product: Product) -> frozenset[str]:
    """Give the words by which customers call a product: title, short names, the title's parts without its brand."""
    without_brand = product.title.removeprefix(product.brand).strip()
    return frozenset({*product.names, *_title_words(product.title), without_brand} - {product.brand, ""})


def product_score(product_id: ProductId, names: frozenset[str], *, surface: str, said: str, text: str) -> int:
    """Say how well a mention fits a product: 0 is not at all, an id is more than any word.

    `surface` is what was understood as the product (an id or words), `said` the words said for it, `text` the whole
    message, all folded.
    """
    if surface and surface == product_id.casefold():
        return _SAME_ID
    by_surface = max((_overlap(name, said) for name in names), default=0)
    by_text = max((len(name) for name in names if len(name) >= _SHORTEST_WORD and name in text), default=0)
    return by_surface + by_text


def _overlap(name: str, surface: str) -> int:
    if name == surface:
        return _SAME_WORD
    is_part = bool(surface) and (surface in name or (len(name) >= _SHORTEST_WORD and name in surface))
    return min(len(name), len(surface)) if is_part else 0


def folded(text: str) -> str:
    """Write a text for comparing: compatible forms, small letters, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _folded_set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(folded(word) for word in words)


def _title_words(title: str) -> set[str]:
    return {title, *(part for part in _TITLE_BREAKS.split(title) if len(part) >= _SHORTEST_WORD)}
