"""Raw scores of classes made probabilities."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", np.float32, np.float64)


def softmax(scores: NDArray[Real]) -> NDArray[Real]:
    """Give the probabilities of scores, along the last axis."""
    exponentials: NDArray[Real] = np.exp(scores - scores.max(axis=-1, keepdims=True))
    exponentials /= exponentials.sum(axis=-1, keepdims=True)
    return exponentials


def log_softmax(scores: NDArray[Real]) -> NDArray[Real]:
    """Give the logarithms of the probabilities, along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logs: NDArray[Real] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs
