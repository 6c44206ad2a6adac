"""A trained network as a file of ONNX, with weights of 32 bits or of whole bytes (int8) for serving."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from xiaoer.learn.full.network import JointNetwork

_OPSET = 20
_TEXTS, _TOKENS, _GRAMS = 2, 8, 5
_HEADS = ("intent", "tags", "act", "sentiment")


class _Served(nn.Module):
    """The network as it is served: what its heads say, in the order of their names."""

    def __init__(self, network: JointNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, attention: Tensor, grams: Tensor | None = None) -> tuple[Tensor, ...]:
        said = self.network.scores(tokens, attention, grams)
        return tuple(one for one in (said.intent, said.tags, said.act, said.sentiment) if one is not None)


def export(network: JointNetwork, path: Path) -> None:
    """Write a network as ONNX with weights of 32 bits."""
    lengths = {"tokens": _TOKENS, "attention": _TOKENS}
    if network.grams is not None:
        lengths["grams"] = _GRAMS
    with _quiet():
        torch.onnx.export(
            _Served(network.cpu().eval()),
            tuple(torch.ones((_TEXTS, length), dtype=torch.long) for length in lengths.values()),
            path,
            input_names=list(lengths),
            output_names=[head for head in _HEADS if getattr(network, head) is not None],
            dynamic_shapes=tuple({0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for _ in lengths),
            opset_version=_OPSET,
            external_data=False,
            verbose=False,
        )


def quantise(path: Path, to: Path) -> None:
    """Write a network of 32 bits with weights of 8, a scale a column; activations are rounded as they come."""
    with _quiet():
        quantize_dynamic(path, to, weight_type=QuantType.QInt8, per_channel=True)


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
