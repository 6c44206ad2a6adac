"""Entities that have a shape: numbers of orders, parcels and phones, sums, dates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xiaoer.pack import EntityKind
from xiaoer.text import normalise
from xiaoer.understand.spans import Span

_SURE = 0.99
_NEAREST = 0.95
_PER_CHARACTER = 0.01
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: str
    expression: re.Pattern[str]
    near: re.Pattern[str] | None


class PatternFinder:
    """Finds entities by the patterns of their kinds.

    A weak pattern counts only where one of its near-words stands in the text; the nearer the word, the surer. So the
    same thirteen digits are a parcel after 快递单号 and an order after 订单.
    """

    def __init__(self, kinds: Iterable[EntityKind]) -> None:
        self._patterns = tuple(pattern for kind in kinds for pattern in _compiled(kind))

    def find(self, text: str) -> list[Span]:
        """Give every match in a normalised text, overlapping ones included."""
        there = [pattern for pattern in self._patterns if pattern.expression.search(text)]
        return [span for pattern in there for span in _matches(pattern, text)]


def _compiled(kind: EntityKind) -> Iterator[_Pattern]:
    for source in kind.patterns:
        yield _Pattern(kind.name, re.compile(source), None)
    if kind.near:
        near = re.compile("|".join(re.escape(normalise(word).text) for word in kind.near))
        for source in kind.weak_patterns:
            yield _Pattern(kind.name, re.compile(source), near)


def _matches(pattern: _Pattern, text: str) -> Iterator[Span]:
    for match in pattern.expression.finditer(text):
        start, end = match.span("value" if "value" in pattern.expression.groupindex else 0)
        if start == end:
            continue
        confidence = _SURE if pattern.near is None else _nearness(pattern.near, text, start, end)
        if confidence:
            yield Span(pattern.kind, start, end, confidence, "pattern")


def _nearness(near: re.Pattern[str], text: str, start: int, end: int) -> float:
    """Say how sure the nearest near-word makes a weak match; 0 where there is none outside of the match."""
    gaps = [
        max(start - word.end(), word.start() - end)
        for word in near.finditer(text)
        if word.end() <= start or word.start() >= end
    ]
    return max(_LEAST, _NEAREST - _PER_CHARACTER * min(gaps)) if gaps else 0.0
