"""Reading of tag scores as the best allowed sequence: what is left of a conditional random field where it serves."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TagChain:
    """How tags follow one another: the scores of a first tag, of one tag after another (row before column), of a last.

    A pair that may not be has a score so low that no emission makes up for it.
    """

    tags: tuple[str, ...]
    starts: Floats
    transitions: Floats
    ends: Floats

    def best(self, emissions: Floats) -> list[int]:
        """Find the best sequence for emissions (tokens × tags), as the tags' numbers (Viterbi, 1967)."""
        if not len(emissions):
            return []
        score = self.starts + emissions[0]
        before = np.empty(emissions.shape, dtype=np.intp)
        columns = np.arange(len(self.tags))
        for at, emission in enumerate(emissions[1:], 1):
            steps = score[:, None] + self.transitions
            before[at] = steps.argmax(axis=0)
            score = steps[before[at], columns] + emission
        path = [int((score + self.ends).argmax())]
        for at in range(len(emissions) - 1, 0, -1):
            path.append(int(before[at, path[-1]]))
        return path[::-1]

    def marginals(self, emissions: Floats) -> Floats:
        """Give the probability of each tag at each token (tokens × tags), over all sequences."""
        if not len(emissions):
            return np.zeros((0, len(self.tags)), dtype=np.float32)
        forward, backward = np.empty_like(emissions), np.empty_like(emissions)
        forward[0], backward[-1] = self.starts + emissions[0], self.ends
        for at in range(1, len(emissions)):
            forward[at] = _log_sum(forward[at - 1][:, None] + self.transitions) + emissions[at]
        for at in range(len(emissions) - 2, -1, -1):
            backward[at] = _log_sum((self.transitions + emissions[at + 1] + backward[at + 1]).T)
        scores = forward + backward
        marginals: Floats = np.exp(scores - _log_sum(scores.T)[:, None])
        return marginals


def _log_sum(scores: Floats) -> Floats:
    """Add up probabilities that are given as logarithms, over the first axis."""
    top = scores.max(axis=0)
    total: Floats = np.log(np.exp(scores - top).sum(axis=0)) + top
    return total
