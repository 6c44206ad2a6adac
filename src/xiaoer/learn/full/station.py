"""Training of the full tier from labelled data: from a table to a folder that is served without torch."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from accelerate import PartialState
from safetensors.torch import save_model
from transformers.utils import logging

from xiaoer.clock import SystemClock
from xiaoer.learn.classifying import fit as fit_light_model
from xiaoer.learn.data.samples import Sample, Table, encode, hash_of, texts_and_intents
from xiaoer.learn.full.beside import FitLight, joined_with_a_packs, joined_with_its_own
from xiaoer.learn.full.calibrating import HeldOut
from xiaoer.learn.full.dataset import Collator, Labels, Rows
from xiaoer.learn.full.encoders import Encoder, open_encoder
from xiaoer.learn.full.exporting import export, quantise
from xiaoer.learn.full.holding_out import parted
from xiaoer.learn.full.judging import judge
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.runs import RUN_FOLDER, WEIGHTS_FILE, Run
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.full.training import Job, fit
from xiaoer.learn.telling import Tell, part_of, say_nothing
from xiaoer.serve import ModelCard, open_session
from xiaoer.understand import NETWORK_FILE, TOKENIZER_FILE, Chain, Classifier, FullModel, FullSpec, LightClassifier

FP32_FILE = "network.fp32.onnx"
_TRAINED = 0.9


@dataclass(frozen=True, slots=True)
class Lesson:
    """A network before its training, and what it will learn: an encoder with heads for the labels that there are.

    `noise` is the share of the intents, as they were given, that say nothing of their texts: told from what is learnt,
    where they are mended, and taken for that of what is held out (`away`), where they are not.
    """

    network: JointNetwork
    encoder: Encoder
    labels: Labels
    seen: Rows
    away: Rows
    collator: Collator
    noise: float

    @classmethod
    def of(
        cls, seen: Sequence[Sample], away: Sequence[Sample], noise: float, settings: FullSettings, seed: int
    ) -> "Lesson":
        """Make a network for samples; the same samples, settings and seed make the same."""
        labels = Labels.of([*seen, *away])
        torch.manual_seed(seed)
        encoder = open_encoder(settings.encoder, [sample.text for sample in seen])
        network = JointNetwork(encoder.model, labels, settings)
        buckets = settings.ngrams.buckets
        taught, judged = (
            Rows(samples, labels, encoder.tokenizer, buckets, has_word_classes=encoder.has_word_classes)
            for samples in (seen, away)
        )
        return cls(network, encoder, labels, taught, judged, Collator(labels, encoder.padding, buckets > 0), noise)


def train(
    table: Table, folder: Path, settings: FullSettings, *, seed: int, progress: Tell, fit_light: FitLight | None = None
) -> ModelCard:
    """Train the full tier; see `xiaoer.learn.full.train_full`."""
    _quieten()
    run = Run(folder / RUN_FOLDER, settings, hash_of(encode(table)), seed)
    process = PartialState(cpu=not torch.cuda.is_available())
    with process.main_process_first():
        run.begin()
    progress("reading the data", 0.0)
    parts = parted(table, settings, seed, is_trusted=fit_light is not None, progress=progress)
    lesson = Lesson.of(*parts, settings, seed)
    spent = _fit(lesson, run.folder, settings, seed, part_of(progress, 0.0, _TRAINED))
    if process.is_main_process:
        progress("exporting and calibrating", _TRAINED)
        figures = judge(lesson.network, lesson.away, lesson.collator) | spent
        figures |= write_model(lesson, folder, seed, is_private=bool(spent), fit_light=fit_light)
        save_model(lesson.network, str(run.folder / WEIGHTS_FILE))
        counts = {"samples": len(lesson.seen), "held_out": len(lesson.away), "intents": len(lesson.labels.intents)}
        card = ModelCard(
            pack="",
            data_hash=run.data_hash,
            kind="full",
            seed=seed,
            code_version=version("xiaoer"),
            created=SystemClock().now(),
            scores=counts | figures | ({"label_noise": round(lesson.noise, 3)} if lesson.noise else {}),
        )
        card.write(folder)
        run.end(figures)
    process.wait_for_everyone()
    progress("done", 1.0)
    return ModelCard.read(folder)


def train_fold(table: Table, settings: FullSettings, run: Path, *, seed: int) -> float:
    """Train on a table without its part `dev`, and give the F1 on that; what lies in the run's folder goes."""
    _quieten()
    lesson = Lesson.of(*parted(table, settings, seed), settings, seed)
    try:
        _fit(lesson, run, settings, seed, say_nothing)
    finally:
        shutil.rmtree(run, ignore_errors=True)
    return judge(lesson.network, lesson.away, lesson.collator)["f1"]


