"""The live goods in memory: what customers call them, and which ones a mention means."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xiaoer.ids import ProductId
from xiaoer.shop.models import Product
from xiaoer.shop.name_index import NameIndex
from xiaoer.text import with_lengths_read

_TITLE_BREAKS = re.compile(r"[\s/|·,，、()（）【】\[\]+]+")
_NEEDLESS_BLANK = re.compile(r"(?<![a-z0-9.,!?;:'\-]) | (?![a-z0-9#$('\-])|(?<=[0-9]) (?=[0-9])")
_SAME_ID, _SAME_WORD = 10_000, 1_000
_PLURAL = re.compile(r"e?s(?![a-z0-9])")
_SHORTEST_PLURAL = 3
_SHORTEST_WORD, _SHORTEST_SLIP, _LONGEST_HALF = 2, 3, 5


@dataclass(frozen=True, slots=True)
class Goods:
    """All products of a shop by id, the folded words by which customers call each, and where halves of words lead.

    `codes` are the folded ids, `places` the order on the shelf, `brands` the folded names of all brands.
    """

    products: Mapping[ProductId, Product]
    names: Mapping[ProductId, frozenset[str]]
    halves: Mapping[str, frozenset[ProductId]]
    index: NameIndex
    codes: Mapping[str, ProductId]
    places: Mapping[ProductId, int]
    brands: frozenset[str]

    @classmethod
    def of(cls, products: Iterable[Product]) -> "Goods":
        """Put products on the shelf."""
        by_id = {product.id: product for product in products}
        names = {key: _folded_set(product_words(one) or _title_words(one.title)) for key, one in by_id.items()}
        halves: defaultdict[str, set[ProductId]] = defaultdict(set)
        for key, words in names.items():
            for half in (half for word in words if len(word) <= 2 * _LONGEST_HALF for half in _halves(word)):
                halves[half].add(key)
        return cls(
            by_id,
            names,
            {half: frozenset(ids) for half, ids in halves.items()},
            NameIndex(names),
            {key.casefold(): key for key in by_id},
            {key: place for place, key in enumerate(by_id)},
            _folded_set(product.brand for product in by_id.values()),
        )

    def words(self) -> dict[str, dict[str, str]]:
        """Give the words of the goods by kind of entity, each with its value.

        Letters and digits of one character are left out: they stand for too much else. `option` gives for each colour
        and size the values of the products that are sold so, a line each.
        """
        named: defaultdict[str, set[str]] = defaultdict(set)
        words: dict[str, dict[str, str]] = {"product": {}, "brand": {}, "colour": {}, "size": {}, "sku": {}}
        for product in self.products.values():
            for word in (word for word in product_words(product) if len(word) > 1 or not word.isascii()):
                named[word].add(product.id)
            words["brand"][product.brand] = product.brand
            for variant in product.variants:
                words["sku"][variant.sku] = variant.sku
                for option in ("colour", "size"):
                    if option in variant.options:
                        words[option][variant.options[option]] = variant.options[option]
        words["product"] = {word: min(ids) if len(ids) == 1 else word for word, ids in named.items()}
        words["option"] = self._sold_so(words)
        return words

    def _sold_so(self, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        sold: defaultdict[str, set[str]] = defaultdict(set)
        for product in self.products.values():
            called = {words["product"][word] for word in product_words(product) if word in words["product"]}
            for value in {value for variant in product.variants for value in variant.options.values()}:
                if value in words["colour"] or value in words["size"]:
                    sold[value] |= called
        return {value: "\n".join(sorted(called)) for value, called in sold.items()}

    def names_of(self, product_id: ProductId, title: str) -> frozenset[str]:
        """Give the folded words for a product; one that is no longer sold keeps those of its title."""
        return self.names.get(product_id) or _folded_set(_title_words(title))

    def said_for(self, surface: str, text: str) -> str:
        """Give the folded words that were said for what was understood as a product (an id or words).

        A short name is one product's in the catalogue, but a customer may mean another whose longer name holds it.
        """
        code = self.codes.get(surface)
        if code is None:
            return surface
        return max((name for name in self.names[code] if stands_in(name, text)), key=len, default="")

    def candidates(self, surface: str, said: str, text: str) -> tuple[Product, ...]:
        """Give the products, in the order of the shelf, that `product_score` may find to fit a mention at all."""
        keys = self.index.candidates(text, said)
        if code := self.codes.get(surface):
            keys |= {code}
        return self._on_the_shelf(keys)

    def resembled(self, text: str) -> tuple[Product, ...]:
        """Give the products of which half a name stands in a folded text: only their names can be meant with a slip."""
        pieces = {text[at : at + n] for n in range(1, _LONGEST_HALF + 1) for at in range(len(text) - n + 1)}
        return self._on_the_shelf({key for half in self.halves.keys() & pieces for key in self.halves[half]})

    def named_in(self, text: str) -> bool:
        """Say whether a folded text names one of the goods by a word of two characters or more."""
        of_text = (self.names[key] for key in self.index.candidates(text, ""))
        return any(len(name) >= _SHORTEST_WORD and stands_in(name, text) for own in of_text for name in own)

    def _on_the_shelf(self, keys: Collection[ProductId]) -> tuple[Product, ...]:
        return tuple(self.products[key] for key in sorted(keys, key=self.places.__getitem__))


def product_words(product: Product) -> frozenset[str]:
    """Give the words by which customers call a product: title, short names, the title's parts without its brand.

    One that has no words but its brand is called by that.
    """
    without_brand = product.title.removeprefix(product.brand).strip()
    words = {*product.names, *_title_words(product.title), without_brand} - {product.brand, ""}
    return frozenset(filter(str.strip, words)) or frozenset({product.title})


def product_score(product_id: ProductId, names: frozenset[str], *, surface: str, said: str, text: str) -> int:
    """Say how well a mention fits a product: 0 is not at all, an id is more than any word.

    `surface` is what was understood as the product (an id or words), `said` the words said for it, `text` the whole
    message, all folded.
    """
    if surface and surface == product_id.casefold():
        return _SAME_ID
    by_surface = max((_overlap(name, said) for name in names), default=0)
    by_text = max((len(name) for name in names if len(name) >= _SHORTEST_WORD and stands_in(name, text)), default=0)
    return by_surface + by_text


def _overlap(name: str, surface: str) -> int:
    if name == surface:
        return _SAME_WORD
    is_part = bool(surface) and (stands_in(surface, name) or (len(name) >= _SHORTEST_WORD and stands_in(name, surface)))
    return min(len(name), len(surface)) if is_part else 0


def resemblance(names: Iterable[str], surface: str, text: str) -> int:
    """Say how well a text names a product in other letters: with one slip in a name, or by a large part of one.

    Counts the characters that agree; 0 is not at all. All is folded. Where a `surface` was understood as a product, it
    may be the right name of something that is not sold: then only a slip in a longer name counts.
    """
    shortest = _SHORTEST_SLIP if surface else _SHORTEST_WORD
    fitting = (name for name in names if shortest < len(name) <= 2 * _LONGEST_HALF and not name.isascii())
    return max((_agreeing(name, text, is_known=bool(surface)) for name in fitting), default=0)


def _agreeing(name: str, text: str, *, is_known: bool) -> int:
    """A name with one slip keeps its first or its second half whole."""
    first, second = _halves(name)
    if first not in text and second not in text:
        return 0
    if any(_is_one_slip(name, piece) for piece in _pieces_at(first, second, text, len(name))):
        return len(name) - 1
    part = 0 if is_known else _longest_part(name, text)
    return part if 2 * part >= len(name) else 0


def _halves(name: str) -> tuple[str, str]:
    half = len(name) // 2
    return name[:half], name[half:]


def _pieces_at(first: str, second: str, text: str, length: int) -> Iterator[str]:
    """Give the pieces of the text, about as long as the name, that begin with its first half or end with its second."""
    for size in (length, length + 1, length - 1):
        for match in re.finditer(re.escape(first), text):
            yield text[match.start() : match.start() + size]
        for match in re.finditer(re.escape(second), text):
            yield text[max(0, match.end() - size) : match.end()]


def _is_one_slip(name: str, piece: str) -> bool:
    """Say whether a piece is the name with one character wrong, missing or too many.

    Of a name of three characters the last, which says what kind of thing it is, has to stand, and none may be missing.
    """
    is_short = len(name) == _SHORTEST_SLIP
    if is_short and (len(piece) < len(name) or piece[-1:] != name[-1]):
        return False
    start = next((at for at, (own, said) in enumerate(zip(name, piece, strict=False)) if own != said), None)
    if start is None or abs(len(name) - len(piece)) > 1:
        return False
    skip_name, skip_piece = len(piece) <= len(name), len(name) <= len(piece)
    return name[start + skip_name :] == piece[start + skip_piece :]


def _longest_part(name: str, text: str) -> int:
    sizes = range(len(name), _SHORTEST_WORD, -1)
    return next((n for n in sizes if any(name[at : at + n] in text for at in range(len(name) - n + 1))), 0)


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """Write a text for comparing: compatible forms, small letters, blanks only between Latin words, 1米8 as 1.8米."""
    small = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'").split()
    bare = _NEEDLESS_BLANK.sub("", " ".join(small)) if len(small) > 1 else "".join(small)
    return with_lengths_read(bare) if "米" in bare else bare


def stands_in(word: str, text: str) -> bool:
    """Say whether a folded word stands in a folded text.

    One of Latin letters stands there whole: no rice in "price"; a plural is the word too, and blanks may be left out.
    """
    if not word.isascii():
        has_blanks = " " in word or " " in text
        return word in text or (has_blanks and word.replace(" ", "") in text.replace(" ", ""))
    return place_of(word, text) >= 0 or (" " in word and place_of(word.replace(" ", ""), text) >= 0)


def place_of(word: str, text: str) -> int:
    """Say where a folded word stands in a folded text, one of Latin letters whole; -1 if it does not."""
    span = span_of(word, text)
    return -1 if span is None else span[0]


def span_of(word: str, text: str) -> tuple[int, int] | None:
    """Say from where to where a folded word stands in a folded text, the ending of its plural taken in."""
    at = text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        if not word.isascii():
            return at, end
        rest = _PLURAL.match(text, end) if len(word) >= _SHORTEST_PLURAL else None
        end = rest.end() if rest else end
        if not _is_latin(text[at - 1 : at]) and not _is_latin(text[end:][:1]):
            return at, end
        at = text.find(word, at + 1)
    return None


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _folded_set(words: Iterable[str]) -> frozenset[str]:
    """Fold words; a blank is none, or a thing called so would be meant wherever none is named."""
    return frozenset(map(folded, words)) - {""}


def _title_words(title: str) -> set[str]:
    """Give a title, and its parts if it is Chinese; the single words of a Latin one ("Set", "Phone") name nothing."""
    if title.isascii():
        return {title}
    return {title, *(part for part in _TITLE_BREAKS.split(title) if len(part) >= _SHORTEST_WORD)}
