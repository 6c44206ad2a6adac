"""What a network says of held-out texts, and how good that is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from xiaoer.learn.full.dataset import UNKNOWN, Collator, Rows
from xiaoer.learn.full.network import JointNetwork, Scores
from xiaoer.learn.report import entity_report
from xiaoer.understand import spans_of_tags

_BATCH = 64

Floats: TypeAlias = NDArray[np.float32]


def judge(network: JointNetwork, rows: Rows, collator: Collator) -> dict[str, float]:
    """Judge a network on rows, as far as it has heads.

    Gives `intent_accuracy`, `intent_f1` (macro), `entity_f1` (whole spans of tokens), `act_f1` (macro) and
    `sentiment_error` (mean squared). `f1` is the mean F1 of the heads, or, where there is the mood alone, one minus its
    error.
    """
    said = predict(network, rows, collator)
    figures: dict[str, float] = {}
    labels = np.array([row.intent for row in rows.rows])
    if said.intent is not None and (known := labels != UNKNOWN).any():
        guessed = said.intent.argmax(1)
        figures["intent_accuracy"] = float((guessed == labels)[known].mean())
        figures["intent_f1"] = _macro_f1(labels[known], guessed[known])
    if said.tags is not None:
        figures["entity_f1"] = _entity_f1(rows, said.tags)
    labels = np.array([row.act for row in rows.rows])
    if said.act is not None and (known := labels != UNKNOWN).any():
        figures["act_f1"] = _macro_f1(labels[known], said.act.argmax(1)[known])
    moods = np.array([row.sentiment for row in rows.rows])
    if said.sentiment is not None and (known := ~np.isnan(moods)).any():
        figures["sentiment_error"] = float(((said.sentiment - moods)[known] ** 2).mean())
    of_heads = [figure for name, figure in figures.items() if name.endswith("_f1")]
    figures["f1"] = float(np.mean(of_heads)) if of_heads else 1 - figures.get("sentiment_error", 1.0)
    return figures


@dataclass(frozen=True, slots=True)
class Said:
    """What the heads say of all rows, in their order; tags are places in the list of tags, decoded."""

    intent: Floats | None
    tags: list[list[int]] | None
    act: Floats | None
    sentiment: Floats | None


def predict(network: JointNetwork, rows: Rows, collator: Collator) -> Said:
    """Have a network read rows, those of about one length together."""
    device = next(network.parameters()).device
    order = sorted(range(len(rows)), key=lambda at: len(rows.rows[at].tokens))
    scores: list[Scores] = []
    tags: list[list[int]] = []
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            batch = collator([rows.rows[at] for at in order[start : start + _BATCH]])
            batch = {name: values.to(device) for name, values in batch.items()}
            said = network.scores(batch["tokens"], batch["attention"], batch.get("grams"), batch.get("classes"))
            scores.append(said)
            if said.tags is not None and network.crf is not None:
                tags += network.crf.decode(said.tags, batch["special"] == 0)
    network.train(was_training)
    back = np.argsort(order)
    return Said(
        intent=_joined(scores, lambda one: one.intent, back),
        tags=[tags[at] for at in back] if tags else None,
        act=_joined(scores, lambda one: one.act, back),
        sentiment=_joined(scores, lambda one: one.sentiment, back),
    )


def _joined(
    scores: list[Scores], head: Callable[[Scores], torch.Tensor | None], back: NDArray[np.int64]
) -> Floats | None:
    parts = [part.float().cpu().numpy() for one in scores if (part := head(one)) is not None]
    return np.concatenate(parts)[back] if parts else None


def _macro_f1(truth: NDArray[np.int64], guess: NDArray[np.int64]) -> float:
    return float(f1_score(truth, guess, labels=np.unique(truth), average="macro", zero_division=0))


def _entity_f1(rows: Rows, tags: list[list[int]]) -> float:
    names = rows.labels.tags
    report = entity_report(
        (
            set(spans_of_tags([names[tag] for tag, special in zip(row.tags, row.special, strict=True) if not special])),
            set(spans_of_tags([names[tag] for tag in own])),
        )
        for row, own in zip(rows.rows, tags, strict=True)
    )
    return report.micro_f1