def _fit(lesson: Lesson, run: Path, settings: FullSettings, seed: int, progress: Tell) -> dict[str, float]:
    """Train, and give what was spent of privacy, if it is private."""
    job = Job(lesson.seen, lesson.away, lesson.collator, run, seed, lesson.encoder.is_new)
    if settings.privacy.epsilon is None:
        fit(lesson.network, job, settings.training, progress)
        return {}
    from xiaoer.learn.full.private import fit_privately  # noqa: PLC0415  # seconds, which few need

    return {"epsilon": fit_privately(lesson.network, job, settings, progress), "delta": settings.privacy.delta}


def _quieten() -> None:
    """Leave it to `progress` to say how far the training is."""
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # as above


def write_model(
    lesson: Lesson,
    folder: Path,
    seed: int,
    *,
    is_private: bool = False,
    is_int8: bool = True,
    fit_light: FitLight | None = None,
) -> dict[str, float]:
    """Write what is served, joined with a light model of the same samples; give figures of what was held out.

    No light model lies beside a private network: it is made of the texts' own words. With `fit_light` none does either:
    what this trains stands for the one that the network will serve with.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as beside:
        plain, whole = Path(beside) / FP32_FILE, Path(beside) / NETWORK_FILE
        export(lesson.network, plain)
        (quantise if is_int8 else shutil.copyfile)(plain, whole)
        lesson.encoder.tokenizer.save(str(Path(beside) / TOKENIZER_FILE))
        spec = _spec(lesson)
        network = FullModel(spec, lesson.encoder.tokenizer, open_session(whole))
        figures: dict[str, float] = {}
        seen, judged = _with_intents(lesson.seen), _with_intents(lesson.away)
        if network.names and judged:
            has_own = fit_light is None and not is_private
            fit = fit_light or partial(_fit_own, seed=seed)
            said = _said(network, None if is_private else fit(seen), judged, lesson.noise)
            spec, figures = (joined_with_a_packs if fit_light else joined_with_its_own)(spec, said)
            if has_own:
                _fit_own([*seen, *judged], seed=seed).save(Path(beside))
        spec.save(Path(beside))
        for made in Path(beside).iterdir():
            if made != plain:
                made.replace(folder / made.name)
    return figures


def _with_intents(rows: Rows) -> list[Sample]:
    return [sample for sample in rows.samples if sample.intent is not None]


def _fit_own(samples: Sequence[Sample], *, seed: int) -> LightClassifier:
    return fit_light_model(*texts_and_intents(samples), seed=seed, mends=False).classifier


def _said(network: FullModel, light: Classifier | None, judged: Sequence[Sample], noise: float) -> HeldOut:
    texts, intents = texts_and_intents(judged)
    labels = np.array([network.names.index(intent) for intent in intents], dtype=np.int64)
    return HeldOut(network.scores(texts), light.probabilities(texts) if light is not None else None, labels, noise)


def _spec(lesson: Lesson) -> FullSpec:
    network, labels = lesson.network, lesson.labels
    chain = network.crf.chain() if network.crf is not None else None
    truncation = lesson.encoder.tokenizer.truncation or {}
    return FullSpec(
        names=labels.intents if network.intent is not None else (),
        tags=labels.tags if network.tags is not None else (),
        acts=labels.acts if network.act is not None else (),
        chain=Chain(starts=chain.starts.tolist(), transitions=chain.transitions.tolist(), ends=chain.ends.tolist())
        if chain is not None
        else None,
        longest=truncation.get("max_length", network.settings.encoder.longest),
        padding=lesson.encoder.padding,
        buckets=network.settings.ngrams.buckets,
        has_word_classes=lesson.encoder.has_word_classes,
    )
