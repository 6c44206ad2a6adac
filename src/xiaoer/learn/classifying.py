"""Training of a light classifier from labelled texts alone: a linear model and a network, mixed on held-out texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from xiaoer.learn.intents import Linear, names_of
from xiaoer.learn.mixing import HeldOutScores, fit_mixing, fit_threshold
from xiaoer.learn.network import Network, Schedule, Task, fit_network
from xiaoer.learn.spelling import fit_spelling
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.learn.vectors import Counts, Weighting
from xiaoer.text import normalise
from xiaoer.understand import LENGTHS, OUT_OF_SCOPE, GramNetwork, LightClassifier, features_of, grams_of, in_steps

_FOLDS = 3
_LEAST_INTENTS = 6
_STRANGE_SHARE = 0.15
_LEAST_TEXTS = 2
_BATCHES = 20
_WITHIN = (16, 512)


@dataclass(frozen=True, slots=True)
class _Manner:
    """How closely models follow the texts: the cost of a text on the wrong side, and how a network is trained."""

    cost: float
    epochs: int
    dropped_terms: float


_MANNERS = (_Manner(3.0, 15, 0.3), _Manner(0.3, 5, 0.5))
"""Closely, for texts that are labelled well, and loosely, for labels of which many are wrong."""

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def fit_classifier(
    texts: Sequence[str], intents: Sequence[str], *, seed: int = 0, tell: Tell | None = None
) -> LightClassifier:
    """Train a light classifier on texts as they were received.

    How the two models are mixed, how sure they may be, and under which threshold a text is out of scope is learnt on a
    third of the texts, from models that have not seen these, nor anything of some of the intents: their texts stand for
    what nobody has labelled. There too it is seen how closely the models should follow the texts.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    tell = tell or say_nothing
    tell("reading the texts", 0.0)
    normal = [normalise(text).text for text in texts]
    lessons = _Lessons.of(normal, intents)
    trials: list[tuple[_Manner, HeldOutScores]] = []
    for number, one in enumerate(_MANNERS):
        tell(f"judging on held-out texts, {number + 1} of {len(_MANNERS)}", 0.1 + 0.25 * number)
        trials.append((one, _hold_out(lessons, one, seed)))
    mixed = [fit_mixing(held_out) for _, held_out in trials]
    best = min(range(len(trials)), key=lambda at: mixed[at][1])
    (manner, held_out), (mixing, _) = trials[best], mixed[best]
    tell("training on all texts", 0.6)
    final = _Pair.fit(lessons, np.arange(len(texts)), manner, seed)
    threshold = fit_threshold(held_out, mixing)
    return LightClassifier(
        linear=final.linear.model(lessons.features, lessons.names, scale=mixing.linear, threshold=threshold),
        network=final.served(lessons),
        mixing=mixing,
        spelling=fit_spelling(normal),
    )


@dataclass(frozen=True, slots=True)
class _Lessons:
    """What is learnt from: the counted features and grams of normalised texts, and the place of each one's intent."""

    names: tuple[str, ...]
    labels: Labels
    features: Counts
    grams: Counts

    @classmethod
    def of(cls, texts: Sequence[str], intents: Sequence[str]) -> "_Lessons":
        names = names_of(intents)
        places = {name: at for at, name in enumerate(names)}
        return cls(
            names=names,
            labels=np.array([places[intent] for intent in intents], dtype=np.int64),
            features=Counts.of([features_of(text) for text in texts]),
            grams=Counts.of([grams_of(text) for text in texts]),
        )


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two models, trained on some of the texts; their intents are those seen, in their order."""

    linear: Linear
    weighting: Weighting
    network: Network

    @classmethod
    def fit(cls, lessons: _Lessons, seen: Labels, manner: "_Manner", seed: int) -> "_Pair":
        there, labels = np.unique(lessons.labels[seen], return_inverse=True)
        weighting = Weighting.seen_in(lessons.grams, seen, least=_LEAST_TEXTS, lengths=LENGTHS)
        task = Task(labels, len(there), np.ones(len(seen), dtype=np.float32))
        least, most = _WITHIN
        schedule = Schedule(
            width=128,
            epochs=manner.epochs,
            batch=min(most, max(least, len(seen) // _BATCHES)),
            dropped=0.5,
            dropped_terms=manner.dropped_terms,
        )
        with threadpool_limits(1):  # its products are too small to share
            network = fit_network(weighting.weigh(lessons.grams, seen), (task,), seed=seed, schedule=schedule)
        return cls(Linear.fit(lessons.features, lessons.labels, seen, seed, manner.cost), weighting, network)

    def scores(self, lessons: _Lessons, texts: Labels) -> tuple[Floats, Floats]:
        """Give the raw scores of the linear model and of the network: texts × intents seen."""
        network: Floats = self.network.scores(self.weighting.weigh(lessons.grams, texts)).astype(np.float64)
        return self.linear.scores(lessons.features, texts), network

    def served(self, lessons: _Lessons) -> GramNetwork:
        """Give the network as it serves."""
        weights = self.weighting.idf * self.weighting.block_weights
        places, steps = in_steps(self.network.places * weights[:, None])
        return GramNetwork(
            vocabulary={lessons.grams.features[column]: row for row, column in enumerate(self.weighting.columns)},
            idf=self.weighting.idf,
            places=places,
            steps=steps,
            directions=self.network.directions,
            bias=self.network.bias,
        )


def _hold_out(lessons: _Lessons, manner: _Manner, seed: int) -> HeldOutScores:
    """Score a third of the texts, and all of some intents, by models that have seen none of them."""
    labels = lessons.labels
    seen, unseen = next(StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(labels, labels))
    strange = _strange_intents(lessons, seed)
    seen = seen[~np.isin(labels[seen], strange)]
    linear, network = _Pair.fit(lessons, seen, manner, seed).scores(lessons, unseen)
    kept = np.setdiff1d(np.arange(len(lessons.names)), strange)
    truth = np.where(np.isin(labels[unseen], strange), -1, np.searchsorted(kept, labels[unseen]))
    return HeldOutScores(linear, network, truth, tuple(lessons.names[at] for at in kept))


def _strange_intents(lessons: _Lessons, seed: int) -> Labels:
    """Draw the intents that stand for what nobody has labelled; none of a handful, as too few would be left."""
    known = [at for at, name in enumerate(lessons.names) if name != OUT_OF_SCOPE]
    if len(known) < _LEAST_INTENTS:
        return np.array([], dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(known, round(len(known) * _STRANGE_SHARE), replace=False))
