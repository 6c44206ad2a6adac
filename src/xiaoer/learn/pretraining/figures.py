"""How good an encoder is, on lines that no training saw."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import BertForMaskedLM

from xiaoer.learn.pretraining.batches import NO_LABEL, Marks, hidden_batch, plain_batch
from xiaoer.learn.pretraining.corpus import Line
from xiaoer.learn.pretraining.encoding import EncodedTexts, Ints
from xiaoer.learn.pretraining.network import mean_vectors

Floats: TypeAlias = NDArray[np.float32]

_BATCH = 256
_HIDDEN = 0.15


def held_out_figures(
    network: BertForMaskedLM, texts: EncodedTexts, lines: Sequence[Line], marks: Marks
) -> Mapping[str, float]:
    """Give the accuracy of guessing hidden tokens, and how often the nearest text says the same, where groups are."""
    if not len(texts):
        return {}
    network.train(mode=False)
    figures = {"masked_accuracy": masked_accuracy(network, texts, marks)}
    hits = nearest_hits(text_vectors(network, texts, marks), [line.group for line in lines])
    return figures if hits is None else {**figures, "nearest_says_the_same": hits}


def masked_accuracy(network: BertForMaskedLM, texts: EncodedTexts, marks: Marks, *, seed: int = 0) -> float:
    """Give the share of hidden tokens that are guessed, words hidden whole."""
    chance = np.random.default_rng(seed)
    right = total = 0
    with torch.inference_mode():
        for chosen in _parts(texts):
            batch = hidden_batch(texts, chosen, marks, _HIDDEN, chance)
            states = network.bert(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            is_hidden = batch["labels"] != NO_LABEL
            guesses = network.cls(states[is_hidden]).argmax(dim=-1)
            right += int((guesses == batch["labels"][is_hidden]).sum())
            total += int(is_hidden.sum())
    return right / max(1, total)


def text_vectors(network: BertForMaskedLM, texts: EncodedTexts, marks: Marks) -> Floats:
    """Give the vector of each text, of length one (texts × width)."""
    vectors = np.empty((len(texts), network.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        for chosen in _parts(texts):
            batch = plain_batch(texts, chosen, marks)
            states = network.bert(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
            vectors[chosen] = functional.normalize(mean_vectors(states, batch["attention_mask"]), dim=1).numpy()
    return vectors


def nearest_hits(vectors: Floats, groups: Sequence[str]) -> float | None:
    """Give the share of texts whose nearest other text is of their group; None where there is no group of two."""
    names = np.array(groups)
    has_others = np.array([bool(group) and groups.count(group) > 1 for group in groups])
    if not has_others.any():
        return None
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = likeness.argmax(axis=1)
    return float((names[nearest] == names)[has_others].mean())


def _parts(texts: EncodedTexts) -> Iterator[Ints]:
    """Give texts in parts of like length, so that little is padding."""
    order = np.argsort(texts.lengths, kind="stable")
    yield from (order[start : start + _BATCH] for start in range(0, len(order), _BATCH))
