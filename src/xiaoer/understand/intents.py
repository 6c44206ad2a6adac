"""The intent model of the light tier: a linear model over weighed n-grams, numpy alone."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.text import packed, unpacked
from xiaoer.understand.features import FeatureBlocks
from xiaoer.understand.softmax import softmax

Floats: TypeAlias = NDArray[np.float32]

_STEPS = 127
OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights of a linear model and the two numbers that make its scores probabilities.

    `vocabulary` gives each feature its row; `idf` (features) its weight in its block; `votes` (features × intents)
    what it says for each intent, in whole steps of `steps` (features), times `idf` and the block's weight already:
    a byte each, so that the rows that a text needs come from near memory. `block_weights` is the length of each view
    of a text. Scores are sharpened by `scale` before the softmax; a top probability under `threshold` is out of scope.
    """

    names: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    votes: NDArray[np.int8]
    steps: Floats
    bias: Floats
    block_weights: tuple[float, ...]
    scale: float
    threshold: float

    def probabilities(self, blocks: FeatureBlocks) -> Floats:
        """Give the probability of each intent, in the order of `names`."""
        return softmax(self.scores(blocks) * self.scale)

    def scores(self, blocks: FeatureBlocks) -> Floats:
        """Give the raw score of each intent."""
        rows, shares = weigh(blocks, self.vocabulary, self.idf, self.steps, self.block_weights)
        if not len(rows):
            return np.zeros_like(self.bias)  # nothing known was said: no intent is likelier than another
        scores: Floats = shares @ self.votes.take(rows, axis=0).astype(np.float32) + self.bias
        return scores

    def save(self, path: Path) -> None:
        """Write the model as one `.npz` file."""
        np.savez(
            path,
            names=packed(self.names),
            vocabulary=packed(self.vocabulary),
            idf=self.idf,
            votes=self.votes,
            steps=self.steps,
            bias=self.bias,
            numbers=np.array([*self.block_weights, self.scale, self.threshold], dtype=np.float64),
        )

    @classmethod
    def load(cls, path: Path) -> "IntentModel":
        """Read a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            *block_weights, scale, threshold = (float(number) for number in arrays["numbers"])
            return cls(
                names=tuple(unpacked(arrays["names"])),
                vocabulary={feature: row for row, feature in enumerate(unpacked(arrays["vocabulary"]))},
                idf=arrays["idf"],
                votes=arrays["votes"],
                steps=arrays["steps"],
                bias=arrays["bias"],
                block_weights=tuple(block_weights),
                scale=scale,
                threshold=threshold,
            )


def weigh(
    blocks: Sequence[Sequence[str]], vocabulary: Mapping[str, int], idf: Floats, steps: Floats, lengths: Sequence[float]
) -> tuple[NDArray[np.int64], Floats]:
    """Give the rows of the known features of a text, and by how much each row's whole numbers count.

    Each block is brought to its length, all together to one. A feature's own idf is in its numbers already.
    """
    rows: list[int] = []
    often: list[float] = []
    begins: list[int] = []
    sizes: list[int] = []
    squared = 0.0
    for features, length in zip(blocks, lengths, strict=True):
        known = _known(features, vocabulary)
        if known:
            begins.append(len(rows))
            sizes.append(len(known))
            rows += known
            often += known.values()
            squared += length * length
    at, counts = np.array(rows, dtype=np.int64), np.array(often, dtype=np.float32)
    if not rows:
        return at, counts
    norms: Floats = np.sqrt(squared * np.add.reduceat((counts * idf.take(at)) ** 2, begins))
    return at, counts * steps.take(at) / norms.repeat(sizes)


def _known(features: Sequence[str], vocabulary: Mapping[str, int]) -> dict[int, float]:
    """Give the features that have a row, by row, with how often they occur, sublinearly."""
    found = [row for row in map(vocabulary.get, features) if row is not None]
    known = dict.fromkeys(found, 1.0)
    if len(known) < len(found):
        known = {row: 1 + math.log(count) for row, count in Counter(found).items()}
    return known


def in_steps(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Write weights (features × intents) as whole steps of 1/127 of each feature's largest, and give those steps."""
    steps = (np.maximum(np.abs(weights).max(axis=1), 1e-12) / _STEPS).astype(np.float32)
    return np.rint(weights / steps[:, None]).astype(np.int8), steps
