"""What is wrong with what was read: where, what, and what to do about it."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple, TypeAlias

Where: TypeAlias = tuple[str | int, ...]
"""The way from a record to a value in it: `("lines", 2, "quantity")`."""


class Bad(NamedTuple):
    """A value that cannot be what it should be."""

    what: str
    advice: str


class Fault(NamedTuple):
    """A value that cannot be used, and where it stands."""

    where: Where
    what: str
    advice: str


def dotted(where: Where) -> str:
    """Write a way as people read it: `lines[2].quantity`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in where]
    return "".join(steps).removeprefix(".")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Name what a wrong name was likely meant to be, as a sentence; empty when nothing is like it."""
    close = _closest(name, tuple(known))
    return f"Did you mean {close!r}? " if close else ""


@lru_cache(maxsize=1_000)  # a wrong name is wrong in each of a million rows
def _closest(name: str, known: tuple[str, ...]) -> str:
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), "")
