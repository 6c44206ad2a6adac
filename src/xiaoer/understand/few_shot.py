"""A model of few examples: an encoder's vectors under a linear head; onnxruntime, tokenizers and numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from xiaoer.serve import Session, UnreadableNetworkError, open_session
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.intents import Floats
from xiaoer.understand.softmax import softmax

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENCODER_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
VECTORS = "vectors"
"""What the encoder's output is called."""
_HEAD_FILE = "head.npz"
_SETTING_FILE = "few_shot.json"
_BATCH = 32


class Frame(msgspec.Struct, frozen=True):
    """What stands around the tokens of a text, and where its vector is read.

    `before` and `after` are ids of tokens; a text gets `longest` tokens at most, these included. The vector is read at
    the token `mask`, which stands in one of the two, or is the mean over all tokens if there is none.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    longest: int
    mask: int | None = None


class Batch(NamedTuple):
    """Texts × tokens: ids, which tokens are of the text (1) and which only fill up (0), how much each counts."""

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True, slots=True)
class Framer:
    """Makes what an encoder reads of texts."""

    tokenizer: "Tokenizer"
    frame: Frame

    def batch(self, texts: Sequence[str]) -> Batch:
        """Give texts as tokens, each in its frame."""
        frame = self.frame
        room = frame.longest - len(frame.before) - len(frame.after)
        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        rows = [(*frame.before, *one.ids[:room], *frame.after) for one in encoded]
        shape = len(rows), max(map(len, rows), default=0)
        ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        weights: Floats = np.zeros(shape, dtype=np.float32)
        for at, row in enumerate(rows):
            ids[at, : len(row)], mask[at, : len(row)] = row, 1
            if frame.mask is None:
                weights[at, : len(row)] = 1 / len(row)
            else:
                weights[at, self._spot(len(row))] = 1
        return Batch(ids, mask, weights)

    def _spot(self, length: int) -> int:
        if self.frame.mask in self.frame.before:
            return self.frame.before.index(self.frame.mask)
        return length - len(self.frame.after) + self.frame.after.index(self.frame.mask or 0)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a model of few examples is besides its arrays."""

    names: tuple[str, ...]
    threshold: float
    frame: Frame


@dataclass(frozen=True, slots=True)
class FewShotClassifier:
    """Reads the intent of texts by the place of their vectors.

    `directions` (dimensions × intents) and `bias` are sharpened already, so that their softmax is calibrated.
    """

    setting: Setting
    framer: Framer
    encoder: Session
    directions: Floats
    bias: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        return self.setting.names

    @property
    def threshold(self) -> float:
        """A top probability under it is out of scope."""
        return self.setting.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each intent for texts as they were received: texts × intents."""
        probabilities: Floats = np.zeros((len(texts), len(self.names)), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # alike in length: little is filled up
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            batch = self.framer.batch([texts[at] for at in chosen])
            vectors = self.encoder.run(batch._asdict())[VECTORS]
            probabilities[chosen] = softmax(vectors @ self.directions + self.bias)
        return probabilities

    @classmethod
    def load(cls, folder: Path) -> "FewShotClassifier":
        """Read the model's files of a folder.

        Raises:
            ModelNotFoundError: one is missing, or another version wrote it.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415  # the light tier alone does without

        try:
            setting = msgspec.json.decode((folder / _SETTING_FILE).read_bytes(), type=Setting)
            framer = Framer(Tokenizer.from_str((folder / TOKENIZER_FILE).read_text(encoding="utf-8")), setting.frame)
            encoder = open_session(folder / ENCODER_FILE)
            with np.load(folder / _HEAD_FILE, allow_pickle=False) as arrays:
                return cls(setting, framer, encoder, arrays["directions"], arrays["bias"])
        except (OSError, KeyError, ValueError, msgspec.MsgspecError, UnreadableNetworkError) as error:
            raise ModelNotFoundError(
                f"{folder} holds no model of few examples of this version ({error}). `xiaoer fewshot` makes one."
            ) from error


def write_head(folder: Path, setting: Setting, directions: Floats, bias: Floats) -> None:
    """Write what a classifier of few examples reads beside its encoder and tokenizer."""
    (folder / _SETTING_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(setting), indent=2) + b"\n")
    np.savez(folder / _HEAD_FILE, directions=directions.astype(np.float32), bias=bias.astype(np.float32))
