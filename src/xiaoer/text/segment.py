"""Words of a Chinese text."""

from functools import lru_cache

import rjieba


def words(text: str) -> list[str]:
    """Cut a text into its words, in order, blanks left out; lone surrogates are no words."""
    return list(_words(text))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    try:
        cut: list[str] = rjieba.cut(text)
    except UnicodeEncodeError:
        cut = rjieba.cut(text.encode("utf-8", "replace").decode("utf-8"))
    return tuple(word for word in cut if not word.isspace())
