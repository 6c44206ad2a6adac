"""Which samples are learnt, and which choose, stop and calibrate."""

from collections import Counter

from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.data.splitting import SplitSetting, split

_TESTED = "test"
_TUNED = "dev"
LEAST_SAMPLES = 3
"""Of an intent, for the light model beside."""


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
            few = counts[sample.intent] < LEAST_SAMPLES
            counts[sample.intent] += few
            (seen if few else away).append(sample)
    return seen, away
