"""What the finding of answers is learnt from: the knowledge itself, and the utterances around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.knowledge import Terms
from xiaoer.pack import Pack

_CLAUSE_END = re.compile(r"[。；，？！.;,?!\n]+")
_SHORTEST_CLAUSE = 4
_PHRASING_WEIGHT = 3.0
_CLAUSE_WEIGHT = 0.9
_UTTERANCE_WEIGHT = 1.0
UNKNOWN = -1

Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, as terms, the class and the intent that it belongs to (or `UNKNOWN`), and how much its class counts.

    `is_asked`: a customer could write it, so that it may be judged by; answers' own words are only learnt from.
    """

    terms: Sequence[str]
    class_: int
    intent: int
    weight: float
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class Lessons:
    """The lessons of a pack. Classes are its entries, in their order, then the intents under which no entry stands."""

    entries: tuple[str, ...]
    classes: int
    intents: int
    all: tuple[Lesson, ...]

    @classmethod
    def of(cls, pack: Pack) -> "Lessons":
        """Gather the lessons of a pack; an utterance that is also a phrasing is taken as the phrasing alone."""
        terms = Terms(pack.lexicons.values())
        asked = list(_phrasings(pack, terms))
        known = {tuple(lesson.terms) for lesson in asked}
        said = [lesson for lesson in _utterances(pack, terms) if tuple(lesson.terms) not in known]
        entries = tuple(pack.faq)
        return cls(
            entries=entries,
            classes=len(entries) + len(_unanswered(pack)),
            intents=len(pack.intents),
            all=(*asked, *said, *_clauses(pack, terms)),
        )

    @property
    def class_of(self) -> Labels:
        """The class of each lesson."""
        return np.array([lesson.class_ for lesson in self.all], dtype=np.int64)

    @property
    def intent_of(self) -> Labels:
        """The intent of each lesson."""
        return np.array([lesson.intent for lesson in self.all], dtype=np.int64)

    @property
    def weights(self) -> NDArray[np.float32]:
        """How much the class of each lesson counts."""
        return np.array([lesson.weight for lesson in self.all], dtype=np.float32)

    @property
    def is_asked(self) -> NDArray[np.bool_]:
        """Which lessons a customer could have written."""
        return np.array([lesson.is_asked for lesson in self.all], dtype=np.bool_)


def _unanswered(pack: Pack) -> list[str]:
    answered = {intent for entry in pack.faq.values() for intent in entry.intents}
    return [intent for intent in pack.intents if intent not in answered]


def _phrasings(pack: Pack, terms: Terms) -> Iterator[Lesson]:
    intents = {intent: at for at, intent in enumerate(pack.intents)}
    for class_, entry in enumerate(pack.faq.values()):
        intent = intents.get(entry.intents[0], UNKNOWN) if len(entry.intents) == 1 else UNKNOWN
        for text in dict.fromkeys((entry.question, *entry.phrasings)):
            yield Lesson(terms.of(text), class_, intent, _PHRASING_WEIGHT)


def _utterances(pack: Pack, terms: Terms) -> Iterator[Lesson]:
    """Give the utterances: of most is known only under which intent they come, not which entry answers, if any."""
    places = {intent: len(pack.faq) + at for at, intent in enumerate(_unanswered(pack))}
    for intent_at, intent in enumerate(pack.intents.values()):
        class_ = places.get(intent.name, UNKNOWN)
        for utterance in intent.examples():
            yield Lesson(terms.of(utterance.text), class_, intent_at, _UTTERANCE_WEIGHT)


def _clauses(pack: Pack, terms: Terms) -> Iterator[Lesson]:
    for class_, entry in enumerate(pack.faq.values()):
        for clause in _CLAUSE_END.split(entry.answer):
            if len(clause.strip()) >= _SHORTEST_CLAUSE:
                yield Lesson(terms.of(clause), class_, UNKNOWN, _CLAUSE_WEIGHT, is_asked=False)
