"""The full tier's model as a folder, read with ONNX and numpy: a network with several heads, and a light model beside.

`network.onnx` takes `tokens`, `attention` (texts × tokens) and `grams` (texts × n-grams), and gives what it has heads
for: `intent`, `tags`, `act`, `sentiment`. `full.json` says what they mean; `tokenizer.json` cuts texts into tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from xiaoer.serve import Session, open_session
from xiaoer.text import normalise
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.intents import Floats
from xiaoer.understand.light_classifier import LightClassifier
from xiaoer.understand.ngrams import gram_rows
from xiaoer.understand.softmax import log_softmax
from xiaoer.understand.spans import Span
from xiaoer.understand.tagger import spans_of_tags
from xiaoer.understand.viterbi import TagChain
from xiaoer.understand.word_classes import classes_of_tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NETWORK_FILE = "network.onnx"
FULL_FILE = "full.json"
TOKENIZER_FILE = "tokenizer.json"
FULL_FORMAT = 1
_AT_ONCE = 16
_LEAST = 1e-9


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """How tags follow one another, as a file holds it."""

    starts: list[float]
    transitions: list[list[float]]
    ends: list[float]


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """How a pack's full model is joined with the light model that serves the pack, whichever that is by then.

    The logarithms of both models' probabilities are added with these weights; a top probability under `threshold` of
    what comes of that is out of scope.
    """

    network_weight: float = 1.0
    light_weight: float = 0.0
    threshold: float = 0.0


class FullSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a network's numbers mean.

    `names`, `tags` and `acts` are the classes of heads, empty where there is none. A text is cut at `longest` tokens;
    `padding` is the token that fills up, `buckets` the rows of the table of n-grams, 0 if it has none, and
    `has_word_classes` says if the network is told the word class of each token. The logarithms
    of the network's and the light model's probabilities are added with these weights; a weight of 0 leaves one out.
    A top probability under `threshold` is out of scope. A pack's model has no light one of its own: `joining` is for
    who reads with the pack's.
    """

    format: int = FULL_FORMAT
    names: tuple[str, ...]
    tags: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    chain: Chain | None = None
    longest: int
    padding: int
    buckets: int
    has_word_classes: bool = False
    network_weight: float = 1.0
    light_weight: float = 0.0
    threshold: float = 0.0
    joining: Joining | None = None

    def save(self, folder: Path) -> None:
        """Write it into a model's folder."""
        (folder / FULL_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")


@dataclass(frozen=True, slots=True)
class FullReading:
    """What the heads say of one text: places of spans count characters of its normal form.

    `act` is the likeliest speech act and `sentiment` in [-1, 1], None without a head for it.
    """

    probabilities: Floats
    spans: tuple[Span, ...] = ()
    act: str | None = None
    sentiment: float | None = None


class FullModel:
    """Reads texts with a network, and a light model beside it. Safe to use from several threads."""

    def __init__(
        self, spec: FullSpec, tokenizer: "Tokenizer", network: Session, light: LightClassifier | None = None
    ) -> None:
        self.spec = spec
        self._tokenizer = tokenizer
        self._network = network
        self._light = light if spec.light_weight else None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(spec.longest)
        self._chain = _chain_of(spec)

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> "FullModel":
        """Read a model's folder.

        Raises:
            ModelNotFoundError: the folder lacks one of the model's files, or another version wrote them.
            UnreadableNetworkError: the network cannot be run here.
        """
        from tokenizers import Tokenizer  # noqa: PLC0415  # the light tier alone does without

        try:
            spec = msgspec.json.decode((folder / FULL_FILE).read_bytes(), type=FullSpec)
            tokenizer = Tokenizer.from_str((folder / TOKENIZER_FILE).read_text(encoding="utf-8"))
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ModelNotFoundError(f"{folder} is no full model of this version ({error}); train it again.") from error
        if spec.format != FULL_FORMAT:
            raise ModelNotFoundError(f"{folder} is a full model of the format {spec.format}; train it again.")
        light = LightClassifier.load(folder) if spec.light_weight else None
        return cls(spec, tokenizer, open_session(folder / NETWORK_FILE, threads=threads), light)

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        return self.spec.names

    @property
    def threshold(self) -> float:
        """A top probability under it is out of scope."""
        return self.spec.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each intent for texts as they were received: texts × intents."""
        return np.array([reading.probabilities for reading in self.read(texts)], dtype=np.float32).reshape(
            len(texts), len(self.names)
        )

    def read(self, texts: Sequence[str]) -> list[FullReading]:
        """Read texts as they were received, with all heads."""
        readings: list[FullReading | None] = [None] * len(texts)
        normal, light = self._light.read(texts) if self._light else ([normalise(text).text for text in texts], None)
        for places, said, offsets in self._batches(normal):
            for row, at in enumerate(places):
                readings[at] = FullReading(
                    self._joined(said["intent"][row], None if light is None else light[at]) if self.names else _none(),
                    self._spans(said["tags"][row], offsets[row]) if self._chain is not None else (),
                    self.spec.acts[int(said["act"][row].argmax())] if self.spec.acts else None,
                    float(said["sentiment"][row]) if "sentiment" in said else None,
                )
        return [reading for reading in readings if reading is not None]

    def scores(self, texts: Sequence[str]) -> Floats:
        """Give the network's own raw scores of intents for texts as they were received, for who calibrates them."""
        scores = np.zeros((len(texts), len(self.names)), dtype=np.float32)
        for places, said, _ in self._batches([normalise(text).text for text in texts]):
            scores[places] = said["intent"]
        return scores

    def _batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[int], dict[str, Floats], list[list[tuple[int, int] | None]]]]:
        """Give places of texts, what the network says of them, and the characters of each token; None: a special one.

        Texts of about one length go together, so that little is padded.
        """
        encoded = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at].ids))
        for start in range(0, len(order), _AT_ONCE):
            places = order[start : start + _AT_ONCE]
            batch = {
                "tokens": _padded([encoded[at].ids for at in places], self.spec.padding),
                "attention": _padded([encoded[at].attention_mask for at in places], 0),
            }
            if self.spec.buckets:
                batch["grams"] = _padded([gram_rows(texts[at], self.spec.buckets) for at in places], 0)
            if self.spec.has_word_classes:
                batch["classes"] = _padded([classes_of_tokens(texts[at], encoded[at].offsets) for at in places], 0)
            offsets = [
                [
                    None if special else offset
                    for offset, special in zip(encoded[at].offsets, encoded[at].special_tokens_mask, strict=True)
                ]
                for at in places
            ]
            yield places, self._network.run(batch), offsets

    def _joined(self, scores: Floats, light: Floats | None) -> Floats:
        probabilities: Floats = joined_probabilities(scores[None], None if light is None else light[None], self.spec)[0]
        return probabilities

    def _spans(self, emissions: Floats, offsets: Sequence[tuple[int, int] | None]) -> tuple[Span, ...]:
        chain = self._chain
        places = [at for at, offset in enumerate(offsets) if offset is not None]
        if chain is None or not places:
            return ()
        own = emissions[places]
        best = chain.best(own)
        sure = chain.marginals(own)[np.arange(len(best)), best]
        kept = [offset for offset in offsets if offset is not None]
        return tuple(
            Span(kind, kept[start][0], kept[end - 1][1], float(sure[start:end].mean()), "tagger")
            for kind, start, end in spans_of_tags([chain.tags[tag] for tag in best])
        )


