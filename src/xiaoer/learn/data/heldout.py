"""What the light model says about samples that it was not trained on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from xiaoer.learn.classifying import fit
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, texts_and_intents
from xiaoer.learn.examples import examples_of_pairs
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.telling import Tell
from xiaoer.pack import Pack
from xiaoer.text import normalise
from xiaoer.understand import Analyser, FeatureBlocks, Featurizer, IntentModel

Look: TypeAlias = Callable[[Sequence[str]], list[FeatureBlocks]]
Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]

LEAST = 5
"""Fewer samples of an intent tell nothing."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Samples with the probability of each intent, each from a model that has not seen it: samples × intents."""

    samples: tuple[Sample, ...]
    intents: tuple[str, ...]
    probabilities: Floats

    @property
    def truth(self) -> NDArray[np.int64]:
        """The place of each sample's own intent."""
        places = {name: at for at, name in enumerate(self.intents)}
        return np.array([places[sample.intent or ""] for sample in self.samples], dtype=np.int64)


def looking_with(pack: Pack | None) -> Look:
    """Give what turns texts into features: with a pack's patterns and lexicons, or by characters and words alone."""
    if pack is None:
        featurizer = Featurizer(())
        return lambda texts: [featurizer.features(normalise(text).text, (), ()) for text in texts]
    analyser = Analyser(pack)
    return lambda texts: [example.features for example in examples_of_pairs(((text, "") for text in texts), analyser)]


def train(samples: Sequence[Sample], look: Look, *, seed: int = 0) -> IntentModel:
    """Train the light intent model on samples that have an intent."""
    return fit_intents(look([one.text for one in samples]), [one.intent or "" for one in samples], seed=seed)


def out_of_fold(samples: Sequence[Sample], look: Look, *, folds: int, seed: int = 0, tell: Tell) -> HeldOut:
    """Judge every sample by a model of the other folds; intents with fewer samples than folds are left out.

    Raises:
        DataSettingError: fewer than two intents are left.
    """
    judged = _judged(samples, folds)
    features = look([sample.text for sample in judged])

    def judge(seen: Rows, unseen: Rows) -> Floats:
        model = fit_intents([features[at] for at in seen], [judged[at].intent or "" for at in seen], seed=seed)
        return np.stack([model.probabilities(features[at]) for at in unseen])

    return _held_out(judged, judge, folds=folds, seed=seed, tell=tell)


def out_of_fold_by_classifier(samples: Sequence[Sample], *, folds: int, seed: int = 0, tell: Tell) -> HeldOut:
    """Judge every sample as `out_of_fold` does, by the light classifier of labelled data: better, and slower.

    Raises:
        DataSettingError: fewer than two intents are left.
    """
    judged = _judged(samples, folds)

    def judge(seen: Rows, unseen: Rows) -> Floats:
        texts, intents = texts_and_intents([judged[at] for at in seen])
        model = fit(texts, intents, seed=seed, mends=False).classifier
        return model.probabilities([judged[at].text for at in unseen])

    return _held_out(judged, judge, folds=folds, seed=seed, tell=tell)


def _judged(samples: Sequence[Sample], folds: int) -> tuple[Sample, ...]:
    least = max(folds, LEAST)
    sizes = Counter(sample.intent for sample in samples if sample.intent is not None)
    judged = tuple(sample for sample in samples if sample.intent is not None and sizes[sample.intent] >= least)
    if len({sample.intent for sample in judged}) < 2:
        raise DataSettingError(f"Two intents with {least} samples or more are needed: there is nothing to judge.")
    return judged


def _held_out(
    judged: tuple[Sample, ...], judge: Callable[[Rows, Rows], Floats], *, folds: int, seed: int, tell: Tell
) -> HeldOut:
    labels = np.array([sample.intent or "" for sample in judged])
    names = tuple(sorted(set(labels.tolist())))
    probabilities: Floats = np.zeros((len(judged), len(names)), dtype=np.float32)
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labels, labels)
    for number, (seen, unseen) in enumerate(parts):
        tell(f"fold {number + 1} of {folds}", number / folds)
        probabilities[unseen] = judge(seen, unseen)
    tell("judged", 1.0)
    return HeldOut(judged, names, probabilities)
