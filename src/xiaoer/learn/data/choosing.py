"""Which samples people should label next: those that the model is unsure of, spread over what there is."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.heldout import Look, looking_with, train
from xiaoer.learn.data.samples import Sample, Table, key_of
from xiaoer.pack import Pack
from xiaoer.understand import IntentModel

_LOOKED_AT = 8
"""How many times as many unsure samples as wanted are spread over."""
_DIRECTIONS = 64


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A sample to label: how unsure the model is (1 minus the lead of its first guess), and that guess."""

    sample: Sample
    unsure: float
    guess: str


def choose(table: Table, count: int, *, pack: Pack | None = None, seed: int = 0) -> tuple[Chosen, ...]:
    """Choose unlabelled samples for people, the most unsure first (Zhdanov, 2019: clusters of the unsure ones).

    Of each cluster the sample next to its middle is taken, where the unsure ones weigh more; so that ten ways to say
    the same are asked about once.

    Raises:
        DataSettingError: there is nothing left to label, or too little labelled to learn from.
    """
    first = {key_of(sample.text): sample for sample in reversed(table) if sample.intent is None}
    open_ = list(reversed(first.values()))
    known = [sample for sample in table if sample.intent is not None]
    if not open_:
        raise DataSettingError("Every sample has an intent: there is nothing left to label.")
    if not known:
        raise DataSettingError("No sample has an intent yet: label some by chance first, the model learns from them.")
    look = looking_with(pack)
    chosen = sorted(_judged(open_, train(known, look, seed=seed), look), key=lambda one: -one.unsure)
    among = chosen[: count * _LOOKED_AT]
    if len(among) <= count:
        return tuple(among)
    middles = _middles([one.sample.text for one in among], [one.unsure for one in among], count, seed)
    return tuple(among[at] for at in sorted(middles))


def _judged(samples: Sequence[Sample], model: IntentModel, look: Look) -> list[Chosen]:
    judged = []
    for sample, features in zip(samples, look([one.text for one in samples]), strict=True):
        probabilities = model.probabilities(features)
        second, first = np.argsort(probabilities)[-2:]
        lead = float(probabilities[first] - probabilities[second])
        judged.append(Chosen(sample=sample, unsure=round(1 - lead, 4), guess=model.names[first]))
    return judged


def _middles(texts: Sequence[str], weights: Sequence[float], count: int, seed: int) -> list[int]:
    """Give the text next to the middle of each of `count` clusters."""
    points = _points(texts, seed)
    clusters = KMeans(count, n_init=1, random_state=seed).fit(points, sample_weight=np.maximum(weights, 1e-6))
    apart = np.linalg.norm(points - clusters.cluster_centers_[clusters.labels_], axis=1)
    of_cluster: dict[int, int] = {}
    for at in np.argsort(apart, kind="stable").tolist():
        of_cluster.setdefault(int(clusters.labels_[at]), at)
    return list(of_cluster.values())


def _points(texts: Sequence[str], seed: int) -> NDArray[np.float64]:
    keys = [key_of(text) or " " for text in texts]
    weighed = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(keys)
    directions = min(_DIRECTIONS, min(weighed.shape) - 1)
    points = (
        TruncatedSVD(directions, random_state=seed).fit_transform(weighed) if directions >= 1 else weighed.toarray()
    )
    normal: NDArray[np.float64] = normalize(points)
    return normal
