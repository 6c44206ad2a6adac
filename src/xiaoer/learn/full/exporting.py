"""A trained network as a file of ONNX, with weights of 32 bits or of whole bytes (int8) for serving."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import PreTrainedModel

from xiaoer.learn.full.bilstm import has_word_classes
from xiaoer.learn.full.network import JointNetwork

_OPSET = 20
_TEXTS, _TOKENS, _GRAMS = 2, 8, 5
_HEADS = ("intent", "tags", "act", "sentiment")


class _Served(nn.Module):
    """The network as it is served: what its heads say, in the order of their names."""

    def __init__(self, network: JointNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, tokens: Tensor, attention: Tensor, grams: Tensor | None = None, classes: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        said = self.network.scores(tokens, attention, grams, classes)
        return tuple(one for one in (said.intent, said.tags, said.act, said.sentiment) if one is not None)


def export(network: JointNetwork, path: Path) -> None:
    """Write a network as ONNX with weights of 32 bits."""
    example = {
        "tokens": _ones(_TOKENS),
        "attention": _ones(_TOKENS),
        "grams": _ones(_GRAMS) if network.grams is not None else None,
        "classes": _ones(_TOKENS) if has_word_classes(network.encoder) else None,
    }
    heads = [head for head in _HEADS if getattr(network, head) is not None]
    write_onnx(_Served(network.cpu().eval()), example, heads, path)


def write_onnx(module: nn.Module, example: Mapping[str, Tensor | None], outputs: Sequence[str], path: Path) -> None:
    """Write a module as ONNX with weights of 32 bits.

    `example` are its inputs in their order, of two dimensions that may be as long as one likes when it is served, or
    None where it takes none.
    """
    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with _quiet(), _plain_attention(module):
        torch.onnx.export(
            module,
            tuple(example.values()),
            path,
            input_names=[name for name, value in example.items() if value is not None],
            output_names=list(outputs),
            dynamic_shapes=tuple(None if value is None else free for value in example.values()),
            opset_version=_OPSET,
            external_data=False,
            verbose=False,
        )
    _strip(path)


def quantise(path: Path, to: Path) -> None:
    """Write a network of 32 bits with weights of 8, a scale a column; activations are rounded as they come."""
    with _quiet():
        quantize_dynamic(path, to, weight_type=QuantType.QInt8, per_channel=True)


def _strip(path: Path) -> None:
    """Leave out what the exporter notes of the code that each node came from: a kilobyte a node."""
    model = onnx.load(path)
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        del part.metadata_props[:]
    onnx.save(model, path)


def _ones(length: int) -> Tensor:
    return torch.ones((_TEXTS, length), dtype=torch.long)


@contextmanager
def _plain_attention(module: nn.Module) -> Iterator[None]:
    """Let attention be written as plain products: the fused one comes with guards against texts without a token."""
    encoders = [one for one in module.modules() if isinstance(one, PreTrainedModel)]
    before = [one.config._attn_implementation for one in encoders]
    try:
        for one in encoders:
            one.set_attn_implementation("eager")
        yield
    finally:
        for one, kind in zip(encoders, before, strict=True):
            one.set_attn_implementation(kind)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' hints to their own developers from people."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
