"""The mood of a message from a lexicon: words, what turns them round and what strengthens them, and how loud it is."""

import math
import re
from collections.abc import Mapping

from xiaoer.pack import MoodLexicon
from xiaoer.text import normalise
from xiaoer.understand.word_finder import FoundWord, Label, WordFinder

_NEGATION, _INTENSIFIER, _WORD = "negation", "intensifier", "word"
_REACH = 4
_TURNED = -0.5
_LOUD = re.compile(r"[!?]{2,}")
_LOUDER = 1.15
_WEAKEST_LEADS = 0.25


class MoodReader:
    """Reads the mood of normalised texts from -1 (furious) to 1 (delighted)."""

    def __init__(self, lexicon: MoodLexicon) -> None:
        self._weights = _by_form(lexicon.words)
        self._strengths = _by_form(lexicon.intensifiers)
        self._finder = WordFinder(
            [
                *((word, Label(_WORD)) for word in lexicon.words),
                *((word, Label(_NEGATION)) for word in lexicon.negations),
                *((word, Label(_INTENSIFIER)) for word in lexicon.intensifiers),
            ]
        )

    def read(self, text: str) -> float:
        """Give the mood: the strongest word leads, the others add a quarter of their weight each."""
        found = _longest(self._finder.find(text))
        weights = [self._weight(text, found, index) for index, word in enumerate(found) if _is(word, _WORD)]
        if not weights:
            return 0.0
        lead = max(weights, key=abs)
        mood = lead + _WEAKEST_LEADS * (sum(weights) - lead)
        if _LOUD.search(text):
            mood *= _LOUDER
        return max(-1.0, min(1.0, round(mood, 3)))

    def _weight(self, text: str, found: list[FoundWord], index: int) -> float:
        """Weigh a word with what stands close before it."""
        word = found[index]
        weight = self._weights[text[word.start : word.end]]
        at = word.start
        for earlier in reversed(found[:index]):
            if at - earlier.end > _REACH or _is(earlier, _WORD):
                break
            if _is(earlier, _NEGATION) and at - earlier.end <= 1:
                weight *= _TURNED
            elif _is(earlier, _INTENSIFIER):
                weight = math.copysign(min(abs(weight) * self._strengths[text[earlier.start : earlier.end]], 1), weight)
            at = earlier.start
        return weight


def _by_form(weights: Mapping[str, float]) -> dict[str, float]:
    return {normalise(word).text: weight for word, weight in weights.items()}


def _is(word: FoundWord, role: str) -> bool:
    return any(label.sense == role for label in word.labels)


def _longest(found: list[FoundWord]) -> list[FoundWord]:
    """Keep the leftmost and longest of words that overlap."""
    kept: list[FoundWord] = []
    for word in found:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept
