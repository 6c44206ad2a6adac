"""Which of a customer's ways to pay is meant by what was said about it."""

import re
from collections.abc import Sequence

from xiaoer.pack import Phrases
from xiaoer.shop.goods import folded, stands_in
from xiaoer.shop.matching import Match
from xiaoer.shop.ways import ORIGINAL, Way

_TAIL = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


def methods_meant(
    ways: Sequence[Way], text: str, phrases: Phrases, *, own: Way | None = None, tail: str = ""
) -> Match[Way]:
    """Find the ways that are meant: by the end of a number, by their labels, by words for their kinds.

    `text` is as received; `tail` is the end of a card's number that was understood as one, and must fit. `own` is the
    order's own way, which words for the original one mean.
    """
    said = folded(text)
    tails = {tail} if tail else set(_TAIL.findall(said))
    by_tail = tuple(way for way in ways if tails & set(_TAIL.findall(way.label)))
    kinds = _kinds_said(said, phrases)
    if by_tail or tail or (tails and kinds):  # a card with another number is none of these
        return Match(by_tail, is_told=True)
    labelled = tuple(way for way in ways if way.label and stands_in(folded(way.label), said))
    if labelled:
        return Match(labelled, is_told=True)
    if ORIGINAL in kinds and own is not None and own in ways:
        return Match((own,), is_told=True)
    found = tuple(way for way in ways if way.method in kinds or _names_a_part(way, ways, said))
    return Match(found, is_told=bool(found or kinds - {ORIGINAL}))


def _kinds_said(said: str, phrases: Phrases) -> set[str]:
    """Give the kinds that are named; a word inside a longer one that names another kind says nothing of its own."""
    words = {folded(word): kind for kind, words in phrases.payment_kinds.items() for word in words}
    there = [word for word in words if stands_in(word, said)]
    return {words[word] for word in there if not any(word != other and word in other for other in there)}


def _names_a_part(way: Way, ways: Sequence[Way], said: str) -> bool:
    """Say whether the word that begins a label (a bank, a brand), and no other label, stands in what was said."""
    others = " ".join(folded(other.label) for other in ways if other is not way)
    first = folded(next(iter(way.label.split()), ""))
    return len(first) > 1 and not first.isdecimal() and first not in others and stands_in(first, said)
