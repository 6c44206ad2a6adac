"""Structured pruning: attention heads, feed-forward neurons and whole layers that say least are cut out.

What is cut is gone, so that the network is faster without sparse arithmetic. For encoders built as BERT is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.hooks import RemovableHandle
from transformers.models.bert.modeling_bert import BertLayer

from xiaoer.learn.compression.errors import CompressionError

Loss: TypeAlias = Callable[[], Tensor]
_NEURONS_STEP = 16
"""Neurons are kept in multiples of this: vector units take so many at once."""


@dataclass(frozen=True, slots=True)
class Importance:
    """How much the loss hangs on each head and each neuron of each layer, and how much each layer changes its input."""

    heads: list[Tensor]
    neurons: list[Tensor]
    layers: list[float]


def measure(encoder: nn.Module, losses: Iterable[Loss]) -> Importance:
    """Measure what each part of an encoder is worth, by losses of some batches, each a function that runs the network.

    Of heads and neurons it is the loss's first-order change if the part were cut (Michel et al., 2019; Molchanov et
    al., 2017), of layers how far the direction of token vectors turns (Men et al., 2024).

    Raises:
        CompressionError: the encoder is not built as BERT is.
    """
    layers = layers_of(encoder)
    watched = [_Watched(layer) for layer in layers]
    for loss in losses:
        torch.autograd.backward(loss())
        for one in watched:
            one.add_up()
        encoder.zero_grad()
    for one in watched:
        one.stop()
    return Importance([one.heads for one in watched], [one.neurons for one in watched], [one.turned for one in watched])


def magnitudes(encoder: nn.Module) -> Importance:
    """Give the lengths of what each head and neuron adds to its layer, where no text is there to measure by.

    Raises:
        CompressionError: the encoder is not built as BERT is.
    """
    layers = layers_of(encoder)
    heads = [
        layer.attention.output.dense.weight.detach().norm(dim=0).view(layer.attention.self.num_attention_heads, -1)
        for layer in layers
    ]
    neurons = [layer.output.dense.weight.detach().norm(dim=0) for layer in layers]
    return Importance([head.norm(dim=1) for head in heads], neurons, [0.0] * len(layers))


def prune(encoder: nn.Module, importance: Importance, share: float, *, layers: int | None = None) -> None:
    """Cut the least important share of each layer's heads and neurons, and all but `layers` layers.

    Each layer keeps a head and some neurons, whatever the share.

    Raises:
        CompressionError: the encoder is not built as BERT is, or has fewer layers.
    """
    for layer, heads, neurons in zip(layers_of(encoder), importance.heads, importance.neurons, strict=True):
        _keep_heads(layer, _best(heads, max(1, round(len(heads) * (1 - share)))))
        wanted = round(len(neurons) * (1 - share) / _NEURONS_STEP) * _NEURONS_STEP
        _keep_neurons(layer, _best(neurons, min(len(neurons), max(_NEURONS_STEP, wanted))))
    if layers is not None:
        keep_layers(encoder, _best(torch.tensor(importance.layers), layers).tolist())


def keep_layers(encoder: nn.Module, kept: Sequence[int]) -> None:
    """Leave some of an encoder's layers, by their places.

    Raises:
        CompressionError: the encoder is not built as BERT is, or lacks one of them.
    """
    layers = layers_of(encoder)
    if not kept or max(kept) >= len(layers):
        raise CompressionError(f"The encoder has {len(layers)} layers: keep one at least, and no more than there are.")
    whole: Any = encoder  # any: what transformers gives has no narrower type
    whole.encoder.layer = nn.ModuleList(layers[at] for at in kept)
    whole.config.num_hidden_layers = len(kept)


def layers_of(encoder: nn.Module) -> list[BertLayer]:
    """Give the layers of an encoder.

    Raises:
        CompressionError: it is not built as BERT is.
    """
    layers = getattr(getattr(encoder, "encoder", None), "layer", None)
    if not isinstance(layers, nn.ModuleList) or not hasattr(layers[0], "intermediate"):
        raise CompressionError(f"{type(encoder).__name__} is not built as BERT is; its parts cannot be cut out.")
    return [cast(BertLayer, layer) for layer in layers]  # or one of its kin, which have the same parts


def parameters(network: nn.Module) -> int:
    """Count the parameters of a network."""
    return sum(weights.numel() for weights in network.parameters())


class _Watched:
    """A layer whose heads, neurons and turn are added up over batches."""

    def __init__(self, layer: BertLayer) -> None:
        self.heads = torch.zeros(layer.attention.self.num_attention_heads)
        self.neurons = torch.zeros(layer.output.dense.in_features)
        self.turned = 0.0
        self._seen: dict[str, Tensor] = {}
        self._handles: list[RemovableHandle] = [
            layer.attention.output.dense.register_forward_pre_hook(self._keeping("heads")),
            layer.output.dense.register_forward_pre_hook(self._keeping("neurons")),
            layer.register_forward_hook(self._turn),
        ]

    def add_up(self) -> None:
        """Take in the gradients of a batch."""
        size = self._seen["heads"].shape[-1] // len(self.heads)
        self.heads += self._worth("heads").view(-1, len(self.heads), size).sum(-1).abs().sum(0)
        self.neurons += self._worth("neurons").abs().sum(0)
        self._seen.clear()

    def stop(self) -> None:
        """Watch no more."""
        for handle in self._handles:
            handle.remove()

    def _worth(self, part: str) -> Tensor:
        """Give what cutting each number of a part would change the loss by, a text: texts × numbers."""
        seen = self._seen[part]
        if seen.grad is None:
            raise CompressionError("The loss does not hang on the encoder: nothing can be measured by it.")
        return (seen.detach() * seen.grad).sum(1)

    def _keeping(self, part: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def keep(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            given[0].retain_grad()
            self._seen[part] = given[0]

        return keep

    def _turn(self, _: nn.Module, given: tuple[Tensor, ...], said: Tensor | tuple[Tensor, ...]) -> None:
        after = said if isinstance(said, Tensor) else said[0]
        self.turned += 1 - float(functional.cosine_similarity(given[0], after, dim=-1).mean().detach())


def _best(worth: Tensor, count: int) -> Tensor:
    return torch.topk(worth, min(count, len(worth))).indices.sort().values


def _keep_heads(layer: BertLayer, kept: Tensor) -> None:
    attention = layer.attention.self
    size = attention.attention_head_size
    places = (kept[:, None] * size + torch.arange(size)).flatten()
    for name in ("query", "key", "value"):
        setattr(attention, name, _rows(getattr(attention, name), places))
    layer.attention.output.dense = _columns(layer.attention.output.dense, places)
    attention.num_attention_heads, attention.all_head_size = len(kept), len(places)


def _keep_neurons(layer: BertLayer, kept: Tensor) -> None:
    layer.intermediate.dense = _rows(layer.intermediate.dense, kept)
    layer.output.dense = _columns(layer.output.dense, kept)


def _rows(linear: nn.Linear, kept: Tensor) -> nn.Linear:
    return _linear(linear.weight[kept], linear.bias[kept])


def _columns(linear: nn.Linear, kept: Tensor) -> nn.Linear:
    return _linear(linear.weight[:, kept], linear.bias)


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    linear.weight, linear.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
    return linear
