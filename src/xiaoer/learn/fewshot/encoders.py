"""Encoders of Hugging Face folders, as what learns from few examples uses them: a vector a text."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel, AutoModelForMaskedLM, logging

from xiaoer.learn.fewshot.errors import EncoderUnfitError
from xiaoer.understand import few_shot

Floats: TypeAlias = NDArray[np.float32]

_BATCH = 64
LONGEST = 64
"""Tokens of a text that are read, those of its frame included."""


class Vectors(nn.Module):
    """An encoder as a function from a batch to vectors: the tokens' last states, weighed and added up."""

    def __init__(self, states: nn.Module, *, masked: bool) -> None:
        super().__init__()
        self.states = states
        self.masked = masked

    def forward(self, ids: Tensor, mask: Tensor, weights: Tensor) -> Tensor:
        """Give a vector (texts × dimensions) for ids, mask and weights (texts × tokens); a mean has length one."""
        given = self.states(input_ids=ids, attention_mask=mask)
        last = given.logits if self.masked else given.last_hidden_state
        vectors: Tensor = (last * weights.unsqueeze(-1)).sum(1)
        return vectors if self.masked else nn.functional.normalize(vectors, dim=-1)


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder that can be tuned, and what makes its batches."""

    vectors: Vectors
    framer: few_shot.Framer

    def tensors(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """Give a batch of texts as the encoder takes it."""
        ids, mask, weights = map(torch.from_numpy, self.framer.batch(texts))
        return ids, mask, weights

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give the vector of each text as the encoder is now: texts × dimensions."""
        self.vectors.eval()
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found: list[Tensor] = []
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                found.append(self.vectors(*self.tensors([texts[at] for at in order[start : start + _BATCH]])))
        vectors: Floats = torch.cat(found).numpy()[np.argsort(order)]
        return vectors


@dataclass(frozen=True, slots=True)
class MaskedEncoder:
    """An encoder whose vector is what its masked-language head says at the mask, and the words that head knows.

    `words` (tokens × dimensions) and `bias` (tokens) make a vector the score of each token.
    """

    encoder: Encoder
    words: Floats
    bias: Floats


def load_encoder(folder: Path) -> Encoder:
    """Read a Hugging Face folder; a text's vector is the mean over its tokens (Reimers & Gurevych, 2019).

    Raises:
        EncoderUnfitError: the folder holds no encoder.
    """
    tokenizer = load_tokenizer(folder)
    first, last = _ends(tokenizer, folder)
    with _read(folder):
        states = AutoModel.from_pretrained(folder)
    framer = few_shot.Framer(tokenizer, few_shot.Frame((first,), (last,), LONGEST))
    return Encoder(Vectors(states, masked=False), framer)


def load_masked_encoder(folder: Path, pattern: str) -> MaskedEncoder:
    """Read a Hugging Face folder with a masked-language head; `pattern` holds `{text}` and `[MASK]` once each.

    Raises:
        EncoderUnfitError: the folder holds no encoder, or one without such a head.
    """
    tokenizer = load_tokenizer(folder)
    with _read(folder):
        model, read = AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
    if read["missing_keys"]:
        raise EncoderUnfitError(f"{folder} has no masked-language head, which prompts ask; use another encoder.")
    head = model.get_output_embeddings()
    words, bias = head.weight.detach().numpy().copy(), head.bias.detach().numpy().copy()
    _take_off(model, head)
    return MaskedEncoder(Encoder(Vectors(model, masked=True), _framer(tokenizer, pattern, folder)), words, bias)


def freeze_lower_half(states: nn.Module) -> None:
    """Leave the words and the lower half of the layers as they are: few examples would only blur what they know."""
    layers = max((part for part in states.modules() if isinstance(part, nn.ModuleList)), key=len, default=None)
    if layers is not None and len(layers) > 1:
        tuned = {id(weights) for layer in list(layers)[len(layers) // 2 :] for weights in layer.parameters()}
        for weights in states.parameters():
            weights.requires_grad = id(weights) in tuned


def load_tokenizer(folder: Path) -> Tokenizer:
    """Read the tokenizer of a Hugging Face folder, with no length or filling of its own.

    Raises:
        EncoderUnfitError: there is none.
    """
    try:
        tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EncoderUnfitError(f"{folder} is no folder of an encoder: no tokenizer.json ({error}).") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _framer(tokenizer: Tokenizer, pattern: str, folder: Path) -> few_shot.Framer:
    first, last = _ends(tokenizer, folder)
    name = next((name for name in ("[MASK]", "<mask>") if tokenizer.token_to_id(name) is not None), None)
    if name is None:
        raise EncoderUnfitError(f"The tokenizer of {folder} has no mask, which prompts need; use another encoder.")
    before, after = (
        tuple(tokenizer.encode(part.replace("[MASK]", name), add_special_tokens=False).ids)
        for part in pattern.split("{text}")
    )
    frame = few_shot.Frame((first, *before), (*after, last), LONGEST, tokenizer.token_to_id(name))
    return few_shot.Framer(tokenizer, frame)


def _ends(tokenizer: Tokenizer, folder: Path) -> tuple[int, int]:
    ends = tokenizer.encode("").ids
    if len(ends) != 2:
        raise EncoderUnfitError(f"The tokenizer of {folder} puts no token before and after a text.")
    return ends[0], ends[1]


def _take_off(model: nn.Module, head: nn.Module) -> None:
    """Leave out the last step of a masked-language head, so that its logits are the states before it."""
    for module in model.modules():
        for name, child in module.named_children():
            if child is head:
                setattr(module, name, nn.Identity())


@contextlib.contextmanager
def _read(folder: Path) -> Iterator[None]:
    """Read quietly; a folder that cannot be read is an error of ours."""
    shown = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # the library's own
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
    try:
        yield
    except (OSError, ValueError) as error:
        raise EncoderUnfitError(f"{folder} is no folder of an encoder ({error}).") from error
    finally:
        logging.set_verbosity(shown)
        logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # the library's own
