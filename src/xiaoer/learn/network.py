"""Training of a network that learns several things from the same texts: a hidden layer that they share, no bend.

What teaches the one (hundreds of utterances of each intent) also places the words by which the other (a dozen phrasings
of each entry) is told. After fastText (Joulin et al., 2017) and the shared layer of Caruana (1997).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from xiaoer.understand import softmax

Floats: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]

_FIRST_SPREAD = 0.02
_HEADS_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a network is trained; usual is what suits the finding of answers.

    `width` of the hidden layer, of which the share `dropped` is left out at random, as is the share `dropped_terms` of
    each text's terms; `rate` falls to nothing over the epochs.
    """

    width: int = 96
    epochs: int = 6
    batch: int = 512
    rate: float = 0.04
    dropped: float = 0.3
    dropped_terms: float = 0.0


_USUAL = Schedule()


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to tell: the class of each text (-1: not known), of how many, and how much each text counts."""

    labels: Labels
    classes: int
    weights: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """A trained network: where each term points (terms × width), and the first task's directions and bias."""

    places: Floats
    directions: Floats
    bias: Floats

    def scores(self, texts: sparse.csr_matrix) -> Floats:
        """Give the raw score of each class of the first task for texts (texts × terms)."""
        scores: Floats = (texts @ self.places) @ self.directions + self.bias
        return scores


def fit_network(
    texts: sparse.csr_matrix, tasks: Sequence[Task], *, seed: int = 0, schedule: Schedule = _USUAL
) -> Network:
    """Train a network on texts (texts × terms, weighed) by stochastic gradient descent."""
    chance = np.random.default_rng(seed)
    layer = _Layer(_spread(chance, (texts.shape[1], schedule.width), _FIRST_SPREAD))
    heads = [_Head(chance, task, schedule.width) for task in tasks]
    for epoch in range(schedule.epochs):
        rate = schedule.rate * (1 - epoch / schedule.epochs)
        shuffled = chance.permutation(texts.shape[0])
        for start in range(0, len(shuffled), schedule.batch):
            rows = shuffled[start : start + schedule.batch]
            batch = texts[rows]
            if schedule.dropped_terms:
                batch.data = batch.data * _kept(chance, batch.data.shape, schedule.dropped_terms)
            seen, batch = _of_terms_seen(batch)
            hidden = batch @ layer.values[seen]
            kept = _kept(chance, hidden.shape, schedule.dropped)
            slope = sum(head.learn(hidden * kept, rows, rate) for head in heads)
            layer.learn(seen, batch, slope * kept, rate)
    return Network(layer.values, heads[0].weights.values, heads[0].bias.values)


def mean_of(networks: Sequence[Network]) -> Network:
    """Give one network whose scores are the mean of some networks' scores."""
    share = np.float32(1 / len(networks))
    return Network(
        places=np.concatenate([network.places for network in networks], axis=1),
        directions=np.concatenate([network.directions for network in networks]) * share,
        bias=np.sum([network.bias for network in networks], axis=0) * share,
    )


class _Layer:
    """Where terms point, moved by Adagrad with one rate a term: rare terms move far when they are seen."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._moved = np.full(len(values), 1e-8, dtype=np.float32)

    def learn(self, seen: Labels, batch: sparse.csr_matrix, slope: Floats, rate: float) -> None:
        """Move the terms seen in some texts (texts × terms seen)."""
        slopes = batch.T @ slope
        self._moved[seen] += (slopes * slopes).mean(axis=1)
        self.values[seen] -= np.float32(rate) * slopes / np.sqrt(self._moved[seen])[:, None]


class _Head:
    """A softmax over the classes of one task."""

    def __init__(self, chance: np.random.Generator, task: Task, width: int) -> None:
        self._task = task
        self.weights = _Adam(_spread(chance, (width, task.classes), _HEADS_SPREAD))
        self.bias = _Adam(np.zeros(task.classes, dtype=np.float32))

    def learn(self, hidden: Floats, rows: Labels, rate: float) -> Floats:
        """Move towards the labels of some texts; give the slope of the loss at their hidden layer."""
        slope = np.zeros_like(hidden)
        labels = self._task.labels[rows]
        known = np.flatnonzero(labels >= 0)
        if not len(known):
            return slope
        missed = softmax(hidden[known] @ self.weights.values + self.bias.values)
        missed[np.arange(len(known)), labels[known]] -= 1
        missed *= self._task.weights[rows[known], None] / np.float32(len(rows))
        slope[known] = missed @ self.weights.values.T
        self.weights.step(hidden[known].T @ missed, rate / 2)
        self.bias.step(missed.sum(axis=0), rate / 2)
        return slope


class _Adam:
    """Values moved by Adam (Kingma and Ba, 2015)."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._mean, self._square = np.zeros_like(values), np.zeros_like(values)
        self._steps = 0

    def step(self, slope: Floats, rate: float, *, memory: float = 0.9, long_memory: float = 0.999) -> None:
        self._steps += 1
        self._mean += (1 - memory) * (slope - self._mean)
        self._square += (1 - long_memory) * (slope * slope - self._square)
        mean = self._mean / (1 - memory**self._steps)
        square = self._square / (1 - long_memory**self._steps)
        self.values -= np.float32(rate) * mean / (np.sqrt(square) + np.float32(1e-8))


def _of_terms_seen(batch: sparse.csr_matrix) -> tuple[Labels, sparse.csr_matrix]:
    """Give the terms that stand in some texts, and the texts by these terms alone."""
    is_seen = np.zeros(batch.shape[1], dtype=bool)
    is_seen[batch.indices] = True
    seen = np.flatnonzero(is_seen)
    places = np.cumsum(is_seen) - 1
    return seen, sparse.csr_matrix((batch.data, places[batch.indices], batch.indptr), shape=(batch.shape[0], len(seen)))


def _kept(chance: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Floats:
    """Draw what is kept (a share is dropped), as factors that keep the sum as it is on average."""
    return (chance.random(shape, dtype=np.float32) >= dropped).astype(np.float32) / np.float32(1 - dropped)


def _spread(chance: np.random.Generator, shape: tuple[int, int], spread: float) -> Floats:
    return chance.standard_normal(shape, dtype=np.float32) * np.float32(spread)
