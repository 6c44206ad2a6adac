"""Which lines of an order a message calls by name, and what of it only points at the order that they are in."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from xiaoer.pack import Phrases
from xiaoer.shop.goods import Goods, folded, place_of, span_of, stands_in
from xiaoer.shop.matching import Mention, core_of, has_option, match_lines
from xiaoer.shop.models import OrderLine
from xiaoer.text import Selector

_SHORTEST_SHELF = 2
_LONGEST_BETWEEN = 8


def lines_named(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> tuple[OrderLine, ...]:
    """Give all lines of an order that are meant by their names, or all of them, or all but some.

    What stands in a clause that says that it is to be kept ("the other one can stay") is not meant; a colour or a size
    narrows down what one name leaves. Nothing is given where it stays open which of several things is meant.
    """
    selector = _selector(lines, mention, goods, phrases)
    meant = selector.selected(mention.words, len(lines))
    named = [lines[at].product for at in set(selector.called(mention.text)).intersection(meant)]
    is_open = len(set(named)) < len(named) or (len(lines) == 1 and not named)
    return () if is_open else tuple(lines[at] for at in meant)


def leaves_some_out(mention: Mention, goods: Goods, phrases: Phrases) -> bool:
    """Say whether something is left out of what is meant ("all but the …"), be it known or not."""
    return _selector((), mention, goods, phrases).leaves_out(mention.words)


def keeps_what_it_names(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> bool:
    """Say whether the things that are named are all to be left alone: what else is meant is not said."""
    selector = _selector(lines, mention, goods, phrases)
    return bool(selector.spared(mention.words)) and not selector.selected(mention.words, len(lines))


def names_more(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> bool:
    """Say whether beside a line something is named that is none ("the mug and the tray"), or may be several."""
    text = _loose(mention.words)
    names = _names_of(lines, goods, phrases)
    spans = _spans(text, names)
    if not spans:
        return False
    meant = [span for span in spans if not phrases.keep(_clause_of(span, text, phrases))]
    beside = (piece for span in meant for piece in _beside(span, text, phrases))
    if any(_is_thing(piece, phrases, goods, is_sure=is_sure) and not _spans(piece, names) for piece, is_sure in beside):
        return True
    called = {at for span in spans for at in span.lines}
    shelves = [
        {at for at, line in enumerate(lines) if line.category == code}
        for code, words in phrases.categories.items()
        if any(len(word) >= _SHORTEST_SHELF and stands_in(folded(word), folded(text)) for word in words)
    ]
    return any(len(shelf) > 1 and called.isdisjoint(shelf) for shelf in shelves)


def are_listed(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> bool:
    """Say whether all lines that are called by name stand in one list, each once: "the mug and the one with the tray".

    Words for an order behind a name part nothing: "the mug order and the tray order".
    """
    text = _loose(mention.words)
    spans = _spans(text, _names_of(lines, goods, phrases))
    once = len(spans) > 1 and not any(one.lines & other.lines for one, other in combinations(spans, 2))
    between = (text[one.end : other.start] for one, other in pairwise(spans))
    return once and all(_is_joining(_behind_order(words, phrases), phrases, may_be_bare=True) for words in between)


def _behind_order(words: str, phrases: Phrases) -> str:
    said = words.strip()
    noun = next((noun for noun in _by_length(phrases.order_nouns) if said.startswith(noun)), "")
    return said.removeprefix(noun)


def apart_from_order(
    lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases
) -> tuple[Mention, bool]:
    """Give what is said of the things in an order, and whether the names that only point at the order were left out.

    Of "in the order with the lamp, the kettle" not the lamp. Where nothing else is named, the names stay.
    """
    inside = _inside_of_order(mention, goods, phrases)
    if inside is not mention and _tells(lines, inside, goods, phrases):
        return inside, True
    text = _loose(mention.words)
    spans = _spans(text, _names_of(lines, goods, phrases))
    pointing = {span for group in _pointing(text, spans, phrases) for span in group}
    for span in pointing:
        text = f"{text[: span.start]}{' ' * (span.end - span.start)}{text[span.end :]}"
    rest = _only_in(text, mention, goods)
    return (rest, True) if pointing and _tells(lines, rest, goods, phrases) else (mention, False)


def _tells(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> bool:
    """Say whether a mention says which of the lines are meant, or names what is none of them."""
    selector = _selector(lines, mention, goods, phrases)
    if selector.selected(mention.words, len(lines)) or selector.leaves_out(mention.words):
        return True
    is_told = match_lines(lines, mention, goods, phrases).is_told or goods.named_in(mention.text)
    return is_told and not selector.spared(mention.words)


def names_whole_order(mention: Mention, phrases: Phrases) -> bool:
    """Say whether an order is spoken of as such ("the order with the kettle"), not the things in it."""
    inside = [folded(word) for word in phrases.inside]
    words = [word for word in map(folded, phrases.whole_order) if stands_in(word, mention.text)]
    return any(not any(f"{word}{within}" in mention.text for within in inside) for word in words)


def _inside_of_order(mention: Mention, goods: Goods, phrases: Phrases) -> Mention:
    """Give what is said of the things in an order: of "the kettle from the order with the lamp" not the lamp.

    It stands behind the words for an order and for what is inside of it, where these stand in the message. What is left
    out may stand before them ("all but the kettle from this order").
    """
    inside = "|".join(re.escape(word) for word in phrases.inside)
    whole = "|".join(re.escape(word) for word in phrases.whole_order)
    found = list(re.finditer(f"(?:{whole})(?:{inside})", mention.words)) if inside and whole else []
    before, words = (mention.words[: found[-1].end()], mention.words[found[-1].end() :]) if found else ("", "")
    if not words.strip() or leaves_some_out(replace(mention, words=before), goods, phrases):
        return mention
    return _only_in(words, mention, goods)


def _only_in(words: str, mention: Mention, goods: Goods) -> Mention:
    """Give a mention of which only these words are left, and what of its entities stands in them."""
    text = folded(words)
    said = {kind: getattr(mention, kind) for kind in ("brand", "colour", "size")}
    kept = {kind: value if value and value in text else "" for kind, value in said.items()}
    product = mention.product if mention.product and _is_said(mention.product, text, goods) else ""
    return replace(mention, text=text, words=words, product=product, **kept)


def _is_said(product: str, text: str, goods: Goods) -> bool:
    said = goods.said_for(product, text)
    return bool(said) and stands_in(said, text)


def _selector(lines: Sequence[OrderLine], mention: Mention, goods: Goods, phrases: Phrases) -> Selector:
    names = _names_of(lines, goods, phrases)

    def called(clause: str) -> list[int]:
        colour, size = (said if core_of(said) in clause else "" for said in (mention.colour, mention.size))
        left = _fitting(_called_in(clause, names), lambda at: _has(lines[at], "colour", colour))
        return _fitting(left, lambda at: _has(lines[at], "size", size))

    return Selector(phrases, folded, lambda word, clause: place_of(folded(word), clause), called)


def _names_of(lines: Sequence[OrderLine], goods: Goods, phrases: Phrases) -> list[frozenset[str]]:
    """Give what each line is called, the words for its shelf too where nothing else is on that."""
    shelves = [line.category for line in lines]
    return [
        goods.names_of(line.product, line.title)
        | {
            folded(word)
            for word in phrases.categories.get(line.category, ())
            if shelves.count(line.category) == 1 and len(word) >= _SHORTEST_SHELF
        }
        for line in lines
    ]


def _has(line: OrderLine, option: str, said: str) -> bool:
    return bool(said) and any(has_option(option, value, said) for value in line.options.values())


def _fitting(places: Sequence[int], fits: Callable[[int], bool]) -> list[int]:
    """Keep those that fit; what fits none of them is taken for a slip."""
    return [at for at in places if fits(at)] or list(places)


def _called_in(clause: str, names: Sequence[frozenset[str]]) -> list[int]:
    """Give the numbers of things whose names stand in a clause, each by itself: no pillow is named by "pillow case"."""
    called: set[int] = set()
    for name in _longest_first(names):
        if stands_in(name, clause):
            called.update(at for at, own in enumerate(names) if name in own)
            clause = _without(name.replace(" ", ""), _without(name, clause))
    return sorted(called)


def _longest_first(names: Iterable[frozenset[str]]) -> list[str]:
    return sorted({name for own in names for name in own}, key=lambda name: (-len(name), name))


def _without(name: str, clause: str) -> str:
    while (at := place_of(name, clause)) >= 0:
        clause = f"{clause[:at]}\n{clause[at + len(name) :]}"
    return clause


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a name stands in a text, and the numbers of the lines that are called so."""

    start: int
    end: int
    lines: frozenset[int]


