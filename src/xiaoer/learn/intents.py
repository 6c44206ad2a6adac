"""Training of the intent model: one-against-rest linear support vectors, made probabilities on held-out folds."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from xiaoer.learn.errors import TooFewUtterancesError
from xiaoer.learn.vectors import BLOCK_WEIGHTS, Counts, Weighting
from xiaoer.understand import OUT_OF_SCOPE, FeatureBlocks, IntentModel

_COST = 1.0
_FOLDS = 3
_THREADS = 2
_LOST_IN_SCOPE = 0.01

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def fit_intents(texts: Sequence[FeatureBlocks], intents: Sequence[str], *, seed: int = 0) -> IntentModel:
    """Train an intent model.

    The sharpness of the softmax (Guo et al., 2017) and the threshold of what is in scope come from scores that
    models without the text in their training gave it.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    names = _names(intents)
    labels = np.array([names.index(intent) for intent in intents])
    counts, everything = Counts.of(texts), np.arange(len(texts))
    with ThreadPoolExecutor(_THREADS) as pool:
        held_out = pool.submit(_held_out_scores, counts, labels, seed, pool)
        weighting = Weighting.seen_in(counts, everything)
        final = _fit(weighting.weigh(counts, everything), labels, seed)
    return IntentModel(
        names=names,
        vocabulary={counts.features[column]: row for row, column in enumerate(weighting.columns)},
        idf=weighting.idf,
        weights=np.ascontiguousarray(votes.T, dtype=np.float32),
        bias=_all_scores(final.intercept_[:, None], len(names))[:, 0].astype(np.float32),
        block_weights=BLOCK_WEIGHTS,
        scale=scale,
        threshold=_threshold(_softmax(held_out * scale), labels, names),
    )


def _names(intents: Sequence[str]) -> tuple[str, ...]:
    counts = Counter(intents)
    few = sorted(name for name, count in counts.items() if count < _FOLDS)
    if few:
        raise TooFewUtterancesError(f"Give at least {_FOLDS} utterances to each of these intents: {', '.join(few)}.")
    if len(counts) < 2:
        raise TooFewUtterancesError("Give at least two intents with utterances: there is nothing to tell apart.")
    return tuple(sorted(counts))


def _fit(matrix: sparse.csr_matrix, labels: Labels, seed: int) -> LinearSVC:
    return LinearSVC(C=_COST, random_state=seed).fit(matrix, labels)


def _held_out_scores(counts: Counts, labels: Labels, classes: int, seed: int) -> Floats:
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(labels, labels)
    scores = np.zeros((len(labels), classes))

    def score(fold: tuple[Labels, Labels]) -> None:
        seen, unseen = fold
        weighting = Weighting.seen_in(counts, seen)
        model = _fit(weighting.weigh(counts, seen), labels[seen], seed)
        decisions = model.decision_function(weighting.weigh(counts, unseen))
        scores[unseen] = decisions if classes > 2 else np.stack([-decisions, decisions], axis=1)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(score, folds))
    return scores


def _all_scores(weights: Floats, classes: int) -> Floats:
    """Give a row for each of two intents too: the library keeps one for both."""
    return weights if classes > 2 else np.concatenate([-weights, weights])


def _best_scale(scores: Floats, labels: Labels) -> float:
    def loss(log_scale: float) -> float:
        probabilities = _softmax(scores * np.exp(log_scale))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-2.0, 5.0), method="bounded").x))


def _threshold(probabilities: Floats, labels: Labels, names: tuple[str, ...]) -> float:
    """Give the top probability under which hardly any text of the trade falls; 0 if out of scope is no intent."""
    if OUT_OF_SCOPE not in names:
        return 0.0
    of_the_trade = probabilities[labels != names.index(OUT_OF_SCOPE)].max(axis=1)
    return float(np.quantile(of_the_trade, _LOST_IN_SCOPE))


def _softmax(scores: Floats) -> Floats:
    exponentials: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    exponentials /= exponentials.sum(axis=1, keepdims=True)
    return exponentials
