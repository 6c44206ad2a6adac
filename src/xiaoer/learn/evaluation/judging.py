"""How a trained model reads labelled texts that it has not seen, as it would in earnest."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xiaoer.events import Reading
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, Table, key_of
from xiaoer.learn.figures import Correlation, correlation, milliseconds
from xiaoer.learn.report import EntityReport, IntentReport, Judged, entity_report, intent_report
from xiaoer.pack import Pack
from xiaoer.understand import OUT_OF_SCOPE, Understander

_TESTED = "test"


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a text takes to be read, in milliseconds: half of the texts take less than `p50`, 95 % less than `p95`.

    They are read one after the other, without any that wait.
    """

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Samples and what a model read in each, in how many seconds."""

    samples: Table
    readings: tuple[Reading, ...]
    seconds: tuple[float, ...]

    @property
    def is_right(self) -> tuple[bool, ...]:
        """Say of each sample whether its intent was read rightly."""
        pairs = zip(self.samples, self.readings, strict=True)
        return tuple(sample.intent == reading.intent.name for sample, reading in pairs)


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


def unseen(table: Table, packs: Iterable[Pack]) -> Table:
    """Choose what may be judged by: samples with an intent, of the part `test` where the data has one.

    What says the same as an utterance or a question of the packs is left out: their models were trained on it.

    Raises:
        DataSettingError: nothing is left.
    """
    has_parts = any(sample.split for sample in table)
    taught = {key_of(text) for pack in packs for text in _taught(pack)}
    left = tuple(
        sample
        for sample in table
        if sample.intent is not None
        and (not has_parts or sample.split == _TESTED)
        and key_of(sample.text) not in taught
    )
    if not left:
        raise DataSettingError(
            "There is nothing to judge by: give samples with an intent, in the part `test` if the data was split, that"
            " the pack does not have itself."
        )
    return left


def _taught(pack: Pack) -> Iterable[str]:
    for intent in pack.intents.values():
        yield from (utterance.text for utterance in intent.examples())
    for entry in pack.faq.values():
        yield from (entry.question, *entry.phrasings)


def hear(
    understander: Understander,
    samples: Sequence[Sample],
    *,
    now: datetime,
    timer: Callable[[], float] = time.perf_counter,
) -> Heard:
    """Have a model read samples, as messages that came at a moment (aware); `timer` counts seconds."""
    understander.read(samples[0].text, now=now)  # what is only made for the first message is not the model's speed
    readings, seconds = [], []
    for sample in samples:
        started = timer()
        readings.append(understander.read(sample.text, now=now))
        seconds.append(timer() - started)
    return Heard(tuple(samples), tuple(readings), tuple(seconds))


def evaluate(heard: Heard) -> Evaluation:
    """Sum up what a model read in labelled samples."""
    pairs = list(zip(heard.samples, heard.readings, strict=True))
    told = [(sample.sentiment, reading.sentiment) for sample, reading in pairs if sample.sentiment is not None]
    return Evaluation(
        intents=intent_report([_judged(sample.intent or "", reading) for sample, reading in pairs]),
        entities=_entities(pairs),
        sentiment=correlation([truth for truth, _ in told], [guess for _, guess in told]),
        latency_milliseconds=Latency(milliseconds(heard.seconds, 50), milliseconds(heard.seconds, 95)),
    )


def _judged(truth: str, reading: Reading) -> Judged:
    ranking = reading.intent_ranking
    in_scope = max((score.confidence for score in ranking if score.name != OUT_OF_SCOPE), default=0.0)
    second = ranking[min(1, len(ranking) - 1)].name
    return Judged(truth, reading.intent.name, second, reading.intent.confidence, in_scope)


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
