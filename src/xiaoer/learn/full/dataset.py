"""Samples as the numbers that the network reads, and batches of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import Dataset

from xiaoer.learn.data.samples import Sample
from xiaoer.text import Normalised, normalise
from xiaoer.understand import OUTSIDE, classes_of_tokens, gram_rows, tags_of_spans

UNKNOWN = -100
"""The label of what is not known, or of what is no token of the text: it teaches nothing."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of the classes of each head; a head without names is left out.

    `tags` are in IOB, the outside first. `has_sentiment`: some texts tell their mood.
    """

    intents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    has_sentiment: bool = False

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Labels":
        """Give the names of what samples are labelled with, in alphabetical order."""
        kinds = sorted({span.entity for sample in samples for span in sample.spans})
        return cls(
            intents=tuple(sorted({sample.intent for sample in samples if sample.intent is not None})),
            tags=(OUTSIDE, *(f"{begin}-{kind}" for kind in kinds for begin in "BI")) if kinds else (),
            acts=tuple(sorted({sample.act for sample in samples if sample.act})),
            has_sentiment=any(sample.sentiment is not None for sample in samples),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A text as numbers: tokens, which of them are special, rows of n-grams, and its labels.

    `classes` are the word classes of tokens, none for an encoder that is not told them.
    """

    tokens: list[int]
    special: list[int]
    grams: list[int]
    classes: list[int]
    intent: int
    tags: list[int]
    act: int
    sentiment: float


class Rows(Dataset[Row]):
    """Samples as rows, made once."""

    def __init__(
        self,
        samples: Sequence[Sample],
        labels: Labels,
        tokenizer: Tokenizer,
        buckets: int,
        *,
        has_word_classes: bool = False,
    ) -> None:
        self.samples = tuple(samples)
        self.labels = labels
        normal = [normalise(sample.text) for sample in samples]
        encoded = tokenizer.encode_batch([text.text for text in normal])
        self.rows = [
            Row(
                tokens=code.ids,
                special=code.special_tokens_mask,
                grams=gram_rows(text.text, buckets) if buckets else [],
                classes=classes_of_tokens(text.text, code.offsets) if has_word_classes else [],
                intent=_place(labels.intents, sample.intent),
                tags=_tags(sample, text, code.offsets, code.special_tokens_mask, labels.tags),
                act=_place(labels.acts, sample.act),
                sentiment=np.nan if sample.sentiment is None else sample.sentiment,
            )
            for sample, text, code in zip(samples, normal, encoded, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]


@dataclass(frozen=True, slots=True)
class Collator:
    """Pads rows to the longest of a batch, and gives what the network takes, by name (batch × longest, or batch)."""

    labels: Labels
    padding: int
    has_grams: bool

    def __call__(self, rows: Sequence[Row]) -> dict[str, Tensor]:
        """Make a batch."""
        batch = {
            "tokens": _padded([row.tokens for row in rows], self.padding),
            "attention": _padded([[1] * len(row.tokens) for row in rows], 0),
        }
        if self.has_grams:
            batch["grams"] = _padded([row.grams for row in rows], 0)
        if any(row.classes for row in rows):
            batch["classes"] = _padded([row.classes for row in rows], 0)
        if self.labels.intents:
            batch["intent"] = torch.tensor([row.intent for row in rows])
        if self.labels.tags:
            batch["special"] = _padded([row.special for row in rows], 1)
            batch["tags"] = _padded([row.tags for row in rows], 0)
        if self.labels.acts:
            batch["act"] = torch.tensor([row.act for row in rows])
        if self.labels.has_sentiment:
            batch["sentiment"] = torch.tensor([row.sentiment for row in rows], dtype=torch.float32)
        return batch


def _padded(rows: Sequence[Sequence[int]], padding: int) -> Tensor:
    longest = max(1, *map(len, rows))
    return torch.tensor([[*row, *[padding] * (longest - len(row))] for row in rows], dtype=torch.long)


def _place(names: Sequence[str], name: str | None) -> int:
    return names.index(name) if name in names else UNKNOWN


def _tags(
    sample: Sample, text: Normalised, offsets: Sequence[tuple[int, int]], special: Sequence[int], names: Sequence[str]
) -> list[int]:
    """Give the tag of each token; a token that a span covers only in part belongs to it."""
    if not names:
        return []
    spans = []
    for span in sample.spans:
        covered = [
            at
            for at, (start, end) in enumerate(offsets)
            if not special[at] and start < end and _touches(text.source_span(start, end), (span.start, span.end))
        ]
        if covered:
            spans.append((span.entity, covered[0], covered[-1] + 1))
    return [names.index(tag) if tag in names else 0 for tag in tags_of_spans(len(offsets), spans)]


def _touches(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
