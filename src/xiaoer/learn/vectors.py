"""Features as numbers: how often each occurs in each text, weighed by TF-IDF, a view of the text at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BLOCK_WEIGHTS = (1.0, 0.7, 0.5, 0.5)
"""How much characters, words, sequences of senses and senses weigh; chosen by cross-validation on the shop pack."""
_LEAST_TEXTS = 3

Indices: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each feature occurs in each text: texts × features, with the name and the block of each column."""

    features: tuple[str, ...]
    blocks: Indices
    matrix: sparse.csr_matrix

    @classmethod
    def of(cls, texts: Sequence[Sequence[Sequence[str]]]) -> "Counts":
        """Count the features of texts; columns are in the order in which features are first seen."""
        columns: dict[str, int] = {}
        blocks: list[int] = []
        indices: list[int] = []
        counts: list[int] = []
        ends = [0]
        for text in texts:
            for block, features in enumerate(text):
                for feature, count in Counter(features).items():
                    column = columns.setdefault(feature, len(columns))
                    if column == len(blocks):
                        blocks.append(block)
                    indices.append(column)
                    counts.append(count)
            ends.append(len(indices))
        matrix = sparse.csr_matrix((counts, indices, ends), shape=(len(texts), len(columns)), dtype=np.float32)
        return cls(tuple(columns), np.array(blocks, dtype=np.int64), matrix)


@dataclass(frozen=True, slots=True)
class Weighting:
    """The columns of features that enough of the texts seen share, and how each is weighed.

    `lengths` is what each block is brought to.
    """

    columns: Indices
    blocks: Indices
    idf: Floats
    lengths: tuple[float, ...] = BLOCK_WEIGHTS

    @classmethod
    def seen_in(
        cls,
        counts: Counts,
        texts: Indices,
        *,
        least: int = _LEAST_TEXTS,
        lengths: tuple[float, ...] = BLOCK_WEIGHTS,
    ) -> "Weighting":
        """Weigh features that `least` of some counted texts share, or more; the other texts stay unseen."""
        documents = np.bincount(counts.matrix[texts].indices, minlength=len(counts.features))
        columns = np.flatnonzero(documents >= least)
        idf = 1 + np.log((1 + len(texts)) / (1 + documents[columns]))
        return cls(columns, counts.blocks[columns], idf.astype(np.float32), lengths)

    def weigh(self, counts: Counts, texts: Indices) -> sparse.csr_matrix:
        """Give texts × columns: each block at length one times its weight, and the whole at length one."""
        matrix = counts.matrix[texts][:, self.columns]
        values = (1 + np.log(matrix.data)) * self.idf[matrix.indices]
        rows = np.repeat(np.arange(len(texts)), np.diff(matrix.indptr))
        cells = rows * len(self.lengths) + self.blocks[matrix.indices]
        squared = np.bincount(cells, weights=values * values, minlength=len(texts) * len(self.lengths))
        weights = np.tile(self.lengths, len(texts))
        whole = ((squared > 0) * weights**2).reshape(len(texts), -1).sum(axis=1)
        matrix.data = (values * (weights / np.sqrt(np.maximum(squared, 1e-12)))[cells] / np.sqrt(whole)[rows]).astype(
            np.float32
        )
        return matrix

    def of(self, kept: Indices) -> "Weighting":
        """Give the weighting of some of the columns, by their places here."""
        return Weighting(self.columns[kept], self.blocks[kept], self.idf[kept], self.lengths)

    @property
    def block_weights(self) -> Floats:
        """The weight of each column's block."""
        return np.array(self.lengths, dtype=np.float32)[self.blocks]
