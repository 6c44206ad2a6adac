"""Which samples are learnt, with what intents, and which choose, stop and calibrate."""

from collections import Counter
from typing import NamedTuple

import msgspec

from xiaoer.learn.classifying import mend_intents
from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, Table, texts_and_intents
from xiaoer.learn.data.splitting import SplitSetting, split
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.intents import LEAST_TEXTS
from xiaoer.learn.telling import Tell, say_nothing

_TESTED = "test"
_TUNED = "dev"


class Parts(NamedTuple):
    """What is learnt, what is held out, and the share of the intents given that say nothing of their texts."""

    seen: list[Sample]
    away: list[Sample]
    noise: float


def parted(
    table: Table, settings: FullSettings, seed: int, *, is_trusted: bool = False, progress: Tell = say_nothing
) -> Parts:
    """Part a table as `held_out` does, and mend the intents that are learnt where many are wrong.

    Intents that are trusted are not mended, nor what is learnt privately: mending looks at all texts.

    Raises:
        DataSettingError: there is too little.
    """
    seen, away = held_out(table, settings.training.held_out, seed)
    if not seen or not away:
        raise DataSettingError("There is too little to learn from and to judge by: give more labelled samples.")
    if is_trusted or settings.privacy.epsilon is not None or not settings.heads.intent:
        return Parts(seen, away, 0.0)
    mended, noise = _mended(seen, seed, progress)
    return Parts(mended, away, noise)


def held_out(table: Table, share: float, seed: int) -> tuple[list[Sample], list[Sample]]:
    """Part a table into what is learnt and what is held out; the part `test` of data that was split is neither.

    The part `dev` is held out; without one a share is, stratified, near duplicates together. What an intent has left
    too little of is learnt after all.
    """
    own = tuple(sample for sample in table if sample.split != _TESTED)
    if not any(sample.split == _TUNED for sample in own):
        own, _ = split(own, SplitSetting(shares=(1 - share, share, 0), seed=seed))
    seen = [sample for sample in own if sample.split != _TUNED]
    counts = Counter(sample.intent for sample in seen)
    away: list[Sample] = []
    for sample in own:
        if sample.split == _TUNED:
            few = counts[sample.intent] < LEAST_TEXTS
            counts[sample.intent] += few
            (seen if few else away).append(sample)
    return seen, away


def _mended(samples: list[Sample], seed: int, progress: Tell) -> tuple[list[Sample], float]:
    places = [at for at, sample in enumerate(samples) if sample.intent is not None]
    counts = Counter(samples[at].intent for at in places)
    if len(counts) < 2 or min(counts.values()) < LEAST_TEXTS:
        return samples, 0.0
    texts, intents = texts_and_intents([samples[at] for at in places])
    meant, noise = mend_intents(texts, intents, seed=seed, tell=lambda what, _: progress(what, 0.0))
    mended = list(samples)
    for at, intent in zip(places, meant, strict=True):
        mended[at] = msgspec.structs.replace(samples[at], intent=intent)
    return mended, noise
