"""Words of a Chinese text."""

from functools import lru_cache

import rjieba


def words(text: str) -> list[str]:
    """Cut a text into its words, in order, blanks left out; lone surrogates are no words."""
    return [word for word, _ in tagged_words(text) if not word.isspace()]


@lru_cache(maxsize=256)
def tagged_words(text: str) -> tuple[tuple[str, str], ...]:
    """Cut a text into its words, each with its class as the dictionary names it; blanks are left in."""
    return tuple(rjieba.tag(_encodable(text)))


@lru_cache(maxsize=256)
def listed_words(text: str) -> tuple[str, ...]:
    """Cut a text into words that stand in the dictionary and single characters, none guessed; blanks are left in."""
    return tuple(rjieba.cut(_encodable(text), hmm=False))


def _encodable(text: str) -> str:
    """Put a question mark in place of each lone surrogate."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
