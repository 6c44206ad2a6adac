"""What of a text is indexed: its words, its pairs of neighbouring characters, and the senses of its listed words."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import ahocorasick_rs

from xiaoer.pack import Lexicon
from xiaoer.text import normalise, words


class Terms:
    """Cuts texts into terms; words that the pack's sense lexicons list together count as one term more."""

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
        kept = "".join(c if c.isalnum() else " " for c in normal)
        pairs = [pair for part in kept.split() for pair in map("".join, pairwise(part))]
        return [word for word in words(kept) if word.strip()] + pairs + self._senses_in(normal)

    def _senses_in(self, normal: str) -> list[str]:
        found = {self._senses[self._listed[index]] for index, _, _ in self._finder.find_matches_as_indexes(normal)}
        return sorted(f"={sense}" for sense in found)
