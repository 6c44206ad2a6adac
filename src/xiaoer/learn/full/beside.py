"""The light model beside a network: one of its own, or that which serves a pack, and how the two are joined."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
import numpy as np

from xiaoer.learn.data.samples import Sample
from xiaoer.learn.full.calibrating import HeldOut, accuracy, calibrated
from xiaoer.understand import Classifier, FullSpec, Joining, joined_probabilities

FitLight: TypeAlias = Callable[[Sequence[Sample]], Classifier]
"""Trains on samples with an intent, and their marks."""

_LEAST = 1e-9


def joined_with_its_own(spec: FullSpec, said: HeldOut) -> tuple[FullSpec, dict[str, float]]:
    """Join a network with the light model of its folder; give figures of what was held out."""
    spec = calibrated(spec, said)
    return spec, _figures(spec, said)


def joined_with_a_packs(spec: FullSpec, said: HeldOut) -> tuple[FullSpec, dict[str, float]]:
    """Calibrate a network alone, and find how it is joined with a pack's light model, which is not in its folder."""
    spec = calibrated(spec, HeldOut(said.scores, None, said.labels, said.noise))
    alone = np.log(np.maximum(joined_probabilities(said.scores, None, spec), _LEAST))
    both = calibrated(spec, HeldOut(alone, said.light, said.labels, said.noise))
    joining = Joining(network_weight=both.network_weight, light_weight=both.light_weight, threshold=both.threshold)
    return msgspec.structs.replace(spec, joining=joining), _figures(both, said)


def _figures(spec: FullSpec, said: HeldOut) -> dict[str, float]:
    """Compare what is joined with each model alone, on what was held out."""

    def of(network: float, light: float) -> float:
        return accuracy(msgspec.structs.replace(spec, network_weight=network, light_weight=light), said)

    return {
        "held_out_accuracy": of(spec.network_weight, spec.light_weight),
        "held_out_accuracy_network": of(1.0, 0.0),
        **({"held_out_accuracy_light": of(0.0, 1.0)} if said.light is not None else {}),
        "network_weight": spec.network_weight,
        "light_weight": spec.light_weight,
        "out_of_scope_threshold": spec.threshold,
    }
