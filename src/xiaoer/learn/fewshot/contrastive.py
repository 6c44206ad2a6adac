"""Contrastive tuning: pairs of examples teach the encoder which texts mean the same (SetFit, Tunstall et al., 2022)."""

from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from xiaoer.learn.fewshot.encoders import Floats, freeze_lower_half, load_encoder
from xiaoer.learn.fewshot.examples import Examples, FewShot, Labels
from xiaoer.learn.fewshot.tuning import Tuning, tune
from xiaoer.learn.telling import Tell, say_nothing

_TEMPERATURE = 0.1
_COST = 10.0
_BATCH = 16
_RATE = 3e-5
_PASSES = 4
_FEWEST_STEPS, _MOST_STEPS = 20, 60


def usual_tuning(examples: int) -> Tuning:
    """Go through the examples some times, in a number of steps that is neither too small to move nor too long."""
    return Tuning(min(_MOST_STEPS, max(_FEWEST_STEPS, _PASSES * examples // _BATCH)), _BATCH, _RATE)


def learn_by_contrast(
    examples: Examples, folder: Path, *, tuning: Tuning | None = None, seed: int = 0, tell: Tell = say_nothing
) -> FewShot:
    """Tune the upper half of an encoder on pairs of the examples, then fit a logistic head to its vectors.

    Raises:
        EncoderUnfitError: the folder holds no encoder.
    """
    torch.manual_seed(seed)
    encoder = load_encoder(folder)

    def loss(chosen: Labels) -> Tensor:
        batch = examples.some(chosen)
        return contrastive_loss(encoder.vectors(*encoder.tensors(batch.texts)), torch.from_numpy(batch.labels))

    freeze_lower_half(encoder.vectors.states)
    how = tuning or usual_tuning(len(examples.texts))
    tune(encoder.vectors, loss, examples.labels, how, seed=seed, tell=tell)
    head = LogisticRegression(C=_COST, class_weight="balanced", max_iter=1000)
    head.fit(encoder.encode(examples.texts), examples.labels)
    return FewShot(encoder, *_for_each(head))


def contrastive_loss(vectors: Tensor, labels: Tensor) -> Tensor:
    """Give how unlikely each text of a batch would choose the others of its intent (Khosla et al., 2020).

    Vectors (texts × dimensions) have length one; a text chooses among all others by their cosines.
    """
    itself = torch.eye(len(labels), dtype=torch.bool)
    cosines = (vectors @ vectors.T / _TEMPERATURE).masked_fill(itself, -torch.inf)
    same = (labels[:, None] == labels[None, :]) & ~itself
    chosen = torch.where(same, cosines - cosines.logsumexp(1, keepdim=True), 0).sum(1)
    paired = same.any(1)
    return -(chosen[paired] / same.sum(1)[paired]).sum() / max(1, int(paired.sum()))


def _for_each(head: LogisticRegression) -> tuple[Floats, Floats]:
    """Give a direction and a bias for each intent; of two the library keeps the second one's only."""
    directions: Floats = head.coef_.T.astype(np.float32)
    bias: Floats = head.intercept_.astype(np.float32)
    if len(bias) == 1:
        half = np.float32(0.5)
        directions, bias = (
            half * np.concatenate([-directions, directions], axis=1),
            half * np.concatenate([-bias, bias]),
        )
    return directions, bias
