"""The sequence model of the light tier: a linear-chain conditional random field over characters (Lafferty, 2001)."""

import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from xiaoer.text import words
from xiaoer.understand.analysis import Analysis
from xiaoer.understand.spans import Span

OUTSIDE = "O"
_DIGIT = re.compile(r"\d")


class Tagger:
    """Tags characters in IOB and reads entities from the tags. One at a time: the library keeps the sequence inside."""

    def __init__(self, path: Path) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._lock = threading.Lock()

    def find(self, analysis: Analysis) -> list[Span]:
        """Give the entities that the model sees; the confidence is the mean probability of the span's tags."""
        if not analysis.text:
            return []
        with self._lock:
            self._tagger.set(pycrfsuite.ItemSequence(character_features(analysis)))
            tags = self._tagger.tag()
            return [
                Span(kind, start, end, self._confidence(tags, start, end), "tagger")
                for kind, start, end in spans_of_tags(tags)
            ]

    def _confidence(self, tags: Sequence[str], start: int, end: int) -> float:
        total: float = sum(self._tagger.marginal(tags[at], at) for at in range(start, end))
        return min(total / (end - start), 0.98)


def character_features(analysis: Analysis) -> list[list[str]]:
    """Give what the tagger looks at: for each character its neighbours, its word, and the lists it stands in or by."""
    text = analysis.text
    padded = f"\x02\x02{_shape(text)}\x03\x03"
    cut = ["", *_word_of_each(text), ""]
    features = [
        [
            f"0{padded[at + 1]}",
            f"-{padded[at]}",
            f"+{padded[at + 2]}",
            f"={padded[at - 1]}",
            f"#{padded[at + 3]}",
            f"<{padded[at : at + 2]}",
            f">{padded[at + 1 : at + 3]}",
            f"w{cut[at]}",
            f"v{cut[at - 1]}",
            f"u{cut[at + 1]}",
        ]
        for at in range(1, len(text) + 1)
    ]
    for at, name in _listed(analysis).items():
        features[at].append(f"l{name}")
        if at:
            features[at - 1].append(f"n{name}")
        if at + 1 < len(features):
            features[at + 1].append(f"m{name}")
    return features


def tags_of_spans(length: int, spans: Sequence[tuple[str, int, int]]) -> list[str]:
    """Write spans `(kind, start, end)` that do not overlap as IOB tags."""
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


def _word_of_each(text: str) -> list[str]:
    """Give for each character the word that it stands in, with its place there; blanks stand in none."""
    places = [f"{at}{word}" for word in words(text) for at in range(len(word))]
    at = iter(places)
    return ["" if character == " " else next(at, "") for character in text]


def _listed(analysis: Analysis) -> dict[int, str]:
    """Give, by place, the list or pattern that covers a character with the longest word, and the place in the word."""
    covers = [(word.start, word.end, word.labels[0].kind or word.labels[0].sense) for word in analysis.words]
    covers += [(span.start, span.end, f"~{span.kind}") for span in analysis.spans]
    listed: dict[int, str] = {}
    for start, end, name in sorted(covers, key=lambda cover: cover[1] - cover[0]):
        listed[start] = f"B{name}"
        for at in range(start + 1, end):
            listed[at] = f"I{name}"
    return listed
