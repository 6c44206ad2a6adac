"""Training of a full tier from a pack: its utterances with their marks, and the questions of its knowledge."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from xiaoer.learn.data.formats.packs import read_utterances
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.examples import examples_of_utterances
from xiaoer.learn.from_data import Origin, told_of
from xiaoer.learn.full import FullSettings, train_full
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.spelling import fit_spelling
from xiaoer.learn.tagging import fit_tagger
from xiaoer.learn.telling import Tell
from xiaoer.learn.validation import trained_kinds
from xiaoer.pack import MarkedSpan, Pack, Utterance
from xiaoer.serve import ModelCard
from xiaoer.understand import (
    TAGGER_FILE,
    Analyser,
    EntityFinder,
    IntentModel,
    Looker,
    Seen,
    Tagger,
    training_hash,
)

PACK_SETTINGS = FullSettings.model_validate({"training": {"epochs": 6, "batch": 128, "rate": 5e-4, "heads_rate": 2e-3}})
"""What suits tens of thousands of short utterances: minutes on two cores."""
_UNTOLD = Origin()


def train_full_of_pack(
    pack: Pack,
    folder: Path,
    *,
    settings: FullSettings | None = None,
    seed: int = 0,
    origin: Origin = _UNTOLD,
    progress: Tell | None = None,
) -> ModelCard:
    """Train a full tier from a pack and write it into a folder; it knows the intents that the light tier knows.

    It is read together with the light model that serves the pack, and learns how on samples that are held out.

    Raises:
        XiaoerError: as `train_full` does.
    """
    card = train_full_of_samples(pack, table_of_pack(pack), folder, settings=settings, seed=seed, progress=progress)
    told = replace(origin, data=f"{origin.data or pack.manifest.name}, version {pack.version}")
    return told_of(msgspec.structs.replace(card, data_hash=training_hash(pack)), told, folder)


def train_full_of_samples(
    pack: Pack,
    table: Table,
    folder: Path,
    *,
    settings: FullSettings | None = None,
    seed: int = 0,
    progress: Tell | None = None,
) -> ModelCard:
    """Train a full tier for a pack from these samples alone, as `train_full_of_pack` does from all that it has."""
    settings = settings or PACK_SETTINGS
    fit_light = fitting_light(pack, seed=seed)
    card = train_full(table, folder, settings=settings, seed=seed, progress=progress, fit_light=fit_light)
    card = msgspec.structs.replace(card, pack=pack.manifest.name)
    card.write(folder)
    return card


def fitting_light(pack: Pack, *, seed: int = 0) -> Callable[[Sequence[Sample]], "LightOfPack"]:
    """Give what trains a pack's light tier on any samples, as a classifier of whole texts."""

    def fit(samples: Sequence[Sample]) -> LightOfPack:
        analyser = Analyser(pack)
        taught = examples_of_utterances(map(_utterance, samples), analyser)
        model = fit_intents([one.features for one in taught], [one.intent for one in taught], seed=seed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / TAGGER_FILE
            fit_tagger(taught, trained_kinds(pack), path, seed=seed)
            entities = EntityFinder(pack, Tagger(path), {})
        spelling = fit_spelling([one.analysis.text for one in taught])
        return LightOfPack(analyser, Looker(analyser, entities, model, spelling), model)

    return fit


def _utterance(sample: Sample) -> tuple[Utterance, str]:
    spans = tuple(MarkedSpan(entity=span.entity, start=span.start, end=span.end) for span in sample.spans)
    return Utterance(text=sample.text, spans=spans), sample.intent or ""


@dataclass(frozen=True, slots=True)
class LightOfPack:
    """A pack's light tier as a classifier of texts."""

    analyser: Analyser
    looker: Looker
    model: IntentModel

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        return self.model.names

    @property
    def threshold(self) -> float:
        """The top probability under which a text is out of scope."""
        return self.model.threshold

    def meant(self, text: str) -> str:
        """Give a text as it was meant, which is what a full model beside is given to read."""
        return self.looker.look(text).normal.text

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give the probability of each intent: texts × intents."""
        return np.array([self._of(self.looker.look(text)) for text in texts], dtype=np.float32)

    def _of(self, seen: Seen) -> NDArray[np.float32]:
        return self.model.probabilities(self.analyser.features(self.looker.naming(seen)))


def table_of_pack(pack: Pack) -> Table:
    """Give a pack's utterances, and the questions of its knowledge that come under one intent only, each once."""
    samples = [*read_utterances(pack).samples, *_questions(pack)]
    return tuple({sample.text: sample for sample in reversed(samples)}.values())[::-1]


def _questions(pack: Pack) -> Iterator[Sample]:
    for entry in pack.faq.values():
        if len(entry.intents) == 1 and entry.intents[0] in pack.intents:
            for number, words in enumerate((entry.question, *entry.phrasings)):
                yield Sample(id=f"{entry.id}:{number}", text=words, intent=entry.intents[0])
