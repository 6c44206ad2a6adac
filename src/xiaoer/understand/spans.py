"""Spans of a text that name something, and what to do where two of them overlap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Extractor: TypeAlias = Literal["pattern", "lexicon", "tagger"]

_PRECEDENCE: dict[Extractor, int] = {"pattern": 2, "lexicon": 1, "tagger": 0}


@dataclass(frozen=True, slots=True)
class Span:
    """A found entity: where it stands in the normalised text, of which kind, and how sure that is (0 to 1).

    `value` is its normal form where the finder knows it (a lexicon does); empty: it is made from the words. `core` is
    the part of it that a pattern of its kind finds, from and up to where.
    """

    kind: str
    start: int
    end: int
    confidence: float
    extractor: Extractor
    value: str = ""
    core: tuple[int, int] | None = None

    def moved(self, places: int) -> "Span":
        """Give the same span as it stands in a text that begins elsewhere."""
        core = (self.core[0] + places, self.core[1] + places) if self.core else None
        return replace(self, start=self.start + places, end=self.end + places, core=core)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Keep spans that do not overlap, in the order of the text.

    Of two that do, the longer one stays; of equal ones the surer; then patterns go before lexicons, these before the
    tagger.
    """
    several = list(spans)
    if len(several) < 2:
        return several
    kept: list[Span] = []
    for span in sorted(several, key=_rank):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _rank(span: Span) -> tuple[int, float, int, int, str]:
    return (span.start - span.end, -span.confidence, -_PRECEDENCE[span.extractor], span.start, span.kind)
