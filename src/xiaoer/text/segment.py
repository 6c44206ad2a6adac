"""Words of a Chinese text."""

import rjieba


def words(text: str) -> list[str]:
    """Cut a text into its words, in order, blanks left out; lone surrogates are no words."""
    try:
        cut: list[str] = rjieba.cut(text)
    except UnicodeEncodeError:
        cut = rjieba.cut(text.encode("utf-8", "replace").decode("utf-8"))
    return [word for word in cut if not word.isspace()]