def _loose(words: str) -> str:
    """Write words for comparing, with all of their blanks."""
    return unicodedata.normalize("NFKC", words).casefold().replace("\u2019", "'")


def _spans(text: str, names: Sequence[frozenset[str]]) -> list[_Span]:
    """Find the names that stand in a text, the longest first, none inside another one."""
    found: list[_Span] = []
    for name in _longest_first(names):
        own = frozenset(at for at, known in enumerate(names) if name in known)
        for start, end in _places(name, text):
            found.append(_Span(start, end, own))
            text = f"{text[:start]}{chr(10) * (end - start)}{text[end:]}"
    return sorted(found, key=lambda span: span.start)


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while (found := span_of(word, text[at:])) is not None:
        start, end = at + found[0], at + found[1]
        is_apart = not (word.isascii() and text[start - 1 : start].isascii() and text[start - 1 : start].isalnum())
        if is_apart:
            yield start, end
        at = end


def _pointing(text: str, spans: Sequence[_Span], phrases: Phrases) -> Iterator[list[_Span]]:
    """Find the names that say which order is meant: those before the words for one, or behind what it holds."""
    for start, _ in _any_of(phrases.order_nouns, text):
        if not _is_left_out_before(text[:start], spans, phrases):
            yield _group([span for span in reversed(spans) if span.end <= start], text, start, phrases)
    for _, end in _any_of(phrases.order_holds, text):
        yield _group([span for span in spans if span.start >= end], text, end, phrases)


