"""Labels that are probably wrong, by probabilities of held-out samples.

To have them looked at, by confident learning (Northcutt et al., 2021); to have them mended, by the odds.
"""

from collections.abc import Mapping, Sequence

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
    labels = [sample.intent or "" for sample in held_out.samples]
    return _suspects(held_out, labels, guess, sure.any(axis=1) & (guess != truth))


def outweighed(held_out: HeldOut, given: Mapping[str, str | None], odds: float) -> tuple[Suspect, ...]:
    """Find samples of which another intent is more than `odds` times as likely as the given one, the surest first.

    `given` are the labels by the ids of the samples; the model may have learnt from mended ones. A label that it does
    not know any more is as unlikely as can be. The odds are high because labels tell something: who gave one saw the
    text.
    """
    labels = [given[sample.id] or "" for sample in held_out.samples]
    guess = held_out.probabilities.argmax(axis=1)
    is_other = np.array(
        [held_out.intents[at] != label for at, label in zip(guess, labels, strict=True)], dtype=np.bool_
    )
    is_likelier = held_out.probabilities.max(axis=1) > odds * _of_labels(held_out, labels)
    return _suspects(held_out, labels, guess, is_other & is_likelier)


def _suspects(
    held_out: HeldOut, labels: Sequence[str], guess: NDArray[np.int64], is_doubted: NDArray[np.bool_]
) -> tuple[Suspect, ...]:
    of_label = _of_labels(held_out, labels)
    of_guess = held_out.probabilities[np.arange(len(guess)), guess]
    doubted = np.flatnonzero(is_doubted)
    ordered: Sequence[int] = doubted[np.argsort((of_label - of_guess)[doubted], kind="stable")].tolist()
    return tuple(
        Suspect(
            id=held_out.samples[at].id,
            text=held_out.samples[at].text,
            intent=labels[at],
            likelier=held_out.intents[guess[at]],
            confidence=round(float(of_guess[at]), 4),
            confidence_of_label=round(float(of_label[at]), 4),
        )
        for at in ordered
    )


def _of_labels(held_out: HeldOut, labels: Sequence[str]) -> NDArray[np.float32]:
    """Give the probability of each sample's label, nothing where the model does not know it."""
    places = {name: at for at, name in enumerate(held_out.intents)}
    chances = zip(held_out.probabilities, labels, strict=True)
    return np.array([row[places[label]] if label in places else 0.0 for row, label in chances], dtype=np.float32)


def _usual(probabilities: NDArray[np.float32], truth: NDArray[np.int64], intents: int) -> NDArray[np.float32]:
    """Give for each intent the mean probability that its own samples get of it."""
    own = probabilities[np.arange(len(truth)), truth]
    sums = np.bincount(truth, weights=own, minlength=intents)
    usual: NDArray[np.float32] = (sums / np.maximum(1, np.bincount(truth, minlength=intents))).astype(np.float32)
    return usual
