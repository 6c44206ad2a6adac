"""What of a text is looked at: its words or characters, those that stand side by side, the senses of listed words."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

import ahocorasick_rs

from xiaoer.pack import Lexicon
from xiaoer.text import normalise

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNIT = re.compile(rf"\d+(?:[.,:]\d+)*|[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]+")
_NUMBER = "0"
_PIECE = 3


class Terms:
    """Cuts texts into terms; words that the pack's sense lexicons list together count as one term more.

    A character of Chinese or Japanese is a unit, elsewhere a word is, and so are the pieces of long words, for their
    endings and slips of the pen. Any number is the same unit as any other.
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._senses: Mapping[str, str] = {
            normalise(word).text: sense
            for lexicon in lexicons
            if lexicon.is_sense
            for sense, listed in lexicon.entries.items()
            for word in listed
        }
        self._listed = list(self._senses)
        self._finder = ahocorasick_rs.AhoCorasick(self._listed, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def of(self, text: str) -> list[str]:
        """Give the terms of a text, repeated as often as they stand there."""
        normal = normalise(text).text
        units = [_NUMBER if unit[0].isdecimal() else unit for unit in _UNIT.findall(normal)]
        if not units:
            return []
        pairs = [f"{one} {two}" for one, two in pairwise(("", *units, ""))]
        pieces = [piece for unit in units if len(unit) > _PIECE for piece in _pieces(unit)]
        return units + pairs + pieces + self._senses_in(normal)

    def _senses_in(self, normal: str) -> list[str]:
        found = {self._senses[self._listed[index]] for index, _, _ in self._finder.find_matches_as_indexes(normal)}
        return sorted(f"={sense}" for sense in found)


def _pieces(word: str) -> list[str]:
    return [f"{word[at : at + _PIECE]}~" for at in range(len(word) - _PIECE + 1)]
