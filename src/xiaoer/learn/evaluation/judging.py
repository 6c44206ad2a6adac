"""How a trained model reads labelled texts that it has not seen, as it would in earnest."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from xiaoer.events import Reading
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, Table, key_of
from xiaoer.learn.figures import Correlation, correlation, milliseconds
from xiaoer.learn.report import EntityReport, IntentReport, Judged, entity_report, intent_report
from xiaoer.pack import Pack
from xiaoer.understand import OUT_OF_SCOPE

_TESTED = "test"

LeftOutFor: TypeAlias = Literal["not of the part test", "no intent", "said in the pack"]
Read: TypeAlias = Callable[[str], Reading]
"""How a model reads a text as it was received."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a text takes to be read, in milliseconds: half of the texts take less than `p50`, 99 % less than `p99`.

    They are read one after the other, without any that wait.
    """

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Samples and what a model read in each, in how many seconds."""

    samples: Table
    readings: tuple[Reading, ...]
    seconds: tuple[float, ...]

    @property
    def guesses(self) -> tuple[str, ...]:
        """What the model took each sample for.

        Where samples are labelled as out of scope, what the model is too unsure of to answer counts as that; where none
        is, all are known to be in scope, and the likeliest intent counts.
        """
        may_refuse = any(sample.intent == OUT_OF_SCOPE for sample in self.samples)
        return tuple(one.intent.name if one.is_in_scope or not may_refuse else OUT_OF_SCOPE for one in self.readings)

    @property
    def is_right(self) -> tuple[bool, ...]:
        """Say of each sample whether its intent was read rightly."""
        return tuple(sample.intent == guess for sample, guess in zip(self.samples, self.guesses, strict=True))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good a model is on labelled texts.

    `entities` are judged by the kinds that are marked in the data, None if nothing is; `sentiment` by the samples that
    tell theirs, None if too few do. Cross-validation judges intents alone.
    """

    intents: IntentReport
    entities: EntityReport | None = None
    sentiment: Correlation | None = None
    latency_milliseconds: Latency | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Samples that may be judged by, and how many others were left out, by the reason."""

    samples: Table
    left_out: Mapping[LeftOutFor, int]


def unseen(table: Table, packs: Iterable[Pack]) -> Unseen:
    """Choose what may be judged by: samples with an intent, of the part `test` where the data has one.

    What says the same as an utterance or a question of the packs is left out: their models were trained on it.

    Raises:
        DataSettingError: nothing is left.
    """
    has_parts = any(sample.split for sample in table)
    taught = taught_by(packs)

    def fault(sample: Sample) -> LeftOutFor | None:
        if has_parts and sample.split != _TESTED:
            return "not of the part test"
        if sample.intent is None:
            return "no intent"
        return "said in the pack" if key_of(sample.text) in taught else None

    faults = [fault(sample) for sample in table]
    left = tuple(sample for sample, found in zip(table, faults, strict=True) if found is None)
    if not left:
        raise DataSettingError(
            "There is nothing to judge by: give samples with an intent, in the part `test` if the data was split, that"
            " the pack does not have itself."
        )
    return Unseen(left, Counter(found for found in faults if found is not None))


def taught_by(packs: Iterable[Pack]) -> set[str]:
    """Give the keys of the texts that models of packs are trained on."""
    return {key_of(text) for pack in packs for text in _taught(pack)}


def _taught(pack: Pack) -> Iterable[str]:
    for intent in pack.intents.values():
        yield from (utterance.text for utterance in intent.examples())
    for entry in pack.faq.values():
        yield from (entry.question, *entry.phrasings)


def hear(read: Read, samples: Sequence[Sample], *, timer: Callable[[], float] = time.perf_counter) -> Heard:
    """Have a model read samples, one after the other; `timer` counts seconds."""
    read(samples[0].text)  # what is only made for the first message is not the model's speed
    readings, seconds = [], []
    for sample in samples:
        started = timer()
        readings.append(read(sample.text))
        seconds.append(timer() - started)
    return Heard(tuple(samples), tuple(readings), tuple(seconds))


def evaluate(heard: Heard) -> Evaluation:
    """Sum up what a model read in labelled samples."""
    pairs = list(zip(heard.samples, heard.readings, strict=True))
    told = [(sample.sentiment, reading.sentiment) for sample, reading in pairs if sample.sentiment is not None]
    return Evaluation(
        intents=intent_report(
            [_judged(*case) for case in zip(heard.samples, heard.guesses, heard.readings, strict=True)]
        ),
        entities=_entities(pairs),
        sentiment=correlation([truth for truth, _ in told], [guess for _, guess in told]),
        latency_milliseconds=Latency(*(milliseconds(heard.seconds, percent) for percent in (50, 95, 99))),
    )


def _judged(sample: Sample, guess: str, reading: Reading) -> Judged:
    ranking, first = reading.intent_ranking, reading.intent
    in_scope = max((score.confidence for score in ranking if score.name != OUT_OF_SCOPE), default=0.0)
    is_unsure = guess != first.name  # too unsure to answer: as sure of that as no intent is likely
    return Judged(
        truth=sample.intent or "",
        guess=guess,
        second=first.name if is_unsure else ranking[min(1, len(ranking) - 1)].name,
        confidence=1 - in_scope if is_unsure else first.confidence,
        in_scope=in_scope,
        is_refused=not reading.is_in_scope,
    )


def _entities(pairs: Sequence[tuple[Sample, Reading]]) -> EntityReport | None:
    kinds = {span.entity for sample, _ in pairs for span in sample.spans}
    if not kinds:
        return None
    return entity_report(
        (
            {(span.entity, span.start, span.end) for span in sample.spans},
            {(found.entity, found.start, found.end) for found in reading.entities if found.entity in kinds},
        )
        for sample, reading in pairs
    )
