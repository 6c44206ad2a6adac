"""Texts as numbers: tokens, and the words that they are parts of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from xiaoer.text import words

Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Texts as tokens without the marks at their ends: text `i` is `tokens[starts[i]:starts[i + 1]]`.

    `words` gives for each token the number of its word in its text, counted from 0.
    """

    tokens: Ints
    words: Ints
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Ints:
        """How many tokens each text has."""
        lengths: Ints = np.diff(self.starts)
        return lengths

    def rows(self, chosen: Sequence[int] | Ints) -> tuple[Ints, Ints]:
        """Give tokens and words of some texts (texts × longest of them), filled up with -1."""
        longest = int(self.lengths[chosen].max())
        tokens, of_words = np.full((2, len(chosen), longest), -1, dtype=np.int64)
        for row, text in enumerate(chosen):
            part = slice(self.starts[text], self.starts[text + 1])
            tokens[row, : part.stop - part.start] = self.tokens[part]
            of_words[row, : part.stop - part.start] = self.words[part]
        return tokens, of_words


def encode_texts(tokenizer: Tokenizer, texts: Sequence[str], *, longest: int) -> EncodedTexts:
    """Encode texts, each cut to at most `longest` tokens."""
    tokens: list[int] = []
    of_words: list[int] = []
    starts = [0]
    for text, encoding in zip(texts, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True):
        numbers = _numbers(text)
        tokens += encoding.ids[:longest]
        of_words += [numbers[start] for start, _ in encoding.offsets[:longest]]
        starts.append(len(tokens))
    return EncodedTexts(np.array(tokens), np.array(of_words), np.array(starts))


def in_pieces(tokenizer: Tokenizer, texts: Sequence[str], *, longest: int) -> Iterator[str]:
    """Give texts, the long ones cut into several of at most `longest` tokens."""
    for text, encoding in zip(texts, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True):
        firsts = [start for start, _ in encoding.offsets[::longest]]
        yield from (text[start:end].strip() for start, end in zip(firsts, [*firsts[1:], len(text)], strict=True))


def _numbers(text: str) -> list[int]:
    """Give for each character the number of the word that it is in; a blank counts to the word before."""
    numbers = [0] * len(text)
    at = number = 0
    for number, word in enumerate(words(text)):
        start = text.find(word, at)
        if start < 0:  # a lone surrogate, that was replaced
            start = at
        numbers[at:start] = [max(0, number - 1)] * (start - at)
        at = min(len(text), start + len(word))
        numbers[start:at] = [number] * (at - start)
    numbers[at:] = [number] * (len(text) - at)
    return numbers
