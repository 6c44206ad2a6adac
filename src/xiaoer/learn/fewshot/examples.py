"""Few examples, and what was learnt of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.learn.errors import TooFewUtterancesError
from xiaoer.learn.fewshot.encoders import Encoder, Floats

Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts as they were received, the place of each one's intent among the names, and the names."""

    texts: tuple[str, ...]
    labels: Labels
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str], intents: Sequence[str]) -> "Examples":
        """Number the intents by their order in the alphabet.

        Raises:
            TooFewUtterancesError: there are under two intents.
        """
        names = tuple(sorted(set(intents)))
        if len(names) < 2:
            raise TooFewUtterancesError("Give examples of at least two intents: there is nothing to tell apart.")
        places = {name: at for at, name in enumerate(names)}
        return cls(tuple(texts), np.array([places[intent] for intent in intents], dtype=np.int64), names)

    def some(self, chosen: Labels) -> "Examples":
        """Give some of the examples, by their places; the names stay."""
        return Examples(tuple(self.texts[at] for at in chosen), self.labels[chosen], self.names)


@dataclass(frozen=True, slots=True)
class FewShot:
    """What was learnt: an encoder, and a linear head (dimensions × intents, and a bias) over its vectors."""

    encoder: Encoder
    directions: Floats
    bias: Floats

    def scores(self, texts: Sequence[str]) -> Floats:
        """Give the raw score of each intent: texts × intents."""
        scores: Floats = self.encoder.encode(texts) @ self.directions + self.bias
        return scores
