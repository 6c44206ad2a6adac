"""The light tier's reading of a message."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
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
from xiaoer.understand.analysis import Analyser
from xiaoer.understand.clauses import SMALL_TALK, ClauseSplitter, Guess, group, guess_of, kinship, unbroken
from xiaoer.understand.core import CoreFinder
from xiaoer.understand.entities import EntityFinder
from xiaoer.understand.intents import OUT_OF_SCOPE, Floats
from xiaoer.understand.language import language_of
from xiaoer.understand.light import LightModel
from xiaoer.understand.looking import Looker, Seen
from xiaoer.understand.mood import MoodReader
from xiaoer.understand.spans import Span
from xiaoer.understand.values import normal_form, read_length

_RANKED = 10
_MOST_CHARACTERS = 2000
_REMEMBERED = 4_096
"""So many readings take some 10 MB; customers say the same few hundred things most of the time."""
_LOOKED_AT = 64
"""A message that a full model reads is looked at four times over, some messages at once."""
_CODES = ("digits", "upper", "lower")
_READ = ("date", "time", "money", "quantity")
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
        self._looker = Looker(
            self._analyser, self._entities, model.intents, model.spelling, _listed_words(pack, catalogue)
        )
        self._mood = MoodReader(pack.mood or MoodLexicon(words={}))
        self._splitter = ClauseSplitter(pack.phrases)
        self._core = CoreFinder(pack.phrases)
        # Where a task is only for some things, its intents may as well be served by different answers.
        always = (flow for flow in pack.flows.values() if not flow.only_with)
        served = ((*flow.triggers, *flow.triggers_when_proved) for flow in always)
        self._kin = kinship(self._intents.names, served)
        self._remembered = lru_cache(_REMEMBERED)(self._read)
        self._seen = lru_cache(_LOOKED_AT)(self._looker.look)
        self._meant = lru_cache(_REMEMBERED)(lambda text: self._look(text).normal.text)

    def read(self, text: str, *, now: datetime) -> Reading:
        """Understand one message; `now` (aware) is the moment that 明天 and 周五 are seen from.

        Any string is read, of a very long one the first 2000 characters. All spans count characters of `text`.
        What was said of late is not read again on the same day.
        """
        return self._remembered(text, self._today(now))

    def meant(self, text: str) -> str:
        """Give a message's normal form as it was meant, as it is understood."""
        return self._meant(text)

    def pieces(self, text: str) -> tuple[str, ...]:
        """Give the texts whose intents make up the wishes of a message: the whole, and its clauses however joined."""
        seen = self._look(text)
        normal, parts = seen.normal, self._parts(seen.normal.text)
        if seen.is_mended:
            return tuple(normal.text[slice(*part)] for part in parts)
        return tuple(normal.source[slice(*normal.source_span(*part))] for part in parts)

    def own(self, text: str) -> Floats:
        """Give what the light model says of the `pieces` of a message: pieces × intents."""
        seen = self._look(text)
        classify = self._classifying(seen)
        return np.array([classify(*part) for part in self._parts(seen.normal.text)], dtype=np.float32)

    def read_as(self, text: str, intents: Floats, threshold: float, *, now: datetime) -> Reading:
        """Understand a message as `read` does, but with the probabilities that another model gives its `pieces`.

        `intents` is pieces × intents, in the order of `intents` here; a wish under `threshold` is out of scope.
        """
        seen = self._look(text)
        given = dict(zip(self._parts(seen.normal.text), intents, strict=True))

        def classify(start: int, end: int) -> Floats:
            part: Floats = given[start, end]
            return part

        return self._reading(self._message(seen, classify, threshold), self._today(now))

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._timezone).date()

    def _read(self, text: str, today: date) -> Reading:
        seen = self._look(text)
        return self._reading(self._message(seen, self._classifying(seen), self._intents.threshold), today)

    def _look(self, text: str) -> Seen:
        return self._seen(text[:_MOST_CHARACTERS])

    def _classifying(self, seen: Seen) -> Callable[[int, int], Floats]:
        """Give what says the light model's probabilities of a part of a text."""
        analysis = self._looker.naming(seen)

        def classify(start: int, end: int) -> Floats:
            is_all = end - start == len(analysis.text)
            part = analysis if is_all else self._analyser.part(analysis, start, end)
            return self._intents.probabilities(self._analyser.features(part))

        return classify

    def _parts(self, text: str) -> list[tuple[int, int]]:
        """Give the whole of a normalised text, its core, and, of each with several clauses, what neighbours make."""
        whole, core = (0, len(text)), self._core.find(text)
        parts = [whole, core]
        for clauses in (self._splitter.split(text, *part) for part in (whole, core)):
            runs = combinations_with_replacement(range(len(clauses)), 2)
            parts += [
                (clauses[first].start, clauses[last].end) for first, last in runs if last - first < len(clauses) - 1
            ]
        return list(dict.fromkeys(parts))

    def _message(self, seen: Seen, classify: Callable[[int, int], Floats], threshold: float) -> "_Message":
        """Read a text by its core; haste decides all the same between the intents of one task."""
        length = len(seen.normal.text)
        start, end = self._core.find(seen.normal.text)
        whole = classify(0, length)
        if end - start == length:
            return _Message(seen, (0, length), whole, classify, threshold)
        core = classify(start, end)
        is_same, is_kin = core.argmax() == whole.argmax(), self._kin[core.argmax(), whole.argmax()]
        if is_kin and not is_same:
            return _Message(seen, (0, length), whole, classify, threshold)
        return _Message(seen, (start, end), core, classify, threshold)

    def _reading(self, message: "_Message", today: date) -> Reading:
        normal, wishes = message.seen.normal, self._wishes(message)
        main = max(wishes, key=lambda wish: _annoyance(wish, self._intents.names, message.probabilities))
        return Reading(
            intent=IntentScore(main.intent, main.confidence),
            intent_ranking=self._ranking(main, message.probabilities),
            entities=self._found(message, today),
            wishes=tuple(_wish(wish, normal) for wish in wishes),
            sentiment=self._mood.read(normal.text),
            is_in_scope=main.intent != OUT_OF_SCOPE and main.confidence >= message.threshold,
            language=language_of(normalise(normal.source).text, otherwise=self._language),
        )

    def _wishes(self, message: "_Message") -> list[Guess]:
        """Give the wishes in order, one at least."""
        names = self._intents.names
        split = self._splitter.split(message.seen.normal.text, *message.core)
        clauses = unbroken(split, ((s.start, s.end) for s in message.seen.spans if s.extractor == "pattern"))
        if len(clauses) < 2:
            return [guess_of(message.probabilities, names, *message.core)]

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
        spans, text = message.seen.spans, message.seen.normal.text
        return tuple(self._entity(span, message.seen, today, self._entities.also(span, spans, text)) for span in spans)

    def _entity(self, span: Span, seen: Seen, today: date, also: tuple[str, ...]) -> Entity:
        normal = seen.normal
        start, end = normal.source_span(span.start, span.end)
        words = normal.text[span.start : span.end]
        kind = self._kinds[span.kind]
        if kind.normal in _CODES:
            end = _with_repeats(normal.source, end)
            words = unicodedata.normalize("NFKC", normal.source[start:end])  # XXX in a number is no drawn-out X
        exact = read_length(words) if kind.normal == "size" else None
        value = exact or span.value or normal_form(kind, words, today, language=self._language)
        if value == words and span.core and kind.normal in _READ:
            # "July 5 quick": what is read exactly is the value, and not what the tagger took in besides.
            start, end = normal.source_span(*span.core)
            value = normal_form(kind, normal.text[slice(*span.core)], today, language=self._language)
        if seen.is_mended and value == words and not span.value and kind.normal not in _CODES:
            value = normalise(normal.source[start:end]).text  # nobody knows how names are spelt but who has typed them
        return Entity(
            entity=span.kind,
            value=value,
            start=start,
            end=end,
            confidence=round(span.confidence, 4),
            extractor=span.extractor,
            also=also,
        )


@dataclass(frozen=True, slots=True)
class _Message:
    """What was seen in a text, its core, the probabilities of its intents, and what gives those of another part."""

    seen: Seen
    core: tuple[int, int]
    probabilities: Floats
    classify: Callable[[int, int], Floats]
    threshold: float


def _listed_words(pack: Pack, catalogue: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Give the words by which a pack and a shop name something."""
    for lexicon in (pack.lexicons[kind.lexicon] for kind in pack.entities.values() if kind.lexicon):
        for normal, others in lexicon.entries.items():
            yield from (normal, *others)
    for words in catalogue.values():
        yield from words


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
