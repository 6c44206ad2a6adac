"""The encoder: a small BERT with a head that guesses hidden tokens, tied to the table of tokens."""

from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from torch import Tensor
from transformers import BertConfig, BertForMaskedLM

from xiaoer.learn.pretraining.batches import Marks
from xiaoer.learn.pretraining.encoding import EncodedTexts, Ints
from xiaoer.learn.pretraining.settings import NetworkSettings

Floats: TypeAlias = NDArray[np.float32]

_REACH = 4
_SPREAD = 0.04


def new_network(settings: NetworkSettings, marks: Marks, texts: EncodedTexts, seed: int) -> BertForMaskedLM:
    """Make an encoder that knows nothing, or only which tokens have like neighbours (`starts_from_neighbours`)."""
    torch.manual_seed(seed)
    network = BertForMaskedLM(
        BertConfig(
            vocab_size=marks.size,
            hidden_size=settings.width,
            num_hidden_layers=settings.layers,
            num_attention_heads=settings.heads,
            intermediate_size=settings.inner,
            max_position_embeddings=settings.positions,
            hidden_dropout_prob=settings.dropout,
            attention_probs_dropout_prob=settings.dropout,
            type_vocab_size=1,
            pad_token_id=marks.pad,
        )
    )
    if settings.starts_from_neighbours:
        places = torch.from_numpy(places_by_neighbours(texts, marks.size, settings.width, seed))
        table = network.bert.embeddings.word_embeddings.weight
        with torch.no_grad():
            known = places.abs().sum(dim=1) > 0
            table[known] = places[known]
    return network


def mean_vectors(states: Tensor, attention_mask: Tensor) -> Tensor:
    """Give the mean of the token vectors of each text (texts × tokens × width → texts × width)."""
    weights = attention_mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def places_by_neighbours(texts: EncodedTexts, size: int, width: int, seed: int) -> Floats:
    """Place tokens by those that stand near them: factors of the positive mutual information (Levy & Goldberg, 2014).

    Gives tokens × width; zeros for a token that the texts lack.
    """
    counts = _near_counts(texts, size)
    counts = (counts + counts.T).tocoo()
    total = counts.sum()
    of_token = np.asarray(counts.sum(axis=1)).ravel()
    smoothed = of_token**0.75
    information = np.log(counts.data * smoothed.sum() / (of_token[counts.row] * smoothed[counts.col]) + 1e-12)
    positive = sparse.csr_matrix((np.maximum(information, 0), (counts.row, counts.col)), shape=counts.shape)
    rank = min(width, size - 1)
    left, strengths, _ = randomized_svd(positive, rank, n_iter=3, random_state=seed)
    places = np.zeros((size, width), dtype=np.float32)
    places[:, :rank] = left * np.sqrt(strengths)
    places[of_token == 0] = 0
    rotation = np.linalg.qr(np.random.default_rng(seed).standard_normal((width, width)))[0]
    places = places @ rotation.astype(np.float32)  # so that heads share the strong directions
    spread = float(places[of_token > 0].std()) if total else 0.0
    return places * (_SPREAD / spread) if spread else places


def _near_counts(texts: EncodedTexts, size: int) -> sparse.csr_matrix:
    """Count how often a token stands before another, near ones more (tokens × tokens)."""
    text_of = np.repeat(np.arange(len(texts)), texts.lengths)
    counts = sparse.csr_matrix((size, size), dtype=np.float64)
    for distance in range(1, _REACH + 1):
        if len(text_of) <= distance:
            break
        is_same: Ints = text_of[:-distance] == text_of[distance:]
        before, after = texts.tokens[:-distance][is_same], texts.tokens[distance:][is_same]
        weights = np.full(len(before), 1 / distance)
        counts = counts + sparse.coo_matrix((weights, (before, after)), shape=(size, size)).tocsr()
    return counts
