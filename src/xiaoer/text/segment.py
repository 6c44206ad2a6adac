"""Words of a Chinese text."""

from functools import lru_cache

import rjieba


def words(text: str) -> list[str]:
    """Cut a text into its words, in order, blanks left out; lone surrogates are no words."""
    return list(_words(text))


@lru_cache(maxsize=256)
def listed_words(text: str) -> tuple[str, ...]:
    """Cut a text into words that stand in the dictionary and single characters, none guessed; blanks are left in."""
    return tuple(_cut(text, is_guessing=False))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _cut(text, is_guessing=True) if not word.isspace())


def _cut(text: str, *, is_guessing: bool) -> list[str]:
    cut: list[str]
    try:
        cut = rjieba.cut(text, is_guessing)
    except UnicodeEncodeError:
        cut = rjieba.cut(text.encode("utf-8", "replace").decode("utf-8"), is_guessing)
    return cut
