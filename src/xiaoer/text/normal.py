"""Normalising: one form for the many ways to write the same, with a map back to the text as received."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})
_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x180B, 0x1810))))
_HAN = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
_LONGEST_RUN = 2
_SURPLUS = re.compile(r"(\D)\1\1|^ |  | $")
"""What is cut from characters in their normal form: `_is_surplus`, and a blank at the end."""
_MOST_FOLDS = 65_536
_QUOTES = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in its normal form.

    Character `i` of `text` was made from `source[starts[i]:ends[i]]`.
    """

    source: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Give the part of the source that `text[start:end]` was made from, as `(start, end)`.

        An empty span stays empty; it lies before the character at `start`.
        """
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.source)
            return at, at
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=256)
def normalise(source: str) -> Normalised:
    """Bring a text into its normal form; the texts of late are remembered, as several rooms ask for one.

    Compatibility forms are resolved (NFKC), traditional characters written as simplified ones, letters in lower case,
    typographic quotation marks as plain ones; invisible, control and private characters vanish, white space becomes
    single blanks, and what is repeated more than twice is cut to two. Digits are never cut; emoji stay.
    """
    if source.translate(_FOLDS) == source and not _SURPLUS.search(source):  # as most texts are
        return Normalised(source, source, tuple(range(len(source))), tuple(range(1, len(source) + 1)))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, original in enumerate(source):
        for character in _FOLDS[ord(original)]:
            if _is_surplus(character, text):
                continue
            text.append(character)
            starts.append(index)
            ends.append(index + 1)
    if text and text[-1] == " ":
        del text[-1], starts[-1], ends[-1]
    return Normalised(source, "".join(text), tuple(starts), tuple(ends))


def _is_surplus(character: str, before: list[str]) -> bool:
    if character == " ":
        return not before or before[-1] == " "
    return (
        len(before) >= _LONGEST_RUN and before[-1] == before[-2] == character and not character.isdecimal()
    )  # an order number may well hold 000


def _fold(character: str) -> str:
    """Give the normal form of one character: none, one or several characters."""
    if character.isspace():
        return " "
    if character in _VARIATION_SELECTORS or unicodedata.category(character) in _DROPPED:
        return ""
    folded = _QUOTES.get(character) or unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).lower())
    return "".join(_simplified().get(part, part) if not part.isspace() else " " for part in folded)


@cache
def _simplified() -> dict[str, str]:
    """Ask OpenCC for every Han character once; characters only, because words would change lengths."""
    han = [chr(code) for start, stop in _HAN for code in range(start, stop)]
    simplified: list[str] = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {old: new for old, new in zip(han, simplified, strict=True) if old != new and len(new) == 1}


class _Folds(dict[int, str]):
    """The normal form of each character by its code, found when it is first met."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_FOLDS:  # somebody sends whatever there is
            self.clear()
        self[code] = _fold(chr(code))
        return self[code]


_FOLDS = _Folds()
