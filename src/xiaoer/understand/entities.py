"""All entities of a text: patterns, lexicons, the live goods and the trained tagger, merged."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xiaoer.pack import Pack
from xiaoer.text import lead_of, normalise, trail_of
from xiaoer.understand.analysis import Analysis
from xiaoer.understand.spans import Span, merge
from xiaoer.understand.tagger import Tagger
from xiaoer.understand.word_finder import FoundWord, WordFinder, catalogue_words

_MARKS = frozenset(" ,.;:!?~、。…")
_MARKS_TOGETHER = "".join(sorted(_MARKS))
_LISTED = 0.9
_OF_THE_SHOP = 0.97


class EntityFinder:
    """Finds the entities of analysed texts; `catalogue` is kind → word → the shop's own name."""

    def __init__(self, pack: Pack, tagger: Tagger, catalogue: Mapping[str, Mapping[str, str]]) -> None:
        self._tagger = tagger
        words = catalogue_words(pack.entities, catalogue)
        self._goods = WordFinder(words, lone_apart=True) if words else None
        self._trained = frozenset(kind.name for kind in pack.entities.values() if kind.is_trained)
        self._leads = {kind.name: kind.leads for kind in pack.entities.values() if kind.leads}
        self._unbroken = {kind.name: kind.unbroken for kind in pack.entities.values() if kind.unbroken}
        self._trails = {kind.name: kind.trails for kind in pack.entities.values() if kind.trails}
        self._apart = {kind.name: frozenset(kind.apart_from) for kind in pack.entities.values() if kind.apart_from}
        self._sold_so = _sold_so(catalogue.get("option", {}))
        self._option_kinds = _option_kinds(pack, catalogue)
        self._certain = {
            kind.name: [re.compile(pattern) for pattern in kind.certain_patterns]
            for kind in pack.entities.values()
            if kind.certain_patterns
        }
        self._tagged_only = frozenset(kind.name for kind in pack.entities.values() if kind.needs_tag)

    def find(self, analysis: Analysis) -> list[Span]:
        """Give entities that do not overlap, in the order of the text."""
        goods = _outside(analysis.words, self._goods.find(analysis.text)) if self._goods else ()
        tagged = [_beside(s, analysis.matches) for s in self._tagger.find(analysis) if s.kind in self._trained]
        listed = [*_listed(goods, _OF_THE_SHOP), *_listed(analysis.words, _LISTED)]
        sure = (span for span in (*analysis.matches, *listed) if span.kind not in self._tagged_only)
        of_the_shop = _listed(goods, _OF_THE_SHOP)
        several = (*sure, *of_the_shop, *(_with_core(_named(span, listed), analysis.matches) for span in tagged))
        found = merge([self._apart_from_others(span, analysis) for span in several])
        return [self._without_trails(self._without_leads(span, analysis.text), analysis.text) for span in found]

    def also(self, span: Span, among: Sequence[Span], text: str) -> tuple[str, ...]:
        """Give the kinds of options that a span may be of as well: a thing named beside it is sold so."""
        words = text[span.start : span.end]
        matches = (match for pattern in self._certain.get(span.kind, ()) for match in pattern.finditer(text))
        if any(match.span("value") == (span.start, span.end) for match in matches):
            return ()
        if span.kind in self._option_kinds or self._sold_so.get(words, frozenset()).isdisjoint(
            other.value for other in among
        ):
            return ()
        return tuple(kind for kind, values in self._option_kinds.items() if words in values)

    def _apart_from_others(self, span: Span, analysis: Analysis) -> Span:
        """Cut off what a pattern shows to be of a kind that is no part of the value, and a mark parts from it."""
        for other in analysis.matches if span.kind in self._apart else ():
            if other.kind not in self._apart[span.kind]:
                continue
            before, behind = analysis.text[span.start : other.start], analysis.text[other.end : span.end]
            if span.start < other.start < span.end and before[-1] in _MARKS:
                span = replace(span, end=span.start + len(before.rstrip(_MARKS_TOGETHER)))
            elif span.start < other.end < span.end and behind[0] in _MARKS:
                span = replace(span, start=span.end - len(behind.lstrip(_MARKS_TOGETHER)))
        return span

    def _without_leads(self, span: Span, text: str) -> Span:
        """Cut off the words before a value that are not of it, as long as something is left."""
        start, leads = span.start, self._leads.get(span.kind, ())
        while lead := lead_of(text[start : span.end], leads, self._unbroken.get(span.kind, ())):
            start += len(lead)
            start += len(text[start : span.end]) - len(text[start : span.end].lstrip())
        return span if start in (span.start, span.end) else replace(span, start=start)

    def _without_trails(self, span: Span, text: str) -> Span:
        """Cut off the words and marks behind a value that are not of it, as long as something is left."""
        end, trails = span.end, self._trails.get(span.kind, ())
        while trails and end > span.start:
            trail = trail_of(text[span.start : end], trails)
            if not trail and text[end - 1] not in _MARKS:
                break
            end -= len(trail) or 1
        return span if end in (span.start, span.end) else replace(span, end=end)


def _sold_so(options: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {normalise(value).text: frozenset(products.splitlines()) for value, products in options.items()}


def _option_kinds(pack: Pack, catalogue: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
    """Give the kinds that are options of goods, with the words of each."""
    return {
        kind.name: frozenset(normalise(word).text for word in catalogue.get(kind.catalogue, {}))
        for kind in pack.entities.values()
        if kind.catalogue in ("colour", "size")
    }


def _outside(longer: Sequence[FoundWord], words: Sequence[FoundWord]) -> list[FoundWord]:
    """Leave out words of one character that stand inside of longer ones: no bag (包) in 包邮."""
    covered = {at for word in longer if word.end - word.start > 1 for at in range(word.start, word.end)}
    return [word for word in words if word.end - word.start > 1 or word.start not in covered]


def _listed(words: Sequence[FoundWord], confidence: float) -> Iterator[Span]:
    for word in words:
        for label in word.labels:
            if label.kind:
                yield Span(label.kind, word.start, word.end, confidence, "lexicon", label.value)


def _beside(span: Span, matches: Sequence[Span]) -> Span:
    """Cut off of a tagged span what a pattern of another kind takes with it: of "drop two mugs" the two."""
    for match in (one for one in matches if one.kind != span.kind):
        if match.start < span.start < match.end < span.end:
            span = replace(span, start=match.end)
        elif span.start < match.start < span.end < match.end:
            span = replace(span, end=match.start)
    return span


def _with_core(span: Span, matches: Sequence[Span]) -> Span:
    """Give a tagged span the longest part of it that a pattern of its kind finds, if there is one."""
    inside = [one for one in matches if one.kind == span.kind and one.start >= span.start and one.end <= span.end]
    best = max(inside, key=lambda one: one.end - one.start, default=None)
    return span if best is None else replace(span, core=(best.start, best.end))


def _named(span: Span, listed: Sequence[Span]) -> Span:
    """Give a tagged span the value of the longest listed word of its kind inside it, if it has one."""
    inside = [word for word in listed if word.kind == span.kind and word.start >= span.start and word.end <= span.end]
    if not inside:
        return span
    best = max(inside, key=lambda word: (word.end - word.start, word.confidence))
    return Span(span.kind, span.start, span.end, span.confidence, span.extractor, best.value)
