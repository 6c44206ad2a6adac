"""Training of the spelling: how the words of a trade are typed, and which characters stand together there."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from math import log

from xiaoer.learn.sounds import fuzzy, sound_of
from xiaoer.text import BEGIN, END, Form, Spelling, words

_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_SPELT = re.compile(r"[a-z]*[aeiouv][a-z]*")
_ALL_HAN = (0x4E00, 0xA000)
_LEAST_TIMES = 2
_MOST_FORMS = 3
_LEAST_SHARE = 0.2
"""Fewer texts with Chinese characters than that are a language that is not typed by sound."""


def fit_spelling(texts: Sequence[str]) -> Spelling:
    """Count how normalised texts are written; nothing is counted where they are hardly in Chinese."""
    if sum(_HAN.search(text) is not None for text in texts) < _LEAST_SHARE * len(texts):
        return Spelling()
    pairs = Counter(chain.from_iterable(map("".join, pairwise(f"{BEGIN}{text}{END}")) for text in texts))
    return Spelling(
        forms=_forms(texts),
        sounds={character: fuzzy(sound_of(character)) for character in map(chr, range(*_ALL_HAN))},
        pairs={pair: count for pair, count in pairs.items() if count >= _LEAST_TIMES and "\n" not in pair},
    )


def _forms(texts: Iterable[str]) -> dict[str, tuple[Form, ...]]:
    counts = Counter(word for text in texts for word in _said(text))
    total = counts.total()
    forms = defaultdict[str, list[Form]](list)
    for word, count in counts.most_common():
        letters = word if word.isascii() else "".join(map(sound_of, word))
        if count >= _LEAST_TIMES and len(letters) > 1 and _SPELT.fullmatch(letters):
            forms[letters].append(Form(word, log(count / total)))
    return {letters: tuple(own[:_MOST_FORMS]) for letters, own in forms.items()}


def _said(text: str) -> list[str]:
    return [word for word in words(text) if _HAN_WORD.fullmatch(word)] + _LATIN_WORD.findall(text)
