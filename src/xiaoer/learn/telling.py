"""How stations tell how far they are."""

from collections.abc import Callable
from typing import TypeAlias

Tell: TypeAlias = Callable[[str, float], None]
"""Hears what is done now, and the share of the whole that is done (0 to 1)."""


def say_nothing(_: str, __: float) -> None:
    """Stand in for a progress that nobody watches."""


def part_of(tell: Tell, begin: float, end: float) -> Tell:
    """Give what hears of a part of the work, which is from `begin` to `end` of the whole."""
    return lambda what, share: tell(what, begin + (end - begin) * share)
