"""The two models of the light tier of labelled data, a linear one and a network, trained on counted texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from xiaoer.learn.intents import Linear, names_of
from xiaoer.learn.network import Network, Schedule, Task, fit_network
from xiaoer.learn.vectors import Counts, Weighting
from xiaoer.understand import LENGTHS, GramNetwork, features_of, grams_of, in_steps

_LEAST_TEXTS = 2
_BATCHES = 20
_WITHIN = (16, 512)

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Manner:
    """How closely models follow the texts: the cost of a text on the wrong side, and how a network is trained."""

    cost: float
    epochs: int
    dropped_terms: float


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from: the counted features and grams of normalised texts, and the place of each one's intent."""

    names: tuple[str, ...]
    labels: Labels
    features: Counts
    grams: Counts

    @classmethod
    def of(cls, texts: Sequence[str], intents: Sequence[str]) -> "Lessons":
        """Count what stands in normalised texts.

        Raises:
            TooFewUtterancesError: an intent has under three texts, or there is only one intent.
        """
        names = names_of(intents)
        places = {name: at for at, name in enumerate(names)}
        return cls(
            names=names,
            labels=np.array([places[intent] for intent in intents], dtype=np.int64),
            features=Counts.of([features_of(text) for text in texts]),
            grams=Counts.of([grams_of(text) for text in texts]),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """The two models, trained on some of the texts; their intents are those seen, in their order."""

    linear: Linear
    weighting: Weighting
    network: Network

    @classmethod
    def fit(cls, lessons: Lessons, seen: Labels, manner: Manner, seed: int) -> "Pair":
        """Train both on the texts at some places."""
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

    def scores(self, lessons: Lessons, texts: Labels) -> tuple[Floats, Floats]:
        """Give the raw scores of the linear model and of the network: texts × intents seen."""
        network: Floats = self.network.scores(self.weighting.weigh(lessons.grams, texts)).astype(np.float64)
        return self.linear.scores(lessons.features, texts), network

    def served(self, lessons: Lessons) -> GramNetwork:
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
