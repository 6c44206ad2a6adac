"""The steps of a short tuning: each intent is as frequent as the others, and the rate rises and falls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from xiaoer.learn.fewshot.examples import Labels
from xiaoer.learn.telling import Tell

_WARM_UP = 0.1
_DECAY = 0.01
_LONGEST_GRADIENT = 1.0


@dataclass(frozen=True, slots=True)
class Tuning:
    """How long and how fast: steps, examples in each, the highest learning rate."""

    steps: int
    batch: int
    rate: float


def tune(
    network: nn.Module,
    loss: Callable[[Labels], Tensor],
    labels: Labels,
    tuning: Tuning,
    *,
    seed: int,
    tell: Tell,
) -> None:
    """Step a network down a loss of some examples, by AdamW, warmed up and then linearly slowed down."""
    moved = [weights for weights in network.parameters() if weights.requires_grad]
    optimiser = torch.optim.AdamW(moved, lr=tuning.rate, weight_decay=_DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share(step, tuning.steps))
    network.train()
    batches = balanced_batches(labels, tuning.batch, np.random.default_rng(seed))
    for step in range(tuning.steps):
        torch.autograd.backward(loss(next(batches)))
        nn.utils.clip_grad_norm_(moved, _LONGEST_GRADIENT)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        tell("tuning the encoder", (step + 1) / tuning.steps)
    network.eval()


def balanced_batches(labels: Labels, size: int, random: np.random.Generator) -> Iterator[Labels]:
    """Give places of examples without end: every intent in turn, each one's examples in turn, both newly shuffled."""
    intents = np.unique(labels)
    queues: dict[int, list[int]] = {int(intent): [] for intent in intents}
    turns: list[int] = []
    while True:
        batch = []
        for _ in range(size):
            turns = turns or random.permutation(intents).tolist()
            intent = turns.pop()
            if not queues[intent]:
                queues[intent] = random.permutation(np.flatnonzero(labels == intent)).tolist()
            batch.append(queues[intent].pop())
        yield np.unique(batch)


def _share(step: int, steps: int) -> float:
    warm = max(1, round(steps * _WARM_UP))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))
