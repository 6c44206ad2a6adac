"""What the intent model looks at: the same for training and for serving."""

import re
from collections.abc import Sequence
from itertools import pairwise

from xiaoer.text import words
from xiaoer.understand.spans import Span
from xiaoer.understand.word_finder import FoundWord

LONGEST_GRAM = 3
LONGEST_SEQUENCE = 3
FARTHEST_PAIR = 5
BLOCKS = ("characters", "words", "sequences", "senses")
"""The four views of a text; each is weighed and brought to length one by itself."""

FeatureBlocks = tuple[list[str], list[str], list[str], list[str]]

_DIGITS = re.compile(r"[0-9]+")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9']*")
_IDENTIFIER_LENGTH = 6
_FIRST_CLASS = 0xE000  # private use: no normalised text holds such a character


class Featurizer:
    """Turns a normalised text and what was found in it into names of features.

    Numbers of orders, parcels, phones and the like become one character a kind, other digits one `0`, so that no
    number is ever learnt by heart; so do names: what is wanted of a thing is said alike whatever it is called. The
    names of the views begin with control characters, which no text holds.
    """

    def __init__(self, kinds: Sequence[str]) -> None:
        self._class_characters = {kind: chr(_FIRST_CLASS + index) for index, kind in enumerate(sorted(kinds))}

    def features(
        self, text: str, spans: Sequence[Span], found: Sequence[FoundWord], names: Sequence[Span] = ()
    ) -> FeatureBlocks:
        """Give the features of a text by block; one that occurs twice is listed twice.

        `spans` are the merged matches of patterns, `found` the listed words in the order of `WordFinder.find`; neither
        counts where it touches one of the `names`.
        """
        if names:
            spans = [span for span in spans if _is_apart(span, names)]
            found = [word for word in found if _is_apart(word, names)]
        hidden = [span for span in spans if _is_identifier(text, span)]
        plain = self._with_classes(text, sorted((*hidden, *names), key=lambda span: span.start))
        spans = (*spans, *names)
        senses = sorted({label.sense for word in found for label in word.labels if label.sense} | _kinds(names))
        return (
            _grams(f"\x02{plain}\x03"),
            _latin_words(plain) + _chinese_words(plain) + _near_pairs(plain),
            self._sequences(text, spans, found),
            _sense_features(senses),
        )

    def _with_classes(self, text: str, spans: Sequence[Span]) -> str:
        parts: list[str] = []
        at = 0
        for span in spans:
            parts += text[at : span.start], self._class_characters[span.kind]
            at = span.end
        return _DIGITS.sub("0", "".join((*parts, text[at:])) if parts else text)

    def _sequences(self, text: str, spans: Sequence[Span], found: Sequence[FoundWord]) -> list[str]:
        """Give runs of up to three senses and single characters, those with a sense in them."""
        tokens, is_sense, at = ["^"], [False], 0
        for start, end, token in _leftmost_longest(spans, found):
            if start < at:
                continue
            tokens += text[at:start]
            is_sense += [False] * (start - at)
            tokens.append(token)
            is_sense.append(True)
            at = end
        tokens += [*text[at:], "$"]
        is_sense += [False] * (len(text) - at + 1)
        last = len(tokens)
        return [
            f"\x05{' '.join(tokens[start : start + length])}"
            for length in range(1, LONGEST_SEQUENCE + 1)
            for start in range(last - length + 1)
            if any(is_sense[start : start + length])
        ]


def _is_apart(one: Span | FoundWord, names: Sequence[Span]) -> bool:
    return all(one.end <= name.start or name.end <= one.start for name in names)


def _kinds(names: Sequence[Span]) -> set[str]:
    return {f"<{name.kind}>" for name in names}


def _is_identifier(text: str, span: Span) -> bool:
    return span.end - span.start >= _IDENTIFIER_LENGTH and text[span.start : span.end].isascii()


def _grams(text: str) -> list[str]:
    last = len(text)
    return [text[start : start + length] for length in range(1, LONGEST_GRAM + 1) for start in range(last - length + 1)]


def _latin_words(text: str) -> list[str]:
    cut = _LATIN_WORD.findall(text)
    return [f"\x04{word}" for word in cut] + [f"\x04{one} {two}" for one, two in pairwise(cut)] if cut else cut


def _chinese_words(text: str) -> list[str]:
    """Give the words that segmentation finds, alone and in pairs."""
    cut = [word for word in words(text) if not word.isascii()]
    return [f"\x08{word}" for word in cut] + [f"\x08{one} {two}" for one, two in pairwise(cut)] if cut else cut


def _near_pairs(text: str) -> list[str]:
    """Give pairs of characters that stand near each other, in either order: what holds words that others part."""
    return [
        f"\x07{one}{other}" if one < other else f"\x07{other}{one}"
        for at, one in enumerate(text)
        for other in text[at + 2 : at + FARTHEST_PAIR + 1]
    ]


def _leftmost_longest(spans: Sequence[Span], found: Sequence[FoundWord]) -> list[tuple[int, int, str]]:
    """Give spans and listed words by start, the longest first."""
    marked = [(span.start, span.end, f"<{span.kind}>") for span in spans]
    marked += [(word.start, word.end, f"<{sense}>") for word in found if (sense := word.labels[0].sense)]
    return sorted(marked, key=lambda mark: (mark[0], -mark[1]))


def _sense_features(senses: list[str]) -> list[str]:
    pairs = [f"\x06{one} {two}" for index, one in enumerate(senses) for two in senses[index + 1 :]]
    return [f"\x06{sense}" for sense in senses] + pairs
