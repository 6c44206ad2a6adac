"""Training of a light classifier from labelled texts alone: a linear model and a network, mixed on held-out texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold

from xiaoer.learn.intents import names_of
from xiaoer.learn.mending import Mended, mend
from xiaoer.learn.mixing import HeldOutScores, fit_mixing, fit_noise, fit_threshold
from xiaoer.learn.pair import Floats, Labels, Lessons, Manner, Pair
from xiaoer.learn.spelling import fit_spelling
from xiaoer.learn.telling import Tell, part_of, say_nothing
from xiaoer.text import normalise
from xiaoer.understand import OUT_OF_SCOPE, LightClassifier

_FOLDS = 3
_LEAST_INTENTS = 6
_STRANGE_SHARE = 0.15
_NOISY = 0.05
_HOPELESS = 0.7
"""Of labels of which more are wrong, what models make of the texts is no better."""
_LEAST_MENDED = 900
"""From fewer labelled texts it cannot be told how many of the labels are wrong."""
_MANNERS = (Manner(3.0, 15, 0.3), Manner(0.3, 5, 0.5))
"""Closely, for texts that are labelled well, and loosely, for labels of which many are wrong."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained classifier, and the share of the labels that say nothing of their texts: 0 where they are trusted."""

    classifier: LightClassifier
    noise: float


def fit_classifier(texts: Sequence[str], intents: Sequence[str], *, seed: int = 0) -> LightClassifier:
    """Train a light classifier as `fit` does."""
    return fit(texts, intents, seed=seed).classifier


def fit(
    texts: Sequence[str], intents: Sequence[str], *, seed: int = 0, mends: bool = True, tell: Tell | None = None
) -> Fitted:
    """Train a light classifier on texts as they were received.

    How the two models are mixed, how sure they may be, and under which threshold a text is out of scope is learnt on a
    third of the texts, from models that have not seen these, nor anything of some of the intents: their texts stand for
    what nobody has labelled. There too it is seen how closely the models should follow the texts, and whether so many
    labels are wrong that they are mended first, if `mends` is true; models of all texts have a say in that.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    tell = tell or say_nothing
    tell("reading the texts", 0.0)
    normal = [normalise(text).text for text in texts]
    given = Lessons.of(normal, intents)
    trial = _choose_manner(given, seed, part_of(tell, 0.1, 0.5))
    meant = _meant(given, trial, seed, part_of(tell, 0.5, 0.8)) if mends else Mended(given, 0.0)
    if meant.noise:
        trial = _Trial.of(meant.lessons, trial.manner, seed)
    tell("training on all texts", 0.8)
    final = Pair.fit(meant.lessons, np.arange(len(texts)), trial.manner, seed)
    mixing, _ = fit_mixing(trial.against(given), noise=meant.noise)
    threshold = fit_threshold(trial.against(meant.lessons), mixing)
    classifier = LightClassifier(
        linear=final.linear.model(given.features, given.names, scale=mixing.linear, threshold=threshold),
        network=final.served(given),
        mixing=mixing,
        spelling=fit_spelling(normal),
    )
    return Fitted(classifier, meant.noise)


def mend_intents(
    texts: Sequence[str], intents: Sequence[str], *, seed: int = 0, tell: Tell | None = None
) -> tuple[tuple[str, ...], float]:
    """Give the intents that texts seem to have, and the share of those given that say nothing; 0: none is changed.

    Raises:
        TooFewUtterancesError: as `fit` does.
    """
    tell = tell or say_nothing
    names = names_of(intents)
    if len(texts) < _LEAST_MENDED:
        return tuple(intents), 0.0
    given = Lessons.of([normalise(text).text for text in texts], intents)
    meant = _meant(given, _choose_manner(given, seed, part_of(tell, 0.0, 0.5)), seed, part_of(tell, 0.5, 1.0))
    return tuple(names[at] for at in meant.lessons.labels), meant.noise


@dataclass(frozen=True, slots=True)
class _Trial:
    """What models say of a third of the texts that they have not seen, nor anything of the strange intents."""

    manner: Manner
    linear: Floats
    network: Floats
    unseen: Labels
    strange: Labels
    names: tuple[str, ...]

    @classmethod
    def of(cls, lessons: Lessons, manner: Manner, seed: int) -> "_Trial":
        labels = lessons.labels
        seen, unseen = next(StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(labels, labels))
        strange = _strange_intents(lessons, seed)
        seen = seen[~np.isin(labels[seen], strange)]
        linear, network = Pair.fit(lessons, seen, manner, seed).scores(lessons, unseen)
        return cls(manner, linear, network, unseen, strange, lessons.names)

    def against(self, lessons: Lessons) -> HeldOutScores:
        """Hold what is said against the labels of lessons: those given, or those that are meant."""
        own = lessons.labels[self.unseen]
        kept = np.setdiff1d(np.arange(len(self.names)), self.strange)
        truth = np.where(np.isin(own, self.strange), -1, np.searchsorted(kept, own))
        return HeldOutScores(self.linear, self.network, truth, tuple(self.names[at] for at in kept))

    def is_noisy(self, lessons: Lessons) -> bool:
        """So many labels of lessons are wrong that they had better be mended."""
        return len(lessons.labels) >= _LEAST_MENDED and _NOISY <= fit_noise(self.against(lessons)).share <= _HOPELESS


def _meant(given: Lessons, trial: _Trial, seed: int, tell: Tell) -> Mended:
    """Mend labels, if a trial says that many are wrong."""
    return mend(given, trial.manner, seed, tell) if trial.is_noisy(given) else Mended(given, 0.0)


def _choose_manner(lessons: Lessons, seed: int, tell: Tell) -> _Trial:
    """Find how closely models should follow the texts."""
    trials: list[_Trial] = []
    for number, manner in enumerate(_MANNERS):
        tell(f"judging on held-out texts, {number + 1} of {len(_MANNERS)}", number / len(_MANNERS))
        trials.append(_Trial.of(lessons, manner, seed))
    return min(trials, key=lambda trial: fit_mixing(trial.against(lessons))[1])


def _strange_intents(lessons: Lessons, seed: int) -> Labels:
    """Draw the intents that stand for what nobody has labelled; none of a handful, as too few would be left."""
    known = [at for at, name in enumerate(lessons.names) if name != OUT_OF_SCOPE]
    if len(known) < _LEAST_INTENTS:
        return np.array([], dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(known, round(len(known) * _STRANGE_SHARE), replace=False))
