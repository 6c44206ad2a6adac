"""A trained network made smaller: the pupil or the pruned copy of it, trained again on the same texts."""

import copy
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from transformers import set_seed

from xiaoer.learn.compression.distilling import Distiller, TaughtCollator, folded, taught_by
from xiaoer.learn.compression.pruning import measure, prune
from xiaoer.learn.compression.pupil import pupil_of
from xiaoer.learn.compression.settings import CompressionSetting
from xiaoer.learn.full.dataset import Collator, Rows
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.station import Lesson
from xiaoer.learn.full.training import Job, JointTrainer
from xiaoer.learn.telling import Tell

_MEASURED_BATCHES = 24
_BATCH = 32


def compress(lesson: Lesson, setting: CompressionSetting, progress: Tell, *, seed: int = 0) -> Lesson:
    """Give a lesson whose network is made smaller as a setting says; the one given stays as it is.

    Raises:
        CompressionError: the encoder is not built as BERT is, or too little would be left of it.
    """
    set_seed(seed)
    teacher, collator = lesson.network, lesson.collator
    small = copy.deepcopy(teacher) if setting.distil is None else pupil_of(teacher, setting.distil, lesson.seen.rows)
    seen, away = lesson.seen, lesson.away
    if setting.distil is not None:
        collator = TaughtCollator(collator.labels, collator.padding, collator.has_grams)
        seen = taught_by(teacher, seen, lesson.collator)
        if small.grams is not None:
            buckets = small.settings.ngrams.buckets
            seen, away = folded(seen, buckets), folded(away, buckets)
    if setting.cuts:
        small.train()
        losses = _losses(small, seen, lesson.collator)
        prune(small.encoder, measure(small.encoder, losses), setting.prune, layers=setting.layers)
    if setting.cuts or setting.distil is not None:
        trainer = JointTrainer if setting.distil is None else Distiller
        with tempfile.TemporaryDirectory() as run:
            job = Job(seen, away, collator, Path(run), seed, is_new=False)
            trainer(small, job, setting.training, progress).train()
    small.eval()
    return replace(lesson, network=small, seen=seen, away=away)


def _losses(network: JointNetwork, rows: Rows, collator: Collator) -> Iterator[partial[Tensor]]:
    """Give the loss of some batches, each as a function that runs the network."""
    chosen = torch.randperm(len(rows)).tolist()[: _MEASURED_BATCHES * _BATCH]
    for start in range(0, len(chosen), _BATCH):
        yield partial(_loss, network, collator([rows.rows[at] for at in chosen[start : start + _BATCH]]))


def _loss(network: JointNetwork, batch: dict[str, Tensor]) -> Tensor:
    loss: Tensor = network(**batch)["loss"]
    return loss