def joined_probabilities(scores: Floats, light: Floats | None, spec: FullSpec | Joining) -> Floats:
    """Give probabilities (texts × intents) from the network's raw scores and the light model's probabilities.

    Logarithms of probabilities will do for raw scores.

    A product of experts (Hinton, 2002), each sharpened by its weight. What the light model leaves to none of the
    intents is missing to one here as well.
    """
    summed = np.zeros_like(scores)
    if spec.network_weight:
        summed += spec.network_weight * log_softmax(scores)
    if light is None or not spec.light_weight:
        probabilities: Floats = np.exp(log_softmax(summed))
        return probabilities
    summed += spec.light_weight * np.log(light + _LEAST)
    probabilities = np.exp(log_softmax(summed)) * light.sum(axis=1, keepdims=True)
    return probabilities


def _chain_of(spec: FullSpec) -> TagChain | None:
    if spec.chain is None:
        return None
    parts = (spec.chain.starts, spec.chain.transitions, spec.chain.ends)
    return TagChain(spec.tags, *(np.array(part, dtype=np.float32) for part in parts))


def _padded(rows: Sequence[Sequence[int]], padding: int) -> NDArray[np.int64]:
    filled = np.full((len(rows), max(1, *map(len, rows))), padding, dtype=np.int64)
    for at, row in enumerate(rows):
        filled[at, : len(row)] = row
    return filled


def _none() -> Floats:
    return np.zeros(0, dtype=np.float32)
