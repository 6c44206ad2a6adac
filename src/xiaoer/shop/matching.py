"""Which of a customer's own orders, lines or products is meant by what was said about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from typing import Generic, TypeVar

from xiaoer.ids import ProductId
from xiaoer.pack import Phrases
from xiaoer.shop.goods import Goods, folded, product_score, resemblance, stands_in
from xiaoer.shop.models import Order, OrderLine, Product, Variant
from xiaoer.text import listed_words

_NUMBER = re.compile(r"(?<![0-9])[0-9]{4,}(?![0-9])")
_WHOLE_NUMBER_DIGITS = 12
_ARRIVED = frozenset({"delivered", "completed"})
_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Mention:
    """What was said about a thing: the text (folded, and `words` as received), and the entities in it, normalised."""

    text: str = ""
    words: str = ""
    order_id: str = ""
    product: str = ""
    brand: str = ""
    date: str = ""
    colour: str = ""
    size: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Mention":
        """Take the mention out of an action's arguments (`mention`, `mention.product`, …)."""
        said = {
            name: folded(arguments.get(f"mention.{name}", ""))
            for name in ("product", "brand", "date", "colour", "size")
        }
        digits = re.sub(r"[^0-9]", "", folded(arguments.get("mention.order_id", "")))
        words = arguments.get("mention", "")
        return cls(text=folded(words), words=words, order_id=digits, **said)

    @property
    def numbers(self) -> frozenset[str]:
        """Every run of four digits or more, those of the order number included."""
        return frozenset([*_NUMBER.findall(self.text), *([self.order_id] if self.order_id else [])])

    @property
    def names_number(self) -> bool:
        """A whole order or tracking number was given: if it fits nothing, nothing else may be guessed."""
        return bool(self.order_id) or any(len(number) >= _WHOLE_NUMBER_DIGITS for number in self.numbers)


@dataclass(frozen=True, slots=True)
class Match(Generic[_Thing]):
    """What a mention means; `is_told` is false when it says nothing by which things can be told apart."""

    found: tuple[_Thing, ...]
    is_told: bool


def match_orders(
    orders: Sequence[Order], mention: Mention, *, goods: Goods, phrases: Phrases, timezone: tzinfo
) -> Match[Order]:
    """Find the orders meant, newest first as given: by number, product, day of purchase, option, state or "latest"."""
    by_number = [order for order in orders if _has_number(order, mention)]
    if by_number or mention.names_number:
        return Match(tuple(by_number), is_told=True)
    states = _states_said(mention.text, phrases)
    kept = _Narrowing(orders)
    score = _line_score(mention, goods)
    kept.best(lambda order: max(map(score, order.lines), default=0), is_said=bool(mention.product))
    kept.resembling(lambda order: max((_line_likeness(line, mention, goods) for line in order.lines), default=0))
    shelves = _categories_said(mention, phrases)
    kept.otherwise(lambda order: any(line.category in shelves for line in order.lines), shelves)
    kept.otherwise(lambda order: any(_is_called(line, mention.product) for line in order.lines), mention.product)
    day_of = _delivery_day if states & _ARRIVED else _purchase_day
    days = {day_of(order, timezone) for order in orders}
    # A day on which nothing was bought (or came) is no pointer: "will it come today?" names another day.
    said = _days_said(mention.date, days)
    kept.only(lambda order: day_of(order, timezone) in said, said)
    kept.only(lambda order: any(_has_colour(line.options, mention.colour) for line in order.lines), mention.colour)
    # Nor is a state in which nothing is: "has it not been sent yet?" of what waits.
    there = states.intersection(order.state for order in orders)
    kept.only(lambda order: order.state in there, there)
    match = kept.match()
    if any(stands_in(folded(phrase), mention.text) for phrase in phrases.latest_order) and (
        match.found or not match.is_told
    ):
        return Match((match.found or tuple(orders))[:1], is_told=True)
    return match


