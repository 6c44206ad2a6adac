"""Features as numbers: a vocabulary with weights (TF-IDF, a view at a time) and the matrix that a linear model fits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from xiaoer.understand import FeatureBlocks

BLOCK_WEIGHTS = (1.0, 0.7, 0.5, 0.7)
"""How much characters, words, sequences of senses and senses weigh; chosen by cross-validation on the shop pack."""
_LEAST_TEXTS = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Features that at least two texts share: the row of each, its inverse document frequency and its block."""

    rows: dict[str, int]
    idf: NDArray[np.float32]
    block_weights: NDArray[np.float32]

    @classmethod
    def count(cls, texts: Sequence[FeatureBlocks]) -> "Vocabulary":
        """Make the vocabulary of texts given by their features."""
        rows: dict[str, int] = {}
        idf: list[float] = []
        weights: list[float] = []
        for block, weight in enumerate(BLOCK_WEIGHTS):
            documents = Counter(feature for text in texts for feature in set(text[block]))
            for feature in sorted(documents):
                if documents[feature] >= _LEAST_TEXTS:
                    rows[feature] = len(rows)
                    idf.append(1 + float(np.log((1 + len(texts)) / (1 + documents[feature]))))
                    weights.append(weight)
        return cls(rows, np.array(idf, dtype=np.float32), np.array(weights, dtype=np.float32))

    def matrix(self, texts: Sequence[FeatureBlocks]) -> sparse.csr_matrix:
        """Give texts × features: each block at length one, weighed, and the whole at length one."""
        values: list[NDArray[np.float32]] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            parts = [self._block(features) for features in text]
            squared = sum(w * w for (known, _), w in zip(parts, BLOCK_WEIGHTS, strict=True) if known)
            for known, numbers in parts:
                columns += known
                values.append(numbers / np.float32(squared**0.5 or 1))
            ends.append(len(columns))
        data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        return sparse.csr_matrix((data, columns, ends), shape=(len(texts), len(self.rows)), dtype=np.float32)

    def _block(self, features: Sequence[str]) -> tuple[list[int], NDArray[np.float32]]:
        counts = Counter(self.rows[feature] for feature in features if feature in self.rows)
        known = list(counts)
        frequency = 1 + np.log(np.array(list(counts.values()), dtype=np.float32))
        weighed = (frequency * self.idf[known]).astype(np.float32)
        length = np.sqrt(weighed @ weighed) or np.float32(1)
        return known, (weighed / length * self.block_weights[known]).astype(np.float32)
