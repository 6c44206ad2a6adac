"""Training of the intent model: one-against-rest linear support vectors, made probabilities on held-out texts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from sklearn.feature_selection import chi2
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from xiaoer.learn.errors import TooFewUtterancesError
from xiaoer.learn.vectors import Counts, Weighting
from xiaoer.understand import OUT_OF_SCOPE, FeatureBlocks, IntentModel, in_steps, softmax

_COST = 3.0
_TOLERANCE = 0.05
_FOLDS = 3
_LOST_IN_SCOPE = 0.01
LEAST_TEXTS = _FOLDS
"""Of an intent, so that each fold holds one of them."""
MOST_FEATURES = 70_000
"""Two thirds of those of the demo's packs; the rest takes its time for 0.2 points of accuracy at most."""

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


def fit_intents(
    texts: Sequence[FeatureBlocks], intents: Sequence[str], *, seed: int = 0, most_features: int = MOST_FEATURES
) -> IntentModel:
    """Train an intent model that looks at `most_features` at most.

    The sharpness of the softmax (Guo et al., 2017) and the threshold of what is in scope come from a third of the
    texts, scored by a model that has not seen them.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    names = names_of(intents)
    labels = np.array([names.index(intent) for intent in intents])
    counts = Counts.of(texts)

    def fitted(seen: Labels) -> Linear:
        return Linear.fit(counts, labels, seen, seed, most_features=most_features)

    seen, unseen = next(StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(labels, labels))
    held_out, true = fitted(seen).scores(counts, unseen), labels[unseen]
    final = fitted(np.arange(len(texts)))
    scale = _best_scale(held_out, true)
    return final.model(counts, names, scale=scale, threshold=threshold_of(softmax(held_out * scale), true, names))


def threshold_of(probabilities: Floats, labels: Labels, names: tuple[str, ...]) -> float:
    """Give the top probability under which hardly any text of the trade falls; 0 if out of scope is no intent."""
    if OUT_OF_SCOPE not in names:
        return 0.0
    of_the_trade = probabilities[labels != names.index(OUT_OF_SCOPE)].max(axis=1)
    return float(np.quantile(of_the_trade, _LOST_IN_SCOPE))


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted linear model: weights (features × intents) and bias, of features as its weighting gives them.

    Never fitted in threads: the library draws from one random source for all, so that no run would be like another.
    """

    weighting: Weighting
    weights: Floats
    bias: Floats

    @classmethod
    def fit(
        cls,
        counts: Counts,
        labels: Labels,
        seen: Labels,
        seed: int,
        cost: float = _COST,
        most_features: int | None = None,
    ) -> "Linear":
        """Fit a model to some of the counted texts; `cost` is what a text on the wrong side costs.

        Of more than `most_features` features it looks at those that hang together with the intents most (chi-squared).
        """
        weighting = Weighting.seen_in(counts, seen)
        if most_features is not None and len(weighting.columns) > most_features:
            said = chi2(weighting.weigh(counts, seen), labels[seen])[0]
            weighting = weighting.of(np.sort(np.argsort(-said, kind="stable")[:most_features]))
        machine = LinearSVC(C=cost, tol=_TOLERANCE, class_weight="balanced", random_state=seed)
        model = machine.fit(weighting.weigh(counts, seen), labels[seen])
        weights, bias = model.coef_.T, model.intercept_
        if len(bias) == 1:  # for two intents the library keeps the second one's only
            weights, bias = np.concatenate([-weights, weights], axis=1), np.concatenate([-bias, bias])
        return cls(weighting, weights, bias)

    @property
    def votes(self) -> NDArray[np.float32]:
        """What each feature says for each intent, times its own weight in a text."""
        return (self.weights * (self.weighting.idf * self.weighting.block_weights)[:, None]).astype(np.float32)

    def scores(self, counts: Counts, texts: Labels) -> Floats:
        """Give the raw score of each intent for some of the counted texts."""
        scores: Floats = self.weighting.weigh(counts, texts) @ self.weights + self.bias
        return scores

    def model(self, counts: Counts, names: tuple[str, ...], *, scale: float, threshold: float) -> IntentModel:
        """Give the model as it serves."""
        # What most texts hold comes first: a text's features then lie together, in near memory.
        order = np.argsort(self.weighting.idf, kind="stable")
        votes, steps = in_steps(self.votes[order])
        return IntentModel(
            names=names,
            vocabulary={counts.features[column]: row for row, column in enumerate(self.weighting.columns[order])},
            idf=self.weighting.idf[order],
            votes=votes,
            steps=steps,
            bias=self.bias.astype(np.float32),
            block_weights=self.weighting.lengths,
            scale=scale,
            threshold=threshold,
        )


def names_of(intents: Sequence[str]) -> tuple[str, ...]:
    """Give the different intents by name.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    counts = Counter(intents)
    few = sorted(name for name, count in counts.items() if count < LEAST_TEXTS)
    if few:
        raise TooFewUtterancesError(
            f"Give at least {LEAST_TEXTS} utterances to each of these intents: {', '.join(few)}."
        )
    if len(counts) < 2:
        raise TooFewUtterancesError("Give at least two intents with utterances: there is nothing to tell apart.")
    return tuple(sorted(counts))


def _best_scale(scores: Floats, labels: Labels) -> float:
    def loss(log_scale: float) -> float:
        probabilities = softmax(scores * np.exp(log_scale))
        return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-2.0, 5.0), method="bounded").x))
