"""Labels that are probably wrong: confident learning (Northcutt et al., 2021) on probabilities of held-out samples."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from xiaoer.learn.data.heldout import HeldOut


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """A sample whose intent is doubted, the intent that it seems to have, and how sure the model is of either."""

    id: str
    text: str
    intent: str
    likelier: str
    confidence: float
    confidence_of_label: float


def suspects(held_out: HeldOut) -> tuple[Suspect, ...]:
    """Find samples that the model would surely put elsewhere, the surest first.

    Sure of an intent is who gives it at least the mean probability that its own samples get; so intents that are hard
    to tell, or rare, are measured by their own yardstick.
    """
    probabilities, truth = held_out.probabilities, held_out.truth
    sure = probabilities >= _usual(probabilities, truth, len(held_out.intents))
    guess = np.argmax(np.where(sure, probabilities, -1.0), axis=1)
    doubted = np.flatnonzero(sure.any(axis=1) & (guess != truth))
    margin = probabilities[doubted, guess[doubted]] - probabilities[doubted, truth[doubted]]
    ordered: Sequence[int] = doubted[np.argsort(-margin, kind="stable")].tolist()
    return tuple(
        Suspect(
            id=held_out.samples[at].id,
            text=held_out.samples[at].text,
            intent=held_out.intents[truth[at]],
            likelier=held_out.intents[guess[at]],
            confidence=round(float(probabilities[at, guess[at]]), 4),
            confidence_of_label=round(float(probabilities[at, truth[at]]), 4),
        )
        for at in ordered
    )


def _usual(probabilities: NDArray[np.float32], truth: NDArray[np.int64], intents: int) -> NDArray[np.float32]:
    """Give for each intent the mean probability that its own samples get of it."""
    own = probabilities[np.arange(len(truth)), truth]
    sums = np.bincount(truth, weights=own, minlength=intents)
    usual: NDArray[np.float32] = (sums / np.maximum(1, np.bincount(truth, minlength=intents))).astype(np.float32)
    return usual
