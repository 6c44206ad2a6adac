"""What each way to augment brings: the light model with all of them, and with each left out."""

from collections.abc import Mapping, Sequence
from random import Random

import msgspec
import numpy as np

from xiaoer.learn.data.augmenting import TRAINED_ON, AugmentSetting, Method, augment
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.heldout import Look, looking_with, train
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.data.splitting import SplitSetting, split
from xiaoer.learn.telling import Tell
from xiaoer.pack import Pack
from xiaoer.understand import IntentModel

_TYPING: tuple[Method, ...] = ("keyboard", "pinyin", "homophones")


class Accuracy(msgspec.Struct, frozen=True):
    """The share of test samples read rightly: as customers wrote them, and mistyped."""

    as_written: float
    mistyped: float


class GainReport(msgspec.Struct, frozen=True, kw_only=True):
    """Accuracy without any made samples, with those of all methods, and with those of all but one, by that one.

    `gains` is what a method brings: with all, less without it. `noise` is what chance does to an accuracy: two standard
    errors; a gain below it says nothing.
    """

    trained_on: int
    made: int
    tested_on: int
    plain: Accuracy
    all_methods: Accuracy
    without: Mapping[str, Accuracy]
    gains: Mapping[str, Accuracy]
    noise: float


def measure_gain(
    table: Table,
    setting: AugmentSetting,
    *,
    pack: Pack | None = None,
    most: int | None = None,
    tell: Tell,
) -> GainReport:
    """Train without, with all, and with all but each one; test on the part `test`, which is split off if there is none.

    `most`: train on so many samples at most, drawn by the seed: augmentation is for those who have few. The mistyped
    test is made of the same texts by the typing methods, with chances of its own.

    Raises:
        DataSettingError: there is nothing to test on.
    """
    seen, unseen = _parts(table, most, setting.seed)
    mistyped = _mistyped(unseen, setting, pack)
    look = looking_with(pack)
    runs: dict[str, tuple[Method, ...]] = {"plain": (), "all": setting.methods}
    runs |= {name: tuple(one for one in setting.methods if one != name) for name in setting.methods}
    found: dict[str, Accuracy] = {}
    made = 0
    for number, (name, methods) in enumerate(runs.items()):
        tell(f"training {'without ' if name in setting.methods else ''}{name}", number / len(runs))
        samples, _ = augment(seen, msgspec.structs.replace(setting, methods=methods), pack=pack)
        made = len(samples) - len(seen) if name == "all" else made
        model = train(samples, look, seed=setting.seed)
        found[name] = Accuracy(_accuracy(model, unseen, look), _accuracy(model, mistyped, look))
    tell("done", 1.0)
    plain, all_methods = found.pop("plain"), found.pop("all")
    return GainReport(
        trained_on=len(seen),
        made=made,
        tested_on=len(unseen),
        plain=plain,
        all_methods=all_methods,
        without=found,
        gains={name: _less(all_methods, accuracy) for name, accuracy in found.items()},
        noise=round(2 * (all_methods.as_written * (1 - all_methods.as_written) / len(unseen)) ** 0.5, 4),
    )


def _parts(table: Table, most: int | None, seed: int) -> tuple[Table, Table]:
    labelled = tuple(sample for sample in table if sample.intent is not None)
    if not any(sample.split == "test" for sample in labelled):
        labelled, _ = split(labelled, SplitSetting(shares=(0.8, 0.0, 0.2), seed=seed))
    seen = [sample for sample in labelled if sample.split in TRAINED_ON]
    if most is not None and most < len(seen):
        seen = Random(seed).sample(seen, most)  # noqa: S311  # a sample, no secret
    known = {sample.intent for sample in seen}
    unseen = tuple(sample for sample in labelled if sample.split == "test" and sample.intent in known)
    if not unseen:
        raise DataSettingError("There is nothing to test on: split the data so that the part `test` has samples.")
    return tuple(seen), unseen


def _mistyped(unseen: Table, setting: AugmentSetting, pack: Pack | None) -> Table:
    """Mistype each test sample once, by the first of the typing methods, in an order of its own, that can."""
    blank = tuple(msgspec.structs.replace(sample, split="", group="") for sample in unseen)
    whole = msgspec.structs.replace(setting, methods=_TYPING, share=1.0, seed=setting.seed + 1)
    made, _ = augment(blank, whole, pack=pack)
    chance = Random(setting.seed)  # noqa: S311  # a sample, no secret
    one_of: dict[str, Sample] = {}
    for copy in chance.sample(made[len(blank) :], len(made) - len(blank)):
        one_of.setdefault(copy.group, copy)
    return tuple(one_of.get(sample.id, sample) for sample in unseen)


def _accuracy(model: IntentModel, samples: Sequence[Sample], look: Look) -> float:
    guesses = (
        model.names[int(np.argmax(model.probabilities(features)))] for features in look([one.text for one in samples])
    )
    right = sum(guess == sample.intent for guess, sample in zip(guesses, samples, strict=True))
    return round(right / len(samples), 4)


def _less(one: Accuracy, other: Accuracy) -> Accuracy:
    return Accuracy(round(one.as_written - other.as_written, 4), round(one.mistyped - other.mistyped, 4))
