"""The pupil of a distillation: the teacher's network with fewer layers, a narrower word table and fewer n-grams."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from xiaoer.learn.compression.errors import CompressionError
from xiaoer.learn.compression.factorising import factorise
from xiaoer.learn.compression.pruning import keep_layers, layers_of, magnitudes, parameters, prune
from xiaoer.learn.full.dataset import Row
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.settings import changed

_LEAST_RANK = 8
"""The narrowest word table is the network's width divided by this."""
_CUTS = (0.0, 0.25, 0.5, 0.75)


def pupil_of(teacher: JointNetwork, share: float, rows: Sequence[Row]) -> JointNetwork:
    """Make a network of a share of a teacher's parameters at most, from the teacher's own weights.

    It has the teacher's width, so that it can learn the states of the teacher's tokens. Layers are taken evenly, the
    last one among them; n-grams share rows; the word table is brought to the rank that the budget leaves, exactest
    for the words of `rows`. Where not even one layer fits, the lightest heads and neurons of all layers go first.

    Raises:
        CompressionError: the encoder is not built as BERT is, is a pupil already, or the share leaves no layer.
    """
    budget = round(parameters(teacher) * share)
    for cut in _CUTS:
        pupil = copy.deepcopy(teacher)
        _fold_grams(pupil, share)
        if cut:
            prune(pupil.encoder, magnitudes(pupil.encoder), cut)
        if _fit(pupil, budget, rows):
            return pupil
    raise CompressionError(f"{share:.0%} of {parameters(teacher):,} parameters is too little for one layer.")


def _fit(pupil: JointNetwork, budget: int, rows: Sequence[Row]) -> bool:
    """Take layers off, and make the word table narrower, until the budget holds; say if that was possible."""
    table = pupil.encoder.get_input_embeddings()
    if not isinstance(table, nn.Embedding):
        raise CompressionError("The word table was made narrower already.")
    words, width = table.weight.shape
    layers = layers_of(pupil.encoder)
    besides = parameters(pupil) - words * width - sum(parameters(layer) for layer in layers)
    for count in range(len(layers), 0, -1):
        kept = evenly(len(layers), count)
        room = budget - besides - sum(parameters(layers[at]) for at in kept)
        rank = min(width, room // (words + width))
        if room < words * width and rank < width // _LEAST_RANK:
            continue
        if room < words * width:
            pupil.encoder.set_input_embeddings(factorise(table.weight, rank, _frequencies(rows, words)))
        keep_layers(pupil.encoder, kept)
        return True
    return False


def evenly(layers: int, count: int) -> list[int]:
    """Choose so many of some layers, as far from each other as they can be; the last one is always among them."""
    return [layers - 1 - round(at * layers / count) for at in range(count)][::-1]


def _fold_grams(network: JointNetwork, share: float) -> None:
    """Have n-grams share rows, so many that the table is not more than its share; a row is the mean of what it was.

    A row is an n-gram's hash modulo the number of rows, which therefore is divided by a whole number.
    """
    if network.grams is None:
        return
    buckets = network.grams.num_embeddings - 1
    parts = next(parts for parts in range(1, buckets + 1) if buckets % parts == 0 and parts * share >= 1)
    folded = network.grams.weight.detach()[1:].view(parts, buckets // parts, -1).mean(0)
    network.settings = changed(network.settings, {"ngrams.buckets": len(folded)})
    table = nn.Embedding(1 + len(folded), folded.shape[1], padding_idx=0)
    table.weight = nn.Parameter(torch.cat([torch.zeros_like(folded[:1]), folded]))
    network.grams = table


def _frequencies(rows: Sequence[Row], words: int) -> Tensor:
    seen = torch.tensor([token for row in rows for token in row.tokens], dtype=torch.long)
    return torch.bincount(seen, minlength=words).float()