def match_lines(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> Match[OrderLine]:
    """Find the lines of an order that are meant."""
    kept = _Narrowing(lines)
    kept.best(_line_score(mention, goods), is_said=bool(mention.product))
    kept.resembling(lambda line: _line_likeness(line, mention, goods))
    shelves = _categories_said(mention, phrases)
    kept.otherwise(lambda line: line.category in shelves, shelves)
    kept.otherwise(lambda line: _is_called(line, mention.product), mention.product)
    kept.only(lambda line: _has_colour(line.options, mention.colour), mention.colour)
    kept.only(lambda line: _has_size(line.options, mention.size), mention.size)
    return kept.match()


def match_products(mention: Mention, goods: Goods) -> Match[Product]:
    """Find the products meant; brand, colour and size narrow down what the words of the product leave."""
    kept = _Narrowing(tuple(goods.products.values()))
    said = goods.said_for(mention.product, mention.text)
    kept.best(
        lambda product: product_score(
            product.id,
            goods.names_of(product.id, product.title),
            surface=mention.product,
            said=said,
            text=mention.text,
        ),
        is_said=bool(mention.product),
        among=goods.candidates(mention.product, said, mention.text),
    )
    kept.resembling(
        lambda product: resemblance(goods.names[product.id], mention.product, mention.text),
        among=goods.resembled(mention.text),
    )
    brand = mention.brand or next((name for name in goods.brands if stands_in(name, mention.text)), "")
    kept.only(lambda product: folded(product.brand) == brand, brand)
    kept.only(lambda product: any(_has_colour(v.options, mention.colour) for v in product.variants), mention.colour)
    kept.only(lambda product: any(_has_size(v.options, mention.size) for v in product.variants), mention.size)
    return kept.match()


def match_variants(product: Product, *, colour: str, size: str) -> Match[Variant]:
    """Find the variants of a product with the colour and the size that are said; none if there is no such one."""
    wanted = {"colour": (folded(colour), _has_colour), "size": (folded(size), _has_size)}
    said = [(value, fits) for value, fits in wanted.values() if value]
    found = tuple(v for v in product.variants if all(fits(v.options, value) for value, fits in said))
    return Match(found if said else (), is_told=bool(said))


def _purchase_day(order: Order, timezone: tzinfo) -> str:
    return order.placed_at.astimezone(timezone).date().isoformat()


def _delivery_day(order: Order, timezone: tzinfo) -> str:
    at = order.delivered_at
    return at.astimezone(timezone).date().isoformat() if at else ""


class _Narrowing(Generic[_Thing]):
    """Narrows candidates by one thing said after another; what fits none of those left is taken for a slip."""

    def __init__(self, things: Sequence[_Thing]) -> None:
        self._left = tuple(things)
        self._is_told = False
        self._has_fit = False

    def best(self, score: Callable[[_Thing], int], *, is_said: bool, among: Sequence[_Thing] | None = None) -> None:
        """Keep what scores best; `among` are those of the things, in their order, that can score at all."""
        able = self._left if among is None else among
        scores = [score(thing) for thing in able]
        top = max(scores, default=0)
        self._is_told = self._is_told or is_said or top > 0
        if top > 0:
            self._has_fit = True
            self._left = tuple(thing for thing, own in zip(able, scores, strict=True) if own == top)

    def resembling(self, likeness: Callable[[_Thing], int], *, among: Sequence[_Thing] | None = None) -> None:
        """Where nothing is named in so many words, keep what the words resemble most."""
        if not self._has_fit:
            self.best(likeness, is_said=False, among=among)

    def otherwise(self, fits: Callable[[_Thing], bool], said: object) -> None:
        """Where no thing is known by what it is called, keep those that fit a wider word ("the clothes")."""
        if not self._has_fit:
            self.only(fits, said)

    def only(self, fits: Callable[[_Thing], bool], said: object) -> None:
        if not said:
            return
        self._is_told = True
        fitting = tuple(thing for thing in self._left if fits(thing))
        if fitting:
            self._has_fit = True
            self._left = fitting

    def match(self) -> Match[_Thing]:
        return Match(self._left if self._has_fit else (), self._is_told)


def _days_said(said: str, days: AbstractSet[str]) -> frozenset[str]:
    """Give those of the days that are the one said, or fall into the period said (`first/last`)."""
    first, _, last = said.partition("/")
    return frozenset(day for day in days if first[:10] <= day <= (last or first)[:10])


def _has_number(order: Order, mention: Mention) -> bool:
    own = (order.id, *(shipment.tracking_no.casefold() for shipment in order.shipments))
    return any(number_of_order.endswith(number) for number in mention.numbers for number_of_order in own)


def _categories_said(mention: Mention, phrases: Phrases) -> frozenset[str]:
    """The categories of goods whose words were said."""
    said = mention.product or mention.text
    found = (code for code, words in phrases.categories.items() if any(stands_in(folded(w), said) for w in words))
    return frozenset(found)


def _states_said(text: str, phrases: Phrases) -> frozenset[str]:
    """The states whose words were said; of words inside one another the longest counts (未发货, not 发货)."""
    hits = [
        (len(word), state)
        for state, words in phrases.order_states.items()
        for word in map(folded, words)
        if stands_in(word, text)
    ]
    longest = max((length for length, _ in hits), default=0)
    return frozenset(state for length, state in hits if length == longest)


def _line_score(mention: Mention, goods: Goods) -> Callable[[OrderLine], int]:
    """Give what says how well a mention fits the product of a line."""
    said = goods.said_for(mention.product, mention.text)

    @cache
    def of_product(product: ProductId, title: str) -> int:
        names = goods.names_of(product, title)
        return product_score(product, names, surface=mention.product, said=said, text=mention.text)

    return lambda line: of_product(line.product, line.title)


def _line_likeness(line: OrderLine, mention: Mention, goods: Goods) -> int:
    """Say how well a text names a line in other letters, or by one character that is no part of another word."""
    names = goods.names_of(line.product, line.title)
    likeness = resemblance(names, mention.product, mention.text)
    return likeness or int(not mention.product and not _single(names).isdisjoint(_single(listed_words(mention.text))))


def _single(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word) == 1 and not word.isascii()}


def core_of(option: str) -> str:
    """Leave out what only says that a word is a colour or a size."""
    return option.removesuffix("色").removesuffix("码") or option


def has_option(name: str, value: str, said: str) -> bool:
    """Say whether a value of an option (colour, size) is what was said of it."""
    fits = _has_size if name == "size" else _has_colour
    return fits({name: value}, said)


def _is_called(line: OrderLine, said: str) -> bool:
    """Say whether a thing is called by its option alone: "the red one", of two tables "the round one"."""
    return any(core_of(said) == core_of(folded(value)) for value in line.options.values())


def _has_colour(options: Mapping[str, str], said: str) -> bool:
    core = core_of(said)
    return any(stands_in(core, folded(value)) for value in options.values())


def _has_size(options: Mapping[str, str], said: str) -> bool:
    core = core_of(said)
    return any(_begins(folded(value), core) for value in options.values())


def _begins(value: str, core: str) -> bool:
    """Say whether a size begins with what was said of it: 500 ml with 500, not XL with X, nor 38 with 3."""
    last, following = core[-1:], value[len(core) : len(core) + 1]
    is_longer = following.isascii() and ((last.isdigit() and following.isdigit()) or _is_letters(last, following))
    return value.startswith(core) and not is_longer


def _is_letters(one: str, other: str) -> bool:
    return one.isascii() and one.isalpha() and other.isalpha()