def _is_left_out_before(before: str, spans: Sequence[_Span], phrases: Phrases) -> bool:
    """Say whether the last thing before a place is left out, and a blank parts it off."""
    last = next((span for span in reversed(spans) if span.end <= len(before)), None)
    if last is None or before[last.end :] == "" or before[last.end :].strip():
        return False
    said = before[: last.start].rstrip()
    return any(said.endswith(word) for word in phrases.excepts)


def _any_of(words: Iterable[str], text: str) -> list[tuple[int, int]]:
    return [place for word in words for place in _places(word, text)]


def _group(spans: Iterable[_Span], text: str, at: int, phrases: Phrases) -> list[_Span]:
    """Take names that stand one by one from a place on, only words that join them between."""
    taken: list[_Span] = []
    for span in spans:
        between = text[span.end : at] if span.end <= at else text[at : span.start]
        if not _is_joining(between, phrases, may_be_bare=bool(taken) or not between.strip()):
            break
        taken.append(span)
        at = span.start if span.end <= at else span.end
    return taken


def _is_joining(between: str, phrases: Phrases, *, may_be_bare: bool) -> bool:
    """Say whether words stand between things that are listed: nothing, what joins, or that and a thing unknown."""
    said = between.strip()
    if not said:
        return may_be_bare
    join = next((word for word in _by_length(phrases.thing_joins) if said.startswith(word)), "")
    rest = said.removeprefix(join)
    is_one_clause = not any(mark in rest for mark in phrases.clause_ends if mark.strip())
    return bool(join) and len(rest) <= _LONGEST_BETWEEN and is_one_clause


def _beside(span: _Span, text: str, phrases: Phrases) -> Iterator[tuple[str, bool]]:
    """Give what is listed right behind and right before a name, and whether what joins them says it is a thing."""
    behind, before = text[span.end :].lstrip(), text[: span.start].rstrip()
    for words, is_sure in ((phrases.another_thing, True), (phrases.thing_joins, False)):
        join = next((word for word in _by_length(words) if behind.startswith(word)), "")
        if join and not (join[-1:].isascii() and join[-1:].isalnum() and behind[len(join) : len(join) + 1].isalnum()):
            yield _first_piece(behind[len(join) :], phrases), is_sure
            break
    join = next((word for word in _by_length(phrases.another_thing) if before.endswith(word)), "")
    if join and not join.isascii():
        yield _first_piece(before.removesuffix(join)[::-1], phrases)[::-1], True


def _first_piece(text: str, phrases: Phrases) -> str:
    ends = [*phrases.clause_ends, *(word for word in phrases.another_thing if not word.isascii())]
    said = text.strip()
    end = min((at for at in map(said.find, ends) if at >= 0), default=len(said))
    return said[:end]


def _clause_of(span: _Span, text: str, phrases: Phrases) -> str:
    start = max((text.rfind(mark, 0, span.start) + len(mark) for mark in phrases.clause_ends), default=0)
    ends = (text.find(mark, span.end) for mark in phrases.clause_ends)
    return text[start : min((at for at in ends if at >= 0), default=len(text))]


def _is_thing(piece: str, phrases: Phrases, goods: Goods, *, is_sure: bool) -> bool:
    """Say whether a piece that is listed beside a thing is another one; where that is not sure, one of the shop's."""
    if not piece or any(_begins_with(word, piece) or _holds(word, piece) for word in phrases.no_things):
        return False
    return is_sure or goods.named_in(folded(piece))


def _begins_with(word: str, piece: str) -> bool:
    return piece.startswith(word) and not (word.isascii() and piece[len(word) : len(word) + 1].isalnum())


def _holds(word: str, piece: str) -> bool:
    return not word.isascii() and len(word) > 1 and word in piece


def _by_length(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)
