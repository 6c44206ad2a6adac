"""Labels that say nothing of their texts: how large their share is, and which intents they stand instead of.

Whoever labels in a hurry, or a system that labelled before, puts some texts anywhere. A model learns such labels by
heart if it follows the texts closely, and is less sure of everything if it does not. So every text is judged by models
that have not seen it, and each label is held against what they say, with the share of the labels that are like drawn
from a hat: the probabilities of both follow from the labels alone (Dawid and Skene, 1979). What is far likelier to be
meant takes the label's place, and the next models are taught so.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedKFold

from xiaoer.learn.intents import LEAST_TEXTS
from xiaoer.learn.mixing import HeldOutScores, fit_noise
from xiaoer.learn.pair import Floats, Labels, Lessons, Manner, Pair
from xiaoer.learn.telling import Tell

_ROUNDS = 3
_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Mended:
    """Lessons with other labels, and the share of the labels given that say nothing of their texts."""

    lessons: Lessons
    noise: float


def mend(lessons: Lessons, manner: Manner, seed: int, tell: Tell) -> Mended:
    """Put in the place of labels what is far likelier meant, by models of the other texts that learn as is said.

    No intent is left with fewer texts than it needs to be learnt.
    """
    mended = Mended(lessons, 0.0)
    for number in range(_ROUNDS):
        tell(f"mending labels, round {number + 1} of {_ROUNDS}", number / _ROUNDS)
        held_out = _out_of_fold(lessons, mended.lessons, manner, seed + number)
        noise = fit_noise(held_out)
        labels = likelier(lessons.labels, noise.chances, noise.share)
        mended = Mended(replace(lessons, labels=labels), noise.share)
    return mended


def _out_of_fold(lessons: Lessons, taught: Lessons, manner: Manner, seed: int) -> HeldOutScores:
    linear = np.empty((len(taught.labels), len(lessons.names)))
    network = np.empty_like(linear)
    parts = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(taught.labels, taught.labels)
    for seen, unseen in parts:  # each intent is among those seen, as none has fewer texts than there are folds
        linear[unseen], network[unseen] = Pair.fit(taught, seen, manner, seed).scores(lessons, unseen)
    return HeldOutScores(linear, network, lessons.labels, lessons.names)


def likelier(labels: Labels, chances: Floats, noise: float) -> Labels:
    """Give each text the intent that it likeliest has, by what models say of it and by the label that it was given."""
    shares = np.bincount(labels, minlength=chances.shape[1]) / len(labels)
    odds = 1 + (1 - noise) / (noise * shares[labels])
    guesses = chances.argmax(axis=1)
    is_other = chances.max(axis=1) > odds * chances[np.arange(len(labels)), labels]
    meant: Labels = np.where(is_other, guesses, labels)
    while len(rare := np.flatnonzero(np.bincount(meant, minlength=chances.shape[1]) < LEAST_TEXTS)):
        meant = np.where(np.isin(labels, rare), labels, meant)  # which may leave another too few
    return meant
