"""Other words for the same: synonyms, other values of an entity, words that say nothing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import TypeAlias, TypeVar

import ahocorasick_rs

from xiaoer.learn.data.augment_tables import augment_tables
from xiaoer.learn.data.edits import Edit
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.pack import Lexicon
from xiaoer.text import words
from xiaoer.understand import language_of

T = TypeVar("T")
Maker: TypeAlias = Callable[[Sample, Random], list[Edit]]
"""Makes changes of a sample; none, where it knows of none."""

_LETTER = re.compile(r"[A-Za-z0-9]")
_SHORTEST = 2


def synonyms(lexicons: Iterable[Lexicon], share: float) -> Maker:
    """Put other words of the same meaning, by a pack's lexicons, in place of a share of the words (one at least)."""
    others: dict[str, tuple[str, ...]] = {}
    for lexicon in lexicons:
        for listed in lexicon.entries.values():
            others.update({word: listed for word in listed if len(word) >= _SHORTEST and len(listed) > 1})
    listed_words = list(others)
    finder = ahocorasick_rs.AhoCorasick(listed_words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def make(sample: Sample, chance: Random) -> list[Edit]:
        found = [
            (listed_words[which], start, end)
            for which, start, end in finder.find_matches_as_indexes(sample.text)
            if _is_whole(sample.text, start, end)
        ]
        edits = []
        for word, start, end in some_of(found, share, chance):
            like = [one for one in others[word] if one != word and _is_latin(one) == _is_latin(word)]
            if like:
                edits.append(Edit(start, end, chance.choice(like)))
        return edits

    return make


def swap(table: Table) -> Maker:
    """Put other values that the data has of the same kind in place of marked entities."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for sample in table:
        for span in sample.spans:
            values[span.entity].add(sample.text[span.start : span.end])
    ordered = {entity: sorted(own) for entity, own in values.items()}

    def make(sample: Sample, chance: Random) -> list[Edit]:
        edits = []
        for span in sample.spans:
            now = sample.text[span.start : span.end]
            like = [value for value in ordered[span.entity] if value != now]
            if like:
                edits.append(Edit(span.start, span.end, chance.choice(like)))
        return edits

    return make


def noise(share: float) -> Maker:
    """Put words that say nothing between a share of the words (one at least), never into a mark."""
    listed = augment_tables().noise_words

    def make(sample: Sample, chance: Random) -> list[Edit]:
        language = language_of(sample.text.lower(), otherwise="zh")
        places = [
            place
            for place, _ in placed_words(sample.text)
            if not any(span.start < place < span.end for span in sample.spans)
        ]
        blank = " " if language == "en" else ""
        return [Edit(at, at, chance.choice(listed[language]) + blank) for at in some_of(places, share, chance)]

    return make


def placed_words(text: str) -> list[tuple[int, str]]:
    """Give the words of a text, each with where it begins."""
    placed: list[tuple[int, str]] = []
    at = 0
    for word in words(text):
        at = text.find(word, at)
        if at < 0:  # a word that is not written as it stands: a lone surrogate
            break
        placed.append((at, word))
        at += len(word)
    return placed


def some_of(things: Sequence[T], share: float, chance: Random) -> list[T]:
    """Draw a share of things, one at least, in their order."""
    wanted = min(len(things), max(1, round(len(things) * share)))
    return [things[at] for at in sorted(chance.sample(range(len(things)), wanted))]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a Latin word stands whole."""
    cuts_before = start > 0 and bool(_LETTER.match(text[start - 1]) and _LETTER.match(text[start]))
    cuts_behind = end < len(text) and bool(_LETTER.match(text[end]) and _LETTER.match(text[end - 1]))
    return not (cuts_before or cuts_behind)


def _is_latin(word: str) -> bool:
    return word.isascii()
