"""Listed words in a text, thousands of them in one pass (Aho and Corasick, 1975)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick_rs

from xiaoer.pack import EntityKind, Lexicon
from xiaoer.text import listed_words, normalise

_OWNED = re.compile(r"'s(?![a-z0-9])")
"""What may follow a whole word: the desk's."""
_NUMBERS = frozenset("0123456789一二两三四五六七八九十百千万几半")
"""Behind them a word says what is counted: 3包, 两碗."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a listed word stands for: `sense` for the intent model; entity `kind` and `value` if it names one."""

    sense: str
    kind: str = ""
    value: str = ""


class FoundWord(NamedTuple):
    """A listed word in a normalised text, with all it may stand for.

    A tuple, because dozens are made for each message and a frozen dataclass costs three times as much to make.
    """

    start: int
    end: int
    labels: tuple[Label, ...]


class WordFinder:
    """Finds listed words; those of Latin letters and digits whole only: no `xl` in `xlarge`, no `s` in `it's`.

    With `lone_apart` a word of one character counts only where a dictionary cuts it off from the words beside it, and
    where it measures nothing: no 茶 in 喝茶, no 包 in 3包.
    """

    def __init__(self, words: Iterable[tuple[str, Label]], *, lone_apart: bool = False) -> None:
        self._lone_apart = lone_apart
        listed: dict[str, dict[Label, None]] = {}
        for word, label in words:
            if form := normalise(word).text:
                listed.setdefault(form, {})[label] = None
        self._labels = [tuple(labels) for labels in listed.values()]
        self._automaton = ahocorasick_rs.AhoCorasick(list(listed), store_patterns=False)

    def find(self, text: str) -> list[FoundWord]:
        """Give all listed words in a normalised text, overlapping ones too, by start and then the longest first."""
        found = [
            FoundWord(start, end, self._labels[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _is_whole(text, start, end) and not (self._lone_apart and _is_lone_part(text, start, end))
        ]
        found.sort(key=lambda word: (word.start, -word.end))
        return found


def lexicon_words(kinds: Mapping[str, EntityKind], lexicons: Mapping[str, Lexicon]) -> list[tuple[str, Label]]:
    """Give the words of a pack's lexicons with what they stand for."""
    users = {kind.lexicon: kind for kind in kinds.values() if kind.lexicon}
    words = []
    for lexicon in lexicons.values():
        kind = users.get(lexicon.name)
        for normal, others in lexicon.entries.items():
            for word in others if lexicon.is_sense else (normal, *others):
                words.append((word, _label(lexicon, kind, normal, word)))
    return words


def catalogue_words(
    kinds: Mapping[str, EntityKind], catalogue: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, Label]]:
    """Give the words of the live goods for the kinds that take them; their values are the shop's own names."""
    return [
        (word, Label("", kind.name, value))
        for kind in kinds.values()
        if kind.catalogue
        for word, value in catalogue.get(kind.catalogue, {}).items()
    ]


def _label(lexicon: Lexicon, kind: EntityKind | None, normal: str, word: str) -> Label:
    name = kind.name if kind else ""
    value = word if kind and kind.keeps_words else normal
    return Label(normal if lexicon.is_sense else name or lexicon.name, name, value if kind else "")


def _is_whole(text: str, start: int, end: int) -> bool:
    is_begun = _is_latin(text[start : start + 1]) and _goes_on(text[start - 1 : start], text[start - 2 : start - 1])
    return not is_begun and not (
        _is_latin(text[end - 1 : end])
        and _goes_on(text[end : end + 1], text[end + 1 : end + 2])
        and not _OWNED.match(text, end)
    )


def _is_lone_part(text: str, start: int, end: int) -> bool:
    """Say whether a word of one character is a part of a longer one, or counts what a number is of."""
    if end - start > 1 or text[start].isascii():
        return False
    begin = 0
    for word in listed_words(text):
        if begin >= start:
            return begin > start or len(word) > 1 or text[start - 1 : start] in _NUMBERS
        begin += len(word)
    return True


def _goes_on(near: str, far: str) -> bool:
    """Say whether a word goes on with a character beside it: an apostrophe with a letter behind it is of the word."""
    return _is_latin(near) or (near == "'" and _is_latin(far))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
