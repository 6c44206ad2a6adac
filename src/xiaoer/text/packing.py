"""Names as an array of bytes, as archives of arrays take them."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


def packed(names: Iterable[str]) -> NDArray[np.uint8]:
    """Write names, none of which holds a line break, as an array."""
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def unpacked(written: NDArray[np.uint8]) -> list[str]:
    """Read names that `packed` wrote; of none comes one empty name."""
    return written.tobytes().decode().split("\n")
