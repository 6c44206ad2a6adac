"""The sequence model of the light tier: a linear-chain conditional random field (Lafferty, 2001).

The labels are IOB over words for English and over characters for Chinese.
"""

import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pycrfsuite

from xiaoer.text import words
from xiaoer.understand.analysis import Analysis
from xiaoer.understand.spans import Span
from xiaoer.understand.word_classes import word_classes

OUTSIDE = "O"
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+|[^ ]")
_AFFIX = 3
_MOST_DIGITS = 6


class Tagger:
    """Tags tokens in IOB and reads entities from the tags. One at a time: the library keeps the sequence inside."""

    def __init__(self, path: Path) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._lock = threading.Lock()

    def find(self, analysis: Analysis) -> list[Span]:
        """Give the entities that the model sees; the confidence is the mean probability of the span's tags."""
        if not analysis.text:
            return []
        tokens = tokens_of(analysis)
        with self._lock:
            self._tagger.set(pycrfsuite.ItemSequence(token_features(analysis, tokens)))
            tags = self._tagger.tag()
            return [
                Span(kind, tokens[start].start, tokens[end - 1].end, self._confidence(tags, start, end), "tagger")
                for kind, start, end in spans_of_tags(tags)
            ]

    def _confidence(self, tags: Sequence[str], start: int, end: int) -> float:
        total: float = sum(self._tagger.marginal(tags[at], at) for at in range(start, end))
        return min(total / (end - start), 0.98)


class Token(NamedTuple):
    """A unit of the sequence and where it stands in the normalised text."""

    start: int
    end: int
    text: str


def tokens_of(analysis: Analysis) -> list[Token]:
    """Cut a text into its characters, or into Latin words, runs of digits and single other characters but blanks."""
    if not analysis.is_by_words:
        return [Token(at, at + 1, character) for at, character in enumerate(analysis.text)]
    return [Token(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(analysis.text)]


def token_features(analysis: Analysis, tokens: Sequence[Token]) -> list[list[str]]:
    """Give what the tagger looks at: for each token its neighbours, its word, and the lists it stands in or by.

    Characters have the class of their word as well, and those of their neighbours': a name never read is a name.
    """
    padded = ["\x02", "\x02", *(_shape(token.text) for token in tokens), "\x03", "\x03"]
    cut = ["", *_word_of_each(analysis, tokens), ""]
    features = [
        [
            f"0{padded[at + 1]}",
            f"-{padded[at]}",
            f"+{padded[at + 2]}",
            f"={padded[at - 1]}",
            f"#{padded[at + 3]}",
            f"<{padded[at]}{padded[at + 1]}",
            f">{padded[at + 1]}{padded[at + 2]}",
            f"w{cut[at]}",
            f"v{cut[at - 1]}",
            f"u{cut[at + 1]}",
        ]
        for at in range(1, len(tokens) + 1)
    ]
    for token, seen in zip(tokens, features, strict=True):
        if token.end - token.start > 1:
            seen.extend((f"p{_shape(token.text[:_AFFIX])}", f"s{_shape(token.text[-_AFFIX:])}"))
    if not analysis.is_by_words:
        classes = ["", *map(str, word_classes(analysis.text)), ""]
        for at, seen in enumerate(features):
            own = classes[at + 1]
            seen.extend((f"c{own}", f"d{classes[at]}", f"e{classes[at + 2]}", f"k{own}{padded[at + 2]}"))
    for at, name in _listed(analysis, tokens).items():
        features[at].append(f"l{name}")
        if at:
            features[at - 1].append(f"n{name}")
        if at + 1 < len(features):
            features[at + 1].append(f"m{name}")
    return features


def tags_of_marks(tokens: Sequence[Token], marks: Sequence[tuple[str, int, int]]) -> list[str]:
    """Write marks `(kind, start, end)` of a text, none over another, as IOB tags of its tokens.

    A token that a mark covers only in part belongs to it.
    """
    spans = []
    for kind, start, end in marks:
        covered = [at for at, token in enumerate(tokens) if token.start < end and start < token.end]
        if covered:
            spans.append((kind, covered[0], covered[-1] + 1))
    return tags_of_spans(len(tokens), spans)


def tags_of_spans(length: int, spans: Sequence[tuple[str, int, int]]) -> list[str]:
    """Write spans of tokens `(kind, start, end)` that do not overlap as IOB tags."""
    tags = [OUTSIDE] * length
    for kind, start, end in spans:
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tags


def spans_of_tags(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """Read IOB tags as spans `(kind, start, end)`; an inside tag without a beginning begins one."""
    spans: list[tuple[str, int, int]] = []
    kind, start = "", 0
    for at, tag in enumerate((*tags, OUTSIDE)):
        if kind and tag != f"I-{kind}":
            spans.append((kind, start, at))
            kind = ""
        if tag != OUTSIDE and not kind:
            kind, start = tag[2:], at
    return spans


def _shape(text: str) -> str:
    return _DIGIT.sub("0", text)


def _word_of_each(analysis: Analysis, tokens: Sequence[Token]) -> list[str]:
    """Give for each character the word that it stands in, with its place there; for each word its kind."""
    text = analysis.text
    if analysis.is_by_words:
        return [_kind_of(token.text) for token in tokens]
    places = [f"{at}{word}" for word in words(text) for at in range(len(word))]
    at = iter(places)
    return ["" if character == " " else next(at, "") for character in text]


def _kind_of(text: str) -> str:
    """Give the kind of a Latin token: letters, so many digits, or a mark."""
    return f"9{min(len(text), _MOST_DIGITS)}" if text[0].isdecimal() else "a" if text[0].isalpha() else "."


def _listed(analysis: Analysis, tokens: Sequence[Token]) -> dict[int, str]:
    """Give, by place, the list or pattern that covers a token with the longest word, and the place in the word."""
    covers = [(word.start, word.end, word.labels[0].kind or word.labels[0].sense) for word in analysis.words]
    covers += [(span.start, span.end, f"~{span.kind}") for span in analysis.spans]
    begins = {token.start: at for at, token in enumerate(tokens)}
    listed: dict[int, str] = {}
    for start, end, name in sorted(covers, key=lambda cover: cover[1] - cover[0]):
        inside = [begins[place] for place in range(start, end) if place in begins]
        for at in inside:
            listed[at] = f"{'B' if tokens[at].start == start else 'I'}{name}"
    return listed
