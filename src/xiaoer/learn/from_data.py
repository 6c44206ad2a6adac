"""Training of a model folder from labelled data alone, in any language: no pack is needed."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from xiaoer.clock import Clock, SystemClock
from xiaoer.learn.classifying import fit
from xiaoer.learn.data.augmenting import TRAINED_ON
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Table, encode, hash_of, texts_and_intents
from xiaoer.learn.full import RUN_FOLDER, SEARCH_FOLDER, FullSettings, train_full
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.serve import CARD_FILE, ModelCard

Tier: TypeAlias = Literal["light", "full"]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a card tells of where a model comes from: the path of the data, its licence, the command that was typed."""

    data: str = ""
    licence: str = ""
    command: str = ""


_UNTOLD = Origin()


def train_from_data(
    table: Table,
    folder: Path,
    *,
    tier: Tier = "light",
    seed: int = 0,
    origin: Origin = _UNTOLD,
    progress: Tell | None = None,
) -> ModelCard:
    """Train a model on labelled samples and write it, card included, into a folder; a model that lies there goes.

    Of data that was split the part `test` is left out, and the light tier learns from the part `train` alone.
    `progress` is told what is done now and the share of the whole (0 to 1).

    Raises:
        DataSettingError: nothing is labelled, or the folder holds what is no model.
        TooFewUtterancesError: an intent has too few samples, or there is only one.
        TierMissingError: what the tier needs is not installed.
    """
    if tier == "full":
        return train_full_from_data(table, folder, seed=seed, origin=origin, progress=progress)
    card = _train_light(labelled(table), folder, seed=seed, progress=progress or say_nothing)
    return told_of(card, origin, folder)


def train_full_from_data(
    table: Table,
    folder: Path,
    *,
    settings: FullSettings | None = None,
    seed: int = 0,
    origin: Origin = _UNTOLD,
    progress: Tell | None = None,
) -> ModelCard:
    """Train the full tier on labelled samples in the folder itself, where a run that was broken off goes on.

    Raises:
        XiaoerError: as `train_full` does.
        DataSettingError: the folder holds what is no model, nor a run.
    """
    if not any((folder / name).is_dir() for name in (RUN_FOLDER, SEARCH_FOLDER)):
        refuse_what_is_no_model(folder)
    return told_of(train_full(table, folder, settings=settings, seed=seed, progress=progress), origin, folder)


def told_of(card: ModelCard, origin: Origin, folder: Path) -> ModelCard:
    """Write a model's card once more, with what is told of where it comes from."""
    card = msgspec.structs.replace(card, data=origin.data, licence=origin.licence, command=origin.command)
    card.write(folder)
    return card


def labelled(table: Table) -> Table:
    """Choose what is learnt from: samples with an intent, of the part `train` where the data has parts.

    Raises:
        DataSettingError: there are none.
    """
    taught = tuple(sample for sample in table if sample.intent is not None and sample.split in TRAINED_ON)
    if not taught:
        raise DataSettingError("No sample has an intent, or none of the part `train`: there is nothing to learn from.")
    return taught


def train_light_from_data(
    taught: Table, folder: Path, *, seed: int = 0, progress: Tell | None = None, clock: Clock | None = None
) -> ModelCard:
    """Train the light tier on labelled samples and write it, card included, into an existing folder.

    The same samples and seed give the same model to the byte.

    Raises:
        TooFewUtterancesError: an intent has too few samples, or there is only one.
    """
    tell = progress or say_nothing
    fitted = fit(*texts_and_intents(taught), seed=seed, tell=tell)
    fitted.classifier.save(folder)
    scores = scores_of(taught) | {"out_of_scope_threshold": fitted.classifier.threshold}
    card = ModelCard(
        pack="",
        data_hash=hash_of(encode(taught)),
        kind="light",
        seed=seed,
        code_version=version("xiaoer"),
        created=(clock or SystemClock()).now(),
        scores=scores | ({"label_noise": round(fitted.noise, 3)} if fitted.noise else {}),
    )
    card.write(folder)
    tell("done", 1.0)
    return card


def scores_of(taught: Table) -> dict[str, float]:
    """Count what a card tells of labelled samples."""
    sizes = Counter(sample.intent for sample in taught)
    return {"samples": len(taught), "intents": len(sizes), "smallest_intent": min(sizes.values())}


def _train_light(taught: Table, folder: Path, *, seed: int, progress: Tell) -> ModelCard:
    """Train beside the folder and put the model there once it is whole."""
    refuse_what_is_no_model(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder.parent) as beside:
        written = Path(beside) / folder.name
        written.mkdir()
        card = train_light_from_data(taught, written, seed=seed, progress=progress)
        if folder.exists():
            shutil.rmtree(folder)
        written.rename(folder)
    return card


def refuse_what_is_no_model(folder: Path) -> None:
    """Refuse to write over a folder that somebody keeps other things in.

    Raises:
        DataSettingError: the folder holds what is no model.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / CARD_FILE).is_file()):
        raise DataSettingError(f"{folder} is there and is no model: name a new folder with --out.")
