"""Batches of both trainings. Each is a function of the seed and its number alone, so that a resumed run has the same.

Torch asks for them as for a data set whose items are whole batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.utils.data import Dataset

from xiaoer.learn.pretraining.encoding import EncodedTexts, Ints
from xiaoer.learn.pretraining.settings import ContrastiveSettings, MaskedSettings

Batch: TypeAlias = dict[str, Tensor]
Bools: TypeAlias = NDArray[np.bool_]

NO_LABEL = -100
"""The label of a token that is not to be guessed."""
ENDS = 2
"""How many marks stand at the ends of a text."""
_POOL, _PAIR_POOL = 64, 16
_STEP = 8
_REPLACED, _LEFT = 0.1, 0.1


class Marks:
    """The ids of a tokeniser that batches are made with, and how many there are."""

    __slots__ = ("first", "hidden", "last", "pad", "size", "special")

    def __init__(self, ids: Mapping[str, int], special: Sequence[str], size: int) -> None:
        self.pad, _, self.first, self.last, self.hidden = (ids[name] for name in special)
        self.special, self.size = len(special), size


class MaskedBatches(Dataset[Batch]):
    """Batches of texts of like length in which words are hidden (Devlin et al., 2019; whole words: Cui et al., 2019).

    Each has about `settings.tokens` places, those of padding counted in; each pass has another order and hides others.
    """

    def __init__(self, texts: EncodedTexts, marks: Marks, settings: MaskedSettings, seed: int) -> None:
        self._texts, self._marks, self._settings, self._seed = texts, marks, settings, seed
        self._plan = _planned(texts.lengths, settings, np.random.default_rng([seed, 1]))

    def __len__(self) -> int:
        return len(self._plan)

    def __getitem__(self, number: int) -> Batch:
        """Give batch `number` of the training."""
        chance = np.random.default_rng([self._seed, 2, number])
        return hidden_batch(self._texts, self._plan[number], self._marks, self._settings.hidden, chance)


class PairBatches(Dataset[Batch]):
    """Batches of texts with partners: `first_*` as they are, `second_*` the partners with some words hidden.

    `groups` are numbers; two texts of one say the same. After Gao et al. (2021).
    """

    def __init__(
        self, texts: EncodedTexts, groups: Ints, copies: Ints, marks: Marks, settings: ContrastiveSettings, seed: int
    ) -> None:
        """Take texts with the group of each (a number of its own where it has none).

        `copies` gives for each text the number of its mistyped copy, or its own; the copies stand behind the texts.
        """
        self._texts, self._groups, self._copies = texts, groups, copies
        self._marks, self._settings, self._seed = marks, settings, seed
        order = np.argsort(groups, kind="stable")
        self._members = {int(groups[run[0]]): run for run in np.split(order, _borders(groups[order]))}
        chance = np.random.default_rng([seed, 3])
        has_others = np.bincount(groups)[groups] > 1
        self._plan = list(_pairs(texts.lengths, has_others, settings, chance))

    def __len__(self) -> int:
        return len(self._plan)

    def __getitem__(self, number: int) -> Batch:
        """Give batch `number` of the training."""
        chance = np.random.default_rng([self._seed, 4, number])
        chosen = self._plan[number]
        partners = np.array([self._partner(int(text), chance) for text in chosen])
        first = plain_batch(self._texts, chosen, self._marks)
        second = hidden_batch(self._texts, partners, self._marks, self._settings.hidden, chance)
        return {
            **{f"first_{name}": _filled(value, name, self._marks) for name, value in first.items()},
            **{f"second_{name}": _filled(value, name, self._marks) for name, value in second.items()},
            "groups": torch.from_numpy(self._groups[chosen]),
        }

    def _partner(self, text: int, chance: Generator) -> int:
        group = self._members[int(self._groups[text])]
        if len(group) > 1:
            other = int(group[chance.integers(len(group) - 1)])
            return int(group[-1]) if other == text else other
        return int(self._copies[text])


def plain_batch(texts: EncodedTexts, chosen: Ints, marks: Marks) -> Batch:
    """Give texts as they are."""
    tokens, _ = texts.rows(chosen)
    return _with_ends(tokens, marks)


def hidden_batch(texts: EncodedTexts, chosen: Ints, marks: Marks, share: float, chance: Generator) -> Batch:
    """Give texts in which a share of the words is hidden, one at least; `labels` are the tokens that stood there."""
    tokens, words = texts.rows(chosen)
    is_hidden = _hidden(words, share, chance)
    labels = np.where(is_hidden, tokens, NO_LABEL)
    draw = chance.random(tokens.shape)
    shown = np.where(is_hidden & (draw >= _REPLACED + _LEFT), marks.hidden, tokens)
    others = chance.integers(marks.special, marks.size, tokens.shape)
    shown = np.where(is_hidden & (draw < _REPLACED), others, shown)
    batch = _with_ends(shown, marks)
    batch["labels"] = torch.from_numpy(np.pad(labels, ((0, 0), (1, 1)), constant_values=NO_LABEL))
    return batch


def _hidden(words: Ints, share: float, chance: Generator) -> Bools:
    """Draw the words that are hidden, all tokens of one together (texts × tokens)."""
    draw = chance.random((len(words), int(words.max()) + 1))
    counts = words.max(axis=1, keepdims=True) + 1
    draw[np.arange(draw.shape[1]) >= counts] = 1
    is_drawn = draw <= np.maximum(share, draw.min(axis=1, keepdims=True))
    hidden: Bools = np.take_along_axis(is_drawn, np.maximum(words, 0), axis=1) & (words >= 0)
    return hidden


def _with_ends(tokens: Ints, marks: Marks) -> Batch:
    """Put the marks at both ends; tokens of -1 are padding."""
    ids = np.pad(tokens, ((0, 0), (1, 1)), constant_values=-1)
    ids[:, 0] = marks.first
    lengths = (tokens >= 0).sum(axis=1) + 1
    ids[np.arange(len(ids)), lengths] = marks.last
    is_text = ids >= 0
    return {
        "input_ids": torch.from_numpy(np.where(is_text, ids, marks.pad)),
        "attention_mask": torch.from_numpy(is_text.astype(np.int64)),
    }


def _filled(values: Tensor, name: str, marks: Marks) -> Tensor:
    """Fill texts up to a whole number of steps of tokens: fewer sizes, each of which is prepared anew."""
    value = {"input_ids": marks.pad, "labels": NO_LABEL}.get(name, 0)
    return functional.pad(values, (0, -values.shape[1] % _STEP), value=value)


def _planned(lengths: Ints, settings: MaskedSettings, chance: Generator) -> list[Ints]:
    """Say which texts are in which batch, over all passes; a last part of a pass takes a part of its batches."""
    plan: list[Ints] = []
    left = settings.passes
    while left > 1e-9:
        whole = list(_of_like_length(lengths, settings.tokens, chance))
        plan += whole[: round(len(whole) * min(1.0, left))]
        left -= 1
    return plan


def _of_like_length(lengths: Ints, tokens: int, chance: Generator) -> Iterator[Ints]:
    """Cut all texts into batches of like length, in an order that is drawn."""
    shuffled = chance.permutation(len(lengths))
    pool = max(1, round(_POOL * tokens / (float(lengths.mean()) + ENDS)))
    batches: list[Ints] = []
    for start in range(0, len(shuffled), pool):
        ordered = shuffled[start : start + pool]
        ordered = ordered[np.argsort(lengths[ordered], kind="stable")]
        first = 0
        for at in range(1, len(ordered) + 1):
            is_full = at == len(ordered) or (at - first + 1) * (int(lengths[ordered[at]]) + ENDS) > tokens
            if is_full:
                batches.append(ordered[first:at])
                first = at
    yield from (batches[at] for at in chance.permutation(len(batches)))


def _pairs(lengths: Ints, has_others: Bools, settings: ContrastiveSettings, chance: Generator) -> Iterator[Ints]:
    """Say which texts, of like length, are in which batch of pairs; what fills no batch is left out of a pass."""
    left = settings.passes
    while left > 1e-9:
        takes_part = has_others | (chance.random(len(has_others)) < settings.alone)
        shuffled = chance.permutation(np.flatnonzero(takes_part))
        size = min(settings.pairs, len(shuffled))
        batches: list[Ints] = []
        for start in range(0, len(shuffled), max(1, _PAIR_POOL * size)):
            pool = shuffled[start : start + _PAIR_POOL * size]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            batches += [pool[at : at + size] for at in range(0, len(pool) - size + 1, size)]
        order = chance.permutation(len(batches))
        yield from (batches[at] for at in order[: round(len(batches) * min(1.0, left))])
        left -= 1


def _borders(ordered: Ints) -> Ints:
    borders: Ints = np.flatnonzero(np.diff(ordered)) + 1
    return borders
