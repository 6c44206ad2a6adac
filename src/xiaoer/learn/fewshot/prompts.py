"""Prompts: the masked-language head is asked for the words of an intent's label (PET, Schick & Schütze, 2021)."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from xiaoer.learn.fewshot.encoders import Floats, MaskedEncoder, load_masked_encoder
from xiaoer.learn.fewshot.errors import PatternError
from xiaoer.learn.fewshot.examples import Examples, FewShot, Labels
from xiaoer.learn.fewshot.settings import USUAL_PROMPT, Prompt
from xiaoer.learn.fewshot.tuning import Tuning, tune
from xiaoer.learn.telling import Tell, say_nothing

USUAL = Tuning(steps=60, batch=16, rate=1e-4)


def learn_by_prompts(
    examples: Examples,
    folder: Path,
    *,
    prompt: Prompt = USUAL_PROMPT,
    tuning: Tuning = USUAL,
    seed: int = 0,
    tell: Tell = say_nothing,
) -> FewShot:
    """Tune an encoder to say an intent's words at the mask; no steps of tuning leave what it says by itself.

    Raises:
        EncoderUnfitError: the folder holds no encoder with a masked-language head.
        PatternError: the pattern lacks `{text}` or `[MASK]`, or an intent's words are no tokens.
    """
    if prompt.pattern.count("{text}") != 1 or prompt.pattern.count("[MASK]") != 1:
        raise PatternError(f"A pattern holds {{text}} and [MASK] once each, as in {USUAL_PROMPT.pattern!r}.")
    torch.manual_seed(seed)
    masked = load_masked_encoder(folder, prompt.pattern)
    head = _Head(*verbalise(masked, examples.names, prompt.words))
    encoder = masked.encoder
    network = nn.ModuleList([encoder.vectors, head])

    def loss(chosen: Labels) -> Tensor:
        batch = examples.some(chosen)
        scores = head(encoder.vectors(*encoder.tensors(batch.texts)))
        return nn.functional.cross_entropy(scores, torch.from_numpy(batch.labels))

    tune(network, loss, examples.labels, tuning, seed=seed, tell=tell)
    return FewShot(encoder, head.directions.detach().numpy(), head.bias.detach().numpy())


def verbalise(masked: MaskedEncoder, names: Sequence[str], words: Mapping[str, Sequence[str]]) -> tuple[Floats, Floats]:
    """Give the direction of each intent (dimensions × intents) and its bias: its tokens' means.

    The bias takes off what the head says of a prompt without a text (Zhao et al., 2021): frequent words are
    likely everywhere.
    """
    tokenizer = masked.encoder.framer.tokenizer
    tokens = [_tokens(name, words.get(name) or [_spoken(name)], tokenizer) for name in names]
    directions = np.stack([masked.words[ids].mean(axis=0) for ids in tokens], axis=1)
    said = masked.encoder.encode([""])[0] @ directions
    return directions, -said


class _Head(nn.Module):
    """The verbalised intents as a linear layer that is tuned along."""

    def __init__(self, directions: Floats, bias: Floats) -> None:
        super().__init__()
        self.directions = nn.Parameter(torch.from_numpy(directions))
        self.bias = nn.Parameter(torch.from_numpy(bias))

    def forward(self, vectors: Tensor) -> Tensor:
        scores: Tensor = vectors @ self.directions + self.bias
        return scores


def _spoken(name: str) -> str:
    """Give the words of a label: `order.change_address` says order change address."""
    return re.sub(r"[\W_]+", " ", name).strip()


def _tokens(name: str, words: Sequence[str], tokenizer: Tokenizer) -> list[int]:
    unknown = {tokenizer.token_to_id(one) for one in ("[UNK]", "<unk>")}
    ids = [one for word in words for one in tokenizer.encode(word, add_special_tokens=False).ids if one not in unknown]
    if not ids:
        raise PatternError(f"The encoder knows no token of what stands for {name!r}; give it other words.")
    return ids
