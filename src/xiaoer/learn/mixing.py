"""How the scores of two models become probabilities, and from which on a text is answered: learnt on held-out texts."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from xiaoer.understand import Mixing, place_of_unknown, softmax

_UNKNOWN_SHARE = 0.1
"""Of the messages, as assumed: how many are none of the intents."""
_LOST_IN_SCOPE = 0.01
_LEAST_CHANCE = 1e-12
_START = (np.log(4.0), np.log(0.6), 2.0)
_BOUNDS = ((-3.0, 4.0), (-4.0, 2.0), (-10.0, 20.0))
_NOISE_BOUNDS = (0.001, 0.9)
_NOISE_STARTS = ((*_START[:2], 0.0, 0.2), (_START[0] + 1, _START[1] + 1, 0.0, 0.2))
"""Models that are unsure and hardly a wrong label, and sure ones with many, may both be likeliest nearby."""
_FREQUENCY_BOUNDS = (0.0, 2.0)
_PRECISION = MappingProxyType({"xtol": 1e-2, "ftol": 1e-5})

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeldOutScores:
    """Raw scores of texts that neither model has seen (texts × `names`), and the true place; -1 where it is no name."""

    linear: Floats
    network: Floats
    truth: Labels
    names: tuple[str, ...]

    @property
    def unknown(self) -> int | None:
        """The place of the intent that is out of scope, if there is one."""
        return place_of_unknown(self.names)

    @property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Which texts are none of the intents."""
        is_told = self.truth == (self.unknown if self.unknown is not None else -1)
        unknown: NDArray[np.bool_] = (self.truth < 0) | is_told
        return unknown

    @property
    def weights(self) -> Floats:
        """What each text counts: those that are unknown together their share of the messages."""
        unknown, known = self.is_unknown.sum(), (~self.is_unknown).sum()
        share = _UNKNOWN_SHARE / (1 - _UNKNOWN_SHARE) * known / max(1, unknown)
        return np.where(self.is_unknown, share, 1.0)


def fit_mixing(held_out: HeldOutScores, *, noise: float = 0.0) -> tuple[Mixing, float]:
    """Find the mixing under which what came true was likeliest, and the loss that is left (negative log-likelihood).

    `noise` is the share of the labels that say nothing of their texts: probabilities are those of what is meant.
    """
    has_rest = bool((held_out.truth < 0).any())
    usual = _usual(np.where(held_out.is_unknown, -1, held_out.truth))

    def mixing(numbers: Floats) -> Mixing:
        linear, network, rest = numbers
        return Mixing(float(np.exp(linear)), float(np.exp(network)), float(rest) if has_rest else -np.inf)

    def loss(numbers: Floats) -> float:
        found = mixing(numbers).probabilities(held_out.linear, held_out.network, held_out.unknown)
        return _loss(held_out, found.astype(np.float64), noise, usual)

    found = optimize.minimize(loss, _START, method="Powell", bounds=_BOUNDS, options=_PRECISION)
    return mixing(found.x), float(found.fun)


@dataclass(frozen=True, slots=True)
class Noise:
    """The share of labels that are like drawn from a hat, and the probability of each intent for each text."""

    share: float
    chances: Floats


def fit_noise(held_out: HeldOutScores) -> Noise:
    """Find under which share of labels drawn from a hat, and which mixing beside it, those given are likeliest.

    What is surely one thing by the texts and another by its label tells of the share; what is hard to tell does not.
    How frequent an intent is counts in the mixing as well: labels that only go with what is frequent are not noise.
    Texts of what is none of the intents are left out.
    """
    known = held_out.truth >= 0
    told = HeldOutScores(held_out.linear[known], held_out.network[known], held_out.truth[known], held_out.names)
    usual = _usual(told.truth)
    frequent = np.log((np.bincount(told.truth, minlength=len(told.names)) + 1) / (len(told.truth) + len(told.names)))

    def chances(numbers: Floats) -> Floats:
        linear, network, frequency, _ = numbers
        scores = np.exp(linear) * told.linear + np.exp(network) * told.network + frequency * frequent
        said: Floats = softmax(scores)
        return said

    def loss(numbers: Floats) -> float:
        return _loss(told, chances(numbers), float(numbers[3]), usual)

    bounds = (*_BOUNDS[:2], _FREQUENCY_BOUNDS, _NOISE_BOUNDS)
    tries = [
        optimize.minimize(loss, start, method="Powell", bounds=bounds, options=_PRECISION) for start in _NOISE_STARTS
    ]
    found = min(tries, key=lambda one: float(one.fun))
    return Noise(float(found.x[3]), chances(found.x))


def _loss(held_out: HeldOutScores, chances: Floats, noise: float, usual: Floats) -> float:
    """Give the mean negative log-likelihood of the labels, of which a share is drawn as `usual` says."""
    unknown, is_unknown, weights = held_out.unknown, held_out.is_unknown, held_out.weights
    rows = np.arange(len(held_out.truth))
    doubt = 1 / (len(rows) + 2)  # however right all were, the next text may be wrong (Platt, 1999)
    none = chances[:, unknown] if unknown is not None else 1 - chances.sum(axis=1)
    of_truth = np.where(is_unknown, none, chances[rows, np.maximum(held_out.truth, 0)])
    of_label = (1 - noise) * of_truth + noise * usual
    others = np.log(np.maximum(chances, _LEAST_CHANCE)).mean(axis=1)
    logs = (1 - doubt) * np.log(np.maximum(of_label, _LEAST_CHANCE)) + doubt * others
    return float(-(weights * logs).sum() / weights.sum())


def _usual(labels: Labels) -> Floats:
    """Give for each text the share of all that have its label."""
    _, places, counts = np.unique(labels, return_inverse=True, return_counts=True)
    shares: Floats = counts[places] / len(labels)
    return shares


def fit_threshold(held_out: HeldOutScores, mixing: Mixing) -> float:
    """Find the top probability from which on most is right: right answers, and refusals of what is unknown.

    Where nothing unknown was held out it is the one under which hardly any text falls.
    """
    chances = mixing.probabilities(held_out.linear, held_out.network, held_out.unknown)
    tops, guesses = chances.max(axis=1).astype(np.float64), chances.argmax(axis=1)
    is_unknown = held_out.is_unknown
    if not is_unknown.any():
        return float(np.quantile(tops, _LOST_IN_SCOPE))
    order = np.argsort(tops, kind="stable")
    is_told = guesses == (-1 if held_out.unknown is None else held_out.unknown)  # refused whatever the threshold
    gains = held_out.weights * np.where(is_unknown, 1.0 * ~is_told, -1.0 * (guesses == held_out.truth))
    refused = int(np.argmax(np.concatenate([[0.0], np.cumsum(gains[order])])))
    # Half way between the last one refused and the first one answered: there may be much room between them.
    between = np.concatenate([[0.0], tops[order], [1.0]])[refused : refused + 2]
    return float(between.mean()) if refused else 0.0
