"""Optimisers and learning rates."""

import math
from typing import TypeAlias

from torch import nn, optim
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.settings import TrainingSettings

_MOMENTUM = 0.9
_Group: TypeAlias = dict[str, list[nn.Parameter] | float]


def optimiser_of(network: JointNetwork, settings: TrainingSettings, *, is_new: bool) -> Optimizer:
    """Give the optimiser of a network; `is_new`: the encoder learns at the rate of the heads.

    Biases and the weights of norms do not decay.
    """
    of_encoder = {id(weights) for weights in network.encoder.parameters()}
    groups: list[_Group] = []
    for is_encoder, rate in ((True, settings.heads_rate if is_new else settings.rate), (False, settings.heads_rate)):
        own = [one for one in network.parameters() if (id(one) in of_encoder) == is_encoder and one.requires_grad]
        for decay, weights in (
            (settings.weight_decay, [one for one in own if one.ndim > 1]),
            (0.0, [one for one in own if one.ndim <= 1]),
        ):
            if weights:
                groups.append({"params": weights, "lr": rate, "weight_decay": decay})
    return _of_kind(groups, settings)


def _of_kind(groups: list[_Group], settings: TrainingSettings) -> Optimizer:
    match settings.optimiser:
        case "sgd":
            return optim.SGD(groups, settings.rate)
        case "momentum":
            return optim.SGD(groups, settings.rate, momentum=_MOMENTUM, nesterov=True)
        case "adam":
            return optim.Adam(groups, settings.rate, fused=True)
        case "adamw":
            return optim.AdamW(groups, settings.rate, fused=True)
        case "adagrad":
            return optim.Adagrad(groups, settings.rate)


def schedule_of(optimiser: Optimizer, steps: int, settings: TrainingSettings) -> LambdaLR:
    """Give the rates of so many steps: they rise in the warm-up, then fall as the settings say."""
    warm_up = math.ceil(steps * settings.warm_up)

    def share(step: int) -> float:
        if step < warm_up:
            return (step + 1) / (warm_up + 1)
        gone = (step - warm_up) / max(1, steps - warm_up)
        match settings.schedule:
            case "constant":
                return 1.0
            case "linear":
                return max(0.0, 1 - gone)
            case "cosine":
                return (1 + math.cos(math.pi * min(1.0, gone))) / 2
            case "exponential":
                return float(settings.last_rate ** min(1.0, gone))

    return LambdaLR(optimiser, share)
