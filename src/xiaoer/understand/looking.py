"""The first look at a message: its normal form as it was meant, what stands in it, and the entities."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xiaoer.text import SURE_ENOUGH, Normalised, Spelling, normalise
from xiaoer.understand.analysis import Analyser, Analysis
from xiaoer.understand.entities import EntityFinder
from xiaoer.understand.intents import IntentModel
from xiaoer.understand.spans import Span

_LATIN_WORD = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[a-z]{2}")
_UNSURE, _SURE = 0.7, 0.8
"""Letters are read boldly if a model is no surer than the one of what they are, and as sure as the other then."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A text, what was seen in it, and the entities, which do not overlap; places are those of `normal.text`.

    `is_mended`: the text is as it was meant, not as it was written.
    """

    normal: Normalised
    analysis: Analysis
    spans: tuple[Span, ...]
    is_mended: bool = False


class Looker:
    """Looks at texts as they were meant, as far as the `spelling` tells.

    Words of Latin letters that are `known` are never taken for pinyin. Characters that sound alike were meant if the
    intent model is sure enough of them, but never within what names something (an entity): nobody knows how names are
    spelt.
    """

    def __init__(
        self,
        analyser: Analyser,
        entities: EntityFinder,
        intents: IntentModel,
        spelling: Spelling,
        known: Iterable[str] = (),
    ) -> None:
        self._analyser = analyser
        self._entities = entities
        self._intents = intents
        self._spelling = spelling
        self._known = frozenset(letters for word in known for letters in _LATIN_WORD.findall(normalise(word).text))

    def look(self, text: str) -> Seen:
        """Look at a text as it was received."""
        received = normalise(text)
        typed = self._spelling.in_characters(received, self._known)
        seen = self._bolder(self._look(typed, is_mended=typed is not received))
        meant = self._spelling.by_sound(seen.normal, [(span.start, span.end) for span in seen.spans])
        if meant is seen.normal:
            return seen
        other = self._look(meant, is_mended=True)
        return other if self._sureness(other) >= SURE_ENOUGH * self._sureness(seen) else seen

    def naming(self, seen: Seen) -> Analysis:
        """Give what was seen with the entities that are masked for the intent model."""
        return self._analyser.naming(seen.analysis, seen.spans)

    def _bolder(self, seen: Seen) -> Seen:
        """Give what is seen where letters left beside Chinese are read more boldly, if only that makes sense of it."""
        text = seen.normal.text
        if text.isascii() or not _LETTERS.search(text) or not self._spelling.forms or self._sureness(seen) > _UNSURE:
            return seen
        meant = self._spelling.in_characters(seen.normal, self._known, is_bold=True)
        if meant is seen.normal:
            return seen
        other = self._look(meant, is_mended=True)
        return other if _names(seen) <= _names(other) and self._sureness(other) >= _SURE else seen

    def _look(self, normal: Normalised, *, is_mended: bool) -> Seen:
        analysis = self._analyser.analyse(normal.text)
        return Seen(normal, analysis, tuple(self._entities.find(analysis)), is_mended)

    def _sureness(self, seen: Seen) -> float:
        return float(self._intents.probabilities(self._analyser.features(self.naming(seen))).max())


def _names(seen: Seen) -> set[tuple[str, int, int]]:
    """Give what names something, by where it stands in the message as it was received."""
    return {(span.kind, *seen.normal.source_span(span.start, span.end)) for span in seen.spans}
