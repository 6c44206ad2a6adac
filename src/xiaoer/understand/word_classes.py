"""What a dictionary of words says of each character: its place in its word, and the word's class.

A small network that was trained on few texts learns names from it that it has never read.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from xiaoer.text import tagged_words

_CLASSES = ("n", "nr", "ns", "nt", "nz", "v", "a", "d", "m", "q", "t", "p", "c", "u", "x", "eng")
_NUMBERS: Mapping[str, int] = MappingProxyType({name: number for number, name in enumerate(_CLASSES, 1)})
_PLACES = 4
WORD_CLASSES = 1 + _PLACES * (1 + len(_CLASSES))
"""How many there are; 0 is for what stands in no word."""


def word_classes(text: str) -> list[int]:
    """Give a number for each character: its word's class, and its place there (begin, middle, end or single)."""
    numbers: list[int] = []
    for word, name in tagged_words(text):
        first = 1 + _PLACES * (_NUMBERS.get(name) or _NUMBERS.get(name[:1], 0))
        inner = len(word) - 2
        numbers += [first + 3] if inner < 0 else [first, *[first + 1] * inner, first + 2]
    return numbers


def classes_of_tokens(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Give the number of each token's first character; 0 to one that is no part of the text."""
    classes = word_classes(text)
    return [classes[start] if start < end else 0 for start, end in offsets]
