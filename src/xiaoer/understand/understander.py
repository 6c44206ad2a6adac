"""The light tier's reading of a message."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import combinations_with_replacement
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np

from xiaoer.events import Entity, IntentScore, Reading, Wish
from xiaoer.pack import MoodLexicon, Pack
from xiaoer.text import Normalised, normalise
from xiaoer.understand.analysis import Analyser, Analysis
from xiaoer.understand.clauses import SMALL_TALK, ClauseSplitter, Guess, group, guess_of, kinship
from xiaoer.understand.entities import EntityFinder
from xiaoer.understand.intents import OUT_OF_SCOPE, Floats
from xiaoer.understand.language import language_of
from xiaoer.understand.light import LightModel
from xiaoer.understand.mood import MoodReader
from xiaoer.understand.spans import Span
from xiaoer.understand.values import normal_form

_RANKED = 10
_MOST_CHARACTERS = 2000
_REMEMBERED = 4_096
"""So many readings take some 10 MB; customers say the same few hundred things most of the time."""
_CODES = ("digits", "upper", "lower")
_NO_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class Understander:
    """Reads messages with a trained light model, a pack and the words of the shop's live goods.

    `catalogue` is kind → word → the shop's own name, {"product": {"四件套": "P1004"}}. Days are told in `timezone`
    (the pack's by default). Safe to use from several threads.
    """

    def __init__(
        self,
        model: LightModel,
        pack: Pack,
        catalogue: Mapping[str, Mapping[str, str]] = _NO_WORDS,
        *,
        timezone: ZoneInfo | None = None,
    ) -> None:
        self.model_id = model.id
        self.intents = model.intents.names
        self._intents = model.intents
        self._kinds = pack.entities
        self._language = pack.manifest.language
        self._timezone = timezone or ZoneInfo(pack.manifest.timezone)
        self._analyser = Analyser(pack)
        self._entities = EntityFinder(pack, model.tagger, catalogue)
        self._mood = MoodReader(pack.mood or MoodLexicon(words={}))
        self._splitter = ClauseSplitter(pack.phrases)
        # Where a task is only for some things, its intents may as well be served by different answers.
        always = (flow for flow in pack.flows.values() if not flow.only_with)
        served = ((*flow.triggers, *flow.triggers_when_proved) for flow in always)
        self._kin = kinship(self._intents.names, served)
        self._remembered = lru_cache(_REMEMBERED)(self._read_light)

    def read(self, text: str, *, now: datetime) -> Reading:
        """Understand one message; `now` (aware) is the moment that 明天 and 周五 are seen from.

        Any string is read, of a very long one the first 2000 characters. All spans count characters of `text`.
        What was said of late is not read again on the same day.
        """
        return self._remembered(text, self._today(now))

    def pieces(self, text: str) -> tuple[str, ...]:
        """Give the texts whose intents make up the wishes of a message: the whole, and its clauses however joined."""
        normal = normalise(text[:_MOST_CHARACTERS])
        return tuple(normal.source[slice(*normal.source_span(*part))] for part in self._parts(normal.text))

    def read_as(self, text: str, intents: Floats, threshold: float, *, now: datetime) -> Reading:
        """Understand a message as `read` does, but with the probabilities that another model gives its `pieces`.

        `intents` is pieces × intents, in the order of `intents` here; a wish under `threshold` is out of scope.
        """
        normal = normalise(text[:_MOST_CHARACTERS])
        given = dict(zip(self._parts(normal.text), intents, strict=True))

        def classify(start: int, end: int) -> Floats:
            part: Floats = given[start, end]
            return part

        analysis = self._analyser.analyse(normal.text)
        return self._read(_Message(normal, analysis, intents[0], classify, threshold), self._today(now))

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._timezone).date()

    def _read_light(self, text: str, today: date) -> Reading:
        return self._read(self._light(text), today)

    def _light(self, text: str) -> "_Message":
        normal = normalise(text[:_MOST_CHARACTERS])
        analysis = self._analyser.analyse(normal.text)

        def classify(start: int, end: int) -> Floats:
            return self._probabilities(self._analyser.part(analysis, start, end))

        return _Message(normal, analysis, self._probabilities(analysis), classify, self._intents.threshold)

    def _parts(self, text: str) -> list[tuple[int, int]]:
        """Give the whole of a normalised text and, if it has several clauses, what neighbours make together."""
        clauses = self._splitter.split(text)
        runs = combinations_with_replacement(range(len(clauses)), 2)
        parts = ((clauses[first].start, clauses[last].end) for first, last in runs if last - first < len(clauses) - 1)
        return [(0, len(text)), *parts]

    def _read(self, message: "_Message", today: date) -> Reading:
        normal, wishes = message.normal, self._wishes(message)
        main = max(wishes, key=lambda wish: _annoyance(wish, self._intents.names, message.probabilities))
        return Reading(
            intent=IntentScore(main.intent, main.confidence),
            intent_ranking=self._ranking(main, message.probabilities),
            entities=self._found(message, today),
            wishes=tuple(_wish(wish, normal) for wish in wishes),
            sentiment=self._mood.read(normal.text),
            is_in_scope=main.intent != OUT_OF_SCOPE and main.confidence >= message.threshold,
            language=language_of(normal.text, otherwise=self._language),
        )

    def _probabilities(self, analysis: Analysis) -> Floats:
        return self._intents.probabilities(self._analyser.features(analysis))

    def _wishes(self, message: "_Message") -> list[Guess]:
        """Give the wishes in order, one at least."""
        text, names = message.normal.text, self._intents.names
        clauses = self._splitter.split(text)
        if len(clauses) < 2:
            return [guess_of(message.probabilities, names, 0, len(text))]

        @cache
        def classify(start: int, end: int) -> Floats:
            if start == clauses[0].start and end == clauses[-1].end:
                return message.probabilities
            return message.classify(start, end)

        return group(clauses, names, classify, self._kin)

    def _ranking(self, main: Guess, probabilities: Floats) -> tuple[IntentScore, ...]:
        """Give the main wish, then the likeliest others of the whole message, ten in all."""
        names = self._intents.names
        order = np.argsort(-probabilities)[:_RANKED]
        likeliest = zip(order.tolist(), probabilities[order].tolist(), strict=True)
        others = [IntentScore(names[at], confidence) for at, confidence in likeliest if names[at] != main.intent]
        return (IntentScore(main.intent, main.confidence), *others[: _RANKED - 1])

    def _found(self, message: "_Message", today: date) -> tuple[Entity, ...]:
        return tuple(self._entity(span, message.normal, today) for span in self._entities.find(message.analysis))

    def _entity(self, span: Span, normal: Normalised, today: date) -> Entity:
        start, end = normal.source_span(span.start, span.end)
        words = normal.text[span.start : span.end]
        if self._kinds[span.kind].normal in _CODES:
            end = _with_repeats(normal.source, end)
            words = unicodedata.normalize("NFKC", normal.source[start:end])  # XXX in a number is no drawn-out X
        value = span.value or normal_form(self._kinds[span.kind], words, today, language=self._language)
        return Entity(
            entity=span.kind,
            value=value,
            start=start,
            end=end,
            confidence=round(span.confidence, 4),
            extractor=span.extractor,
        )


@dataclass(frozen=True, slots=True)
class _Message:
    """A message with the probabilities of its intents, as a whole and of a part of the normalised text."""

    normal: Normalised
    analysis: Analysis
    probabilities: Floats
    classify: Callable[[int, int], Floats]
    threshold: float


def _with_repeats(source: str, end: int) -> int:
    """Take in what the normal text leaves out of a character that is drawn out: the last X of a number with XXX."""
    while 0 < end < len(source) and source[end].isalnum() and source[end] == source[end - 1]:
        end += 1
    return end


def _annoyance(wish: Guess, names: tuple[str, ...], probabilities: Floats) -> tuple[bool, float]:
    """Order wishes by how much it would matter to leave one out: real ones first, then as the whole message says."""
    return wish.intent not in SMALL_TALK, float(probabilities[names.index(wish.intent)])


def _wish(wish: Guess, normal: Normalised) -> Wish:
    start, end = normal.source_span(wish.start, wish.end)
    runner_up = IntentScore(wish.runner_up, wish.runner_up_confidence) if wish.runner_up else None
    return Wish(intent=wish.intent, confidence=wish.confidence, start=start, end=end, runner_up=runner_up)
