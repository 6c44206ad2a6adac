"""How a network and the light model beside it are joined, and from where on a text is out of scope."""

from dataclasses import dataclass
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from xiaoer.learn.intents import threshold_of
from xiaoer.understand import OUT_OF_SCOPE, FullSpec, joined_probabilities

_HIGHEST_WEIGHT = 10.0
_HOLD = 0.003
_LOST_IN_SCOPE = 0.005
_SURE = 0.5
"""What is likelier than all else together is not refused where nobody said what is out of scope."""

Floats: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What both models say of texts that neither has learnt: raw scores of the network and the light probabilities.

    Both are texts × intents; `light` is None where there is no light model. `noise` is the share of the labels that say
    nothing of their texts.
    """

    scores: Floats
    light: Floats | None
    labels: Labels
    noise: float = 0.0


def calibrated(spec: FullSpec, held_out: HeldOut) -> FullSpec:
    """Give a spec with the weights under which what came true was likeliest, and the threshold.

    The weights are temperatures (Guo et al., 2017) as well: each says how far a model's certainty can be believed. If
    the light model alone is right more often, it alone counts, so that the full tier is never worse. Where nothing is
    known to be out of scope, the threshold is a probability under which hardly any text falls.
    """
    if not len(held_out.labels):
        return spec
    best = _likeliest(spec, held_out)
    if held_out.light is not None:
        alone = _likeliest(spec, held_out, is_light_alone=True)
        if accuracy(alone, held_out) > accuracy(best, held_out):
            best = alone
    probabilities = joined_probabilities(held_out.scores, held_out.light, best)
    if OUT_OF_SCOPE in spec.names:
        threshold = threshold_of(probabilities.astype(np.float64), held_out.labels, spec.names)
    else:
        threshold = min(_SURE, float(np.quantile(probabilities.max(axis=1), _LOST_IN_SCOPE)))
    return msgspec.structs.replace(best, threshold=threshold)


def accuracy(spec: FullSpec, held_out: HeldOut) -> float:
    """Give the share of held-out texts that the models, joined as the spec says, read rightly."""
    guessed = joined_probabilities(held_out.scores, held_out.light, spec).argmax(axis=1)
    return float((guessed == held_out.labels).mean())


def _likeliest(spec: FullSpec, held_out: HeldOut, *, is_light_alone: bool = False) -> FullSpec:
    rows, noise = np.arange(len(held_out.labels)), held_out.noise
    usual = np.bincount(held_out.labels, minlength=len(spec.names))[held_out.labels] / len(rows)

    def of(weights: NDArray[np.float64]) -> FullSpec:
        network, light = (float(weight) for weight in weights)
        return msgspec.structs.replace(spec, network_weight=network, light_weight=light)

    def loss(weights: NDArray[np.float64]) -> float:
        said = joined_probabilities(held_out.scores, held_out.light, of(weights))
        # Few texts that are all read rightly would have it as sure as can be.
        likely = (1 - noise) * said[rows, held_out.labels] + noise * usual
        return float(-np.log(likely + 1e-12).mean() + _HOLD * ((weights - 1) ** 2).sum())

    bounds = [
        (0.0, 0.0 if is_light_alone else _HIGHEST_WEIGHT),
        (0.0, _HIGHEST_WEIGHT if held_out.light is not None else 0.0),
    ]
    start = np.array([0.0 if is_light_alone else 1.0, 1.0 if held_out.light is not None else 0.0])
    return of(optimize.minimize(loss, start, method="Powell", bounds=bounds).x)
