"""The network of the light tier: grams of a text are placed in a small space, in which intents lie in directions.

After fastText (Joulin et al., 2017); numpy alone.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiaoer.text import packed, unpacked, words
from xiaoer.understand.intents import Floats, weigh

LONGEST_GRAM = 5
LENGTHS = (1.0, 1.0)
"""Characters and words weigh the same."""

Grams = tuple[list[str], list[str]]

_ASCII_WORD = re.compile(r"[a-z0-9']+")


def grams_of(text: str) -> Grams:
    """Give the grams of a normalised text: up to five characters, and words alone and in pairs.

    The names of words begin with a control character, which no text holds.
    """
    framed = f" {text} "
    ends = range(1, len(framed) + 1)
    characters = [framed[end - size : end] for size in range(1, LONGEST_GRAM + 1) for end in ends if end >= size]
    cut = [part for word in words(text) for part in (_ASCII_WORD.findall(word) if word.isascii() else (word,))]
    return characters, [f"\x04{word}" for word in cut] + [f"\x04{one} {other}" for one, other in pairwise(cut)]


@dataclass(frozen=True, slots=True)
class GramNetwork:
    """Where each gram lies, and in which direction each intent.

    `vocabulary` gives each gram its row; `idf` (grams) its weight in its block; `places` (grams × width) where it lies,
    in whole steps of `steps` (grams), times `idf` already; `directions` is width × intents.
    """

    vocabulary: dict[str, int]
    idf: Floats
    places: NDArray[np.int8]
    steps: Floats
    directions: Floats
    bias: Floats

    def scores(self, grams: Grams) -> Floats:
        """Give the raw score of each intent."""
        rows, shares = weigh(grams, self.vocabulary, self.idf, self.steps, LENGTHS)
        if not len(rows):
            return np.zeros_like(self.bias)  # nothing known was said: no intent is likelier than another
        place = shares @ self.places.take(rows, axis=0).astype(np.float32)
        scores: Floats = place @ self.directions + self.bias
        return scores

    def save(self, path: Path) -> None:
        """Write the network as one `.npz` file."""
        np.savez(
            path,
            vocabulary=packed(self.vocabulary),
            idf=self.idf,
            places=self.places,
            steps=self.steps,
            directions=self.directions,
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> "GramNetwork":
        """Read a network that `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                vocabulary={gram: row for row, gram in enumerate(unpacked(arrays["vocabulary"]))},
                idf=arrays["idf"],
                places=arrays["places"],
                steps=arrays["steps"],
                directions=arrays["directions"],
                bias=arrays["bias"],
            )
