"""Which entry answers a question, as a probability: a small network over terms and what they cover, numpy alone."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.knowledge.errors import UnreadableAnswersError
from xiaoer.text import packed, unpacked

Floats: TypeAlias = NDArray[np.float32]

ANSWERS_FILE = "answers.npz"
_NEVER = 1e-9


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How evidence becomes probabilities: how much scores and coverage say, and what speaks for "none of them"."""

    scores: float = 1.1
    coverage: float = 4.0
    none: float = 0.3
    none_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What questions say: the score of each class, and how much of the question each entry has words for (0 to 1).

    The last axis is that of classes (the entries first) and entries; one of questions may stand before it.
    """

    scores: Floats
    coverage: Floats

    def probabilities(self, sharpness: Sharpness) -> Floats:
        """Give for each entry how probably it answers.

        The classes that no entry answers stand together against each single entry.
        """
        entries = self.coverage.shape[-1]
        shares = np.exp(self.scores - self.scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        nothing = shares[..., entries:].sum(axis=-1, keepdims=True) if shares.shape[-1] > entries else 1.0
        none = math.exp(sharpness.none_bias) * np.maximum(nothing, _NEVER) ** sharpness.none
        # Powers of the tiniest floats take the processor a hundred times as long as others.
        chances: Floats = np.maximum(shares[..., :entries], _NEVER) ** np.float32(sharpness.scores)
        chances *= np.exp(np.float32(sharpness.coverage) * self.coverage)
        chances /= chances.sum(axis=-1, keepdims=True) + none
        return chances


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """A network with one hidden layer and no bend: a text is the mean of its terms, an entry a direction.

    `vocabulary` gives each term its row; `idf` (terms) its weight in a text, `unseen` that of a term without a row;
    `places` (terms × width) where it points, times `idf` already; `covered` (terms × entries) in which entries it
    stands; `directions` (width × classes) and `bias` the classes: the entries in the order of `entries`, then those of
    what no entry answers.
    """

    entries: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Sequence[float]
    unseen: float
    places: Floats
    covered: NDArray[np.bool_]
    directions: Floats
    bias: Floats
    sharpness: Sharpness

    def probabilities(self, terms: Collection[str]) -> Floats | None:
        """Give for each entry how probably it answers, together at most 1; None if no term is known."""
        evidence = self.evidence(terms)
        return evidence.probabilities(self.sharpness) if evidence else None

    def evidence(self, terms: Collection[str]) -> Evidence | None:
        """Weigh the terms of a question; None if none is known."""
        counts = self._counted(terms)
        unknown = len(terms) - sum(counts.values())
        if not counts:
            return None
        # A handful of numbers: plain arithmetic costs less than handing them to numpy.
        rows = list(counts)
        weights = [self.idf[row] for row in rows]
        often = [1.0 if count == 1 else 1 + math.log(count) for count in counts.values()]
        norm = math.sqrt(sum((times * weight) ** 2 for times, weight in zip(often, weights, strict=True)))
        whole = sum(weights) + unknown * self.unseen
        shares = np.array([[times / norm for times in often], [weight / whole for weight in weights]], dtype=np.float32)
        hidden = shares[0] @ self.places.take(rows, axis=0)
        coverage = shares[1] @ self.covered.take(rows, axis=0).astype(np.float32)
        return Evidence(hidden @ self.directions + self.bias, coverage)

    def _counted(self, terms: Iterable[str]) -> dict[int, int]:
        counts: dict[int, int] = {}
        for row in map(self.vocabulary.get, terms):
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        return counts

    # As a file

    @classmethod
    def find(cls, folder: Path) -> "AnswerModel | None":
        """Read the model of a folder of trained models; None where none was trained: the pack had no knowledge.

        Raises:
            UnreadableAnswersError: another version wrote it.
        """
        path = folder / ANSWERS_FILE
        if not path.is_file():
            return None
        try:
            return cls.load(path)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableAnswersError(
                f"{path} is of another version ({error}). `xiaoer train` makes one for this version."
            ) from error

    def save(self, path: Path) -> None:
        """Write the model as one `.npz` file."""
        np.savez(
            path,
            entries=packed(self.entries),
            vocabulary=packed(self.vocabulary),
            idf=np.array(self.idf, dtype=np.float32),
            places=self.places,
            covered=np.packbits(self.covered, axis=1),
            directions=self.directions,
            bias=self.bias,
            numbers=np.array([self.unseen, *astuple(self.sharpness)], dtype=np.float64),
        )

    @classmethod
    def load(cls, path: Path) -> "AnswerModel":
        """Read a model that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            entries = tuple(unpacked(arrays["entries"]))
            unseen, *sharpness = arrays["numbers"].tolist()
            return cls(
                entries=entries,
                vocabulary={term: row for row, term in enumerate(unpacked(arrays["vocabulary"]))},
                idf=arrays["idf"].tolist(),
                unseen=unseen,
                places=arrays["places"],
                # Unpacked bits lie column by column, and taking a row of such an array copies all of it.
                covered=np.ascontiguousarray(np.unpackbits(arrays["covered"], axis=1, count=len(entries)), dtype=bool),
                directions=arrays["directions"],
                bias=arrays["bias"],
                sharpness=Sharpness(*sharpness),
            )
