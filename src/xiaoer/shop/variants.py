"""Which variant of a product is meant instead of the one that was bought: by its options, or larger and smaller."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xiaoer.pack import Phrases
from xiaoer.shop.goods import Goods, folded, stands_in
from xiaoer.shop.matching import Mention, core_of, has_option
from xiaoer.shop.models import OrderLine, Product, Variant

_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:米|厘米|毫升|升|克|千克|公斤|寸|英寸)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The variants that may be meant; `is_told` is false where nothing was said of them."""

    found: tuple[Variant, ...]
    is_told: bool


def wanted_variants(product: Product, line: OrderLine, mention: Mention, phrases: Phrases) -> Wanted:
    """Find the variants of a line's product that are wanted instead of the line's own.

    What is not said stays as it was bought, where there is such a variant. Words that name the line's own option beside
    another one ("not the black, the white one") tell where from; "the same again" is the line's own variant.
    """
    said = {name: _said(name, product, line, mention, phrases) for name in _options(product)}
    told = {name: values for name, values in said.items() if values is not None}
    if not told:
        own = tuple(variant for variant in product.variants if variant.sku == line.sku)
        is_same = any(stands_in(folded(word), mention.text) for word in phrases.same_again)
        return Wanted(own if is_same else (), is_told=is_same)
    fitting = tuple(v for v in product.variants if all(v.options.get(n) in values for n, values in told.items()))
    kept = {name: value for name, value in line.options.items() if name not in told}
    nearest = tuple(v for v in fitting if all(v.options.get(name) == value for name, value in kept.items()))
    return Wanted(nearest or fitting, is_told=True)


def able_to_become(lines: Iterable[OrderLine], arguments: Mapping[str, str], goods: Goods) -> tuple[OrderLine, ...]:
    """Give the lines of which there is another variant with a colour and a size that are wanted instead.

    None are given where neither is said (as the arguments `wanted.colour` and `wanted.size`, parted by commas).
    """
    wanted = {name: folded(arguments.get(f"wanted.{name}", "")) for name in ("colour", "size")}
    said = [[(name, value) for value in values.split(",")] for name, values in wanted.items() if values]

    def is_able(line: OrderLine) -> bool:
        product = goods.products.get(line.product)
        others = [variant for variant in product.variants if variant.sku != line.sku] if product else []
        return any(all(any(_is_of(variant, *one) for one in values) for values in said) for variant in others)

    return tuple(line for line in lines if is_able(line)) if said else ()


def _is_of(variant: Variant, name: str, said: str) -> bool:
    return any(has_option(name, value, said) for value in variant.options.values())


def _options(product: Product) -> dict[str, list[str]]:
    """Give the values of each option, in the order of the catalogue."""
    options: dict[str, list[str]] = {}
    for variant in product.variants:
        for name, value in variant.options.items():
            values = options.setdefault(name, [])
            if value not in values:
                values.append(value)
    return options


def _said(name: str, product: Product, line: OrderLine, mention: Mention, phrases: Phrases) -> frozenset[str] | None:
    """Give the values of an option that are meant; None where nothing is said of it, none where there is no such."""
    values, own = _options(product)[name], line.options.get(name, "")
    entity = {"colour": mention.colour, "size": mention.size}.get(name, "")
    named = [value for value in values if _stands_in(core_of(folded(value)), mention.text)]
    named = [value for value in named if not _is_inside(value, named)] or _measured(values, mention.text)
    fitting = [value for value in values if entity and has_option(name, value, entity)]
    others = [value for value in (named or fitting) if value != own]
    if others:
        return frozenset(others)
    if named or fitting:
        return None  # Its own option alone tells what it was, not what is wanted.
    step = _step(mention, phrases) if name == "size" and own in values else 0
    if step:
        place = values.index(own) + step
        return frozenset(values[place : place + 1] if place >= 0 else ())
    return frozenset() if entity else None


def _measured(values: Iterable[str], text: str) -> list[str]:
    """Give the values whose measure stands in a text: of 1.8米床 the 1.8米."""
    measures = ((value, _MEASURE.match(folded(value))) for value in values)
    return [value for value, measure in measures if measure and _stands_in(measure[0], text)]


def _stands_in(core: str, text: str) -> bool:
    """Say whether an option stands in a text; a number stands there whole: no 8 in "8.5"."""
    if core.isdecimal():
        return re.search(rf"(?<![0-9.]){core}(?![0-9]|\.[0-9])", text) is not None
    return stands_in(core, text)


def _is_inside(value: str, others: Sequence[str]) -> bool:
    """Say whether a value was only heard because it stands inside of a longer one: no white in "off-white"."""
    own = core_of(folded(value))
    return any(own != core_of(folded(other)) and own in core_of(folded(other)) for other in others)


def _step(mention: Mention, phrases: Phrases) -> int:
    """Say which way along the sizes: 1 is larger, -1 smaller, 0 neither; "larger than I thought" asks for none."""
    if _says(phrases.compares, mention.text):
        return 0
    larger, smaller = (_says(words, mention.text) for words in (phrases.larger, phrases.smaller))
    return 0 if larger == smaller else 1 if larger else -1


def _says(words: Iterable[str], text: str) -> bool:
    return any(stands_in(folded(word), text) for word in words)
