"""The intent model of the light tier: a linear model over weighed n-grams, numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.understand.features import FeatureBlocks

Floats: TypeAlias = NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
_FREQUENCIES = (1 + np.log(np.maximum(np.arange(256), 1))).astype(np.float32)
"""Sublinear term frequency by count; a text with more of one feature is no text."""


@dataclass(frozen=True, slots=True)
class IntentModel:
    """Weights of a linear model and the two numbers that make its scores probabilities.

    `vocabulary` gives each feature its row; `idf` (features) its weight in its block; `weights` (features × intents)
    its vote, times `idf` and the block's weight already; `block_weights` the length of each view of a text. Scores
    are sharpened by `scale` before the softmax; a top probability under `threshold` is out of scope.
    """

    names: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    block_weights: tuple[float, ...]
    scale: float
    threshold: float

    def probabilities(self, blocks: FeatureBlocks) -> Floats:
        """Give the probability of each intent, in the order of `names`."""
        scores = self.scores(blocks) * np.float32(self.scale)
        exponentials: Floats = np.exp(scores - scores.max())
        exponentials /= exponentials.sum()
        return exponentials

    def scores(self, blocks: FeatureBlocks) -> Floats:
        """Give the raw score of each intent."""
        rows: list[int] = []
        counts: list[int] = []
        starts: list[int] = []
        lengths: list[int] = []
        squared = 0.0
        for features, weight in zip(blocks, self.block_weights, strict=True):
            known = self._known(features)
            if known:
                starts.append(len(rows))
                lengths.append(len(known))
                rows += known
                counts += known.values()
                squared += weight * weight
        if not rows:
            return np.zeros_like(self.bias)  # nothing known was said: no intent is likelier than another
        frequency = _FREQUENCIES[np.minimum(counts, len(_FREQUENCIES) - 1)]
        weighed = frequency * self.idf[rows]
        norms = np.sqrt(np.add.reduceat(weighed * weighed, starts) * squared)
        votes: Floats = (frequency / np.repeat(norms, lengths)) @ self.weights[rows]
        return votes + self.bias

    def _known(self, features: Sequence[str]) -> dict[int, int]:
        """Count the features that have a row, by row."""
        counts: dict[int, int] = {}
        row_of = self.vocabulary.get
        for feature in features:
            if (row := row_of(feature)) is not None:
                counts[row] = counts.get(row, 0) + 1
        return counts

    def save(self, path: Path) -> None:
        """Write the model as one `.npz` file."""
        np.savez(
            path,
            names=_packed(self.names),
            vocabulary=_packed(self.vocabulary),
            idf=self.idf,
            weights=self.weights,
            bias=self.bias,
            numbers=np.array([*self.block_weights, self.scale, self.threshold], dtype=np.float64),
        )

    @classmethod
    def load(cls, path: Path) -> "IntentModel":
        """Read a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            *block_weights, scale, threshold = (float(number) for number in arrays["numbers"])
            return cls(
                names=tuple(_unpacked(arrays["names"])),
                vocabulary={feature: row for row, feature in enumerate(_unpacked(arrays["vocabulary"]))},
                idf=arrays["idf"],
                weights=arrays["weights"],
                bias=arrays["bias"],
                block_weights=tuple(block_weights),
                scale=scale,
                threshold=threshold,
            )


def _packed(names: Sequence[str] | dict[str, int]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
