"""Distillation: a small network learns what a large one says, and how its tokens look to it (Hinton et al., 2015)."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from xiaoer.learn.full.dataset import UNKNOWN, Collator, Row, Rows
from xiaoer.learn.full.network import JointNetwork, Scores
from xiaoer.learn.full.training import JointTrainer

_TEMPERATURE = 2.0
_LABELS = 0.1
_BATCH = 64
_HEADS = ("intent", "act", "tags", "sentiment")


@dataclass(frozen=True, slots=True)
class TaughtRow(Row):
    """A row with what the teacher says of it: states (tokens × width), and its heads' scores, by their names."""

    states: NDArray[np.float16]
    said: dict[str, NDArray[np.float32]]


class TaughtCollator(Collator):
    """Makes batches that hold what the teacher said, under `taught_…`, where rows were taught."""

    def __call__(self, rows: Sequence[Row]) -> dict[str, Tensor]:
        """Make a batch."""
        batch = super().__call__(rows)
        taught = [row for row in rows if isinstance(row, TaughtRow)]
        if len(taught) == len(rows):
            batch["taught_states"] = _padded([row.states for row in taught])
            batch |= {f"taught_{name}": _padded([row.said[name] for row in taught]) for name in taught[0].said}
        return batch


class Distiller(JointTrainer):
    """Trains a pupil on taught rows: the teacher's softened answers, mixed with the labels, and its tokens' states."""

    def compute_loss(  # as the Trainer calls it
        self,
        model: nn.Module,
        inputs: dict[str, Tensor | Any],  # any: the library's own type
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Tensor | tuple[Tensor, Any]:
        """Give the loss of a batch."""
        with _Heard(self._network) as heard:
            said = self._network.scores(inputs["tokens"], inputs["attention"], inputs.get("grams"))
        loss = distillation_loss(said, heard.states, inputs)
        return (loss, {"loss": loss}) if return_outputs else loss


def distillation_loss(said: Scores, states: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Add up how far a pupil is from what its teacher said of a batch, and from how it saw the tokens."""
    kept = batch["attention"].bool()
    loss = functional.mse_loss(states[kept], batch["taught_states"][kept])
    for name in ("intent", "act"):
        own = getattr(said, name)
        if own is not None:
            loss = loss + _far(own, batch[f"taught_{name}"], batch.get(name))
    if said.tags is not None:
        loss = loss + _far(said.tags[kept], batch["taught_tags"][kept], None)
    if said.sentiment is not None:
        loss = loss + functional.mse_loss(said.sentiment, batch["taught_sentiment"])
    return loss


def taught_by(teacher: JointNetwork, rows: Rows, collator: Collator) -> Rows:
    """Have a teacher read rows once, and give them with what it says."""
    order = sorted(range(len(rows)), key=lambda at: len(rows.rows[at].tokens))
    taught: dict[int, TaughtRow] = {}
    teacher.eval()
    for start in range(0, len(order), _BATCH):
        places = order[start : start + _BATCH]
        batch = collator([rows.rows[at] for at in places])
        with torch.inference_mode(), _Heard(teacher) as heard:
            said = teacher.scores(batch["tokens"], batch["attention"], batch.get("grams"))
        for at, place in enumerate(places):
            taught[place] = _taught(rows.rows[place], heard.states[at], {name: _row(said, name, at) for name in _HEADS})
    copied = copy.copy(rows)
    copied.rows = [taught[at] for at in range(len(rows))]
    return copied


def folded(rows: Rows, buckets: int) -> Rows:
    """Give rows for a table of n-grams with so many buckets, which divide those that the rows were made for."""
    copied = copy.copy(rows)
    copied.rows = [replace(row, grams=[(gram - 1) % buckets + 1 for gram in row.grams]) for row in rows.rows]
    return copied


class _Heard:
    """Keeps the token states of a network's next reading."""

    def __init__(self, network: JointNetwork) -> None:
        self._handle = network.encoder.register_forward_hook(self._keep)
        self.states = torch.empty(0)

    def __enter__(self) -> "_Heard":
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.remove()

    def _keep(self, _: nn.Module, __: object, said: Any) -> None:  # noqa: ANN401  # of a class for each encoder
        self.states = said.last_hidden_state


def _taught(row: Row, states: Tensor, said: dict[str, Tensor | None]) -> TaughtRow:
    length = len(row.tokens)
    heads = {name: scores.float().numpy() for name, scores in said.items() if scores is not None}
    if "tags" in heads:
        heads["tags"] = heads["tags"][:length]
    own = {field.name: getattr(row, field.name) for field in fields(row)}
    return TaughtRow(**own, states=states[:length].half().numpy(), said=heads)


def _row(said: Scores, name: str, at: int) -> Tensor | None:
    scores: Tensor | None = getattr(said, name)
    return None if scores is None else scores[at]


def _far(own: Tensor, taught: Tensor, labels: Tensor | None) -> Tensor:
    """Give the cross-entropy to a teacher's answer, both softened; of the answer a part is the label's."""
    wanted = functional.softmax(taught / _TEMPERATURE, -1)
    if labels is not None:
        known = labels != UNKNOWN
        told = functional.one_hot(labels.clamp(min=0), own.shape[-1]).to(wanted.dtype)
        wanted = torch.where(known[:, None], (1 - _LABELS) * wanted + _LABELS * told, wanted)
    return -(wanted * functional.log_softmax(own / _TEMPERATURE, -1)).sum(-1).mean() * _TEMPERATURE**2


def _padded(rows: Sequence[NDArray[np.float16] | NDArray[np.float32]]) -> Tensor:
    """Give rows as one tensor of 32 bits, zeros where a row is shorter than the longest; a row may be one number."""
    given = [torch.from_numpy(np.asarray(row, dtype=np.float32)) for row in rows]
    return torch.stack(given) if given[0].ndim == 0 else nn.utils.rnn.pad_sequence(given, True)
