"""The station `split`: says which samples are trained on, tuned on and tested on."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.near import closed_groups, near_groups
from xiaoer.learn.data.samples import Sample, Table, key_of

By: TypeAlias = Literal["random", "stratified", "time"]

_PARTS = ("train", "dev", "test")


class SplitSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a table is split.

    `by`: `random`, `stratified` (each intent in the same shares) or `time` (what is later is tested on). `shares`: of
    train, dev and test; with `folds` of 2 or more there are so many equal parts instead. `near`: texts that are as much
    alike (0 to 1) are never parted, nor are the samples of one group; 0 parts all. `seed` decides who goes where.
    """

    by: By = "stratified"
    shares: tuple[float, float, float] = (0.8, 0.1, 0.1)
    folds: int = 0
    near: float = 0.7
    seed: int = 0


class SplitReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a split: samples of each part, groups that were kept together, and intents that a part lacks."""

    parts: dict[str, int]
    groups: int
    largest_group: int
    lacking: dict[str, list[str]]


def split(table: Table, setting: SplitSetting | None = None) -> tuple[Table, SplitReport]:
    """Put every sample into a part; groups are whole, so that shares are met as nearly as they allow.

    Raises:
        DataSettingError: shares that are none, or a sample without a time where time decides.
    """
    setting = setting or SplitSetting()
    parts = _parts(setting)
    groups = groups_of(table, likeness=setting.near)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    order = _by_time(table, members) if setting.by == "time" else _shuffled(list(members), setting.seed)
    strata = {group: _stratum(table, members[group], setting.by) for group in order}
    part_of: dict[int, str] = {}
    for stratum in dict.fromkeys(strata.values()):
        of_stratum = [group for group in order if strata[group] == stratum]
        sizes = [len(members[group]) for group in of_stratum]
        named = _in_order(sizes, parts) if setting.by == "time" else _dealt(sizes, parts, setting.seed)
        part_of.update(zip(of_stratum, named, strict=True))
    done = tuple(
        msgspec.structs.replace(sample, split=part_of[group]) for sample, group in zip(table, groups, strict=True)
    )
    return done, _report(done, list(parts), members)


def groups_of(table: Table, *, likeness: float) -> list[int]:
    """Give the group of each sample, by its first member: near duplicates and what was in one group, closed."""
    own = [sample.group or None for sample in table]
    if not likeness:
        return closed_groups(own)
    return closed_groups(own, near_groups([key_of(sample.text) for sample in table], likeness=likeness))


def _parts(setting: SplitSetting) -> dict[str, float]:
    if setting.folds:
        if setting.folds < 2:
            raise DataSettingError("Give two folds or more.")
        return {f"fold{number}": 1 / setting.folds for number in range(1, setting.folds + 1)}
    if min(setting.shares) < 0 or abs(sum(setting.shares) - 1) > 1e-6:
        raise DataSettingError(
            f"Shares of train, dev and test add up to 1, each 0 or more; these do not: {setting.shares}."
        )
    return {name: share for name, share in zip(_PARTS, setting.shares, strict=True) if share}


def _shuffled(groups: list[int], seed: int) -> list[int]:
    return [groups[at] for at in np.random.default_rng(seed).permutation(len(groups))]


def _by_time(table: Table, members: dict[int, list[int]]) -> list[int]:
    """Order groups by their last message, so that nothing of a group is later than what is tested on."""
    without = next((sample for sample in table if sample.time is None), None)
    if without is not None:
        raise DataSettingError(f"{without.id} has no time; split by time needs one of every sample.")
    last = {group: max(str(table[at].time) for at in places) for group, places in members.items()}
    return sorted(members, key=lambda group: (last[group], group))


def _stratum(table: Table, places: Sequence[int], by: By) -> str | None:
    """Give the intent that most of a group has, where intents are to be shared out alike."""
    if by != "stratified":
        return None
    return Counter(table[at].intent or "" for at in places).most_common(1)[0][0]


def _in_order(sizes: Sequence[int], parts: dict[str, float]) -> list[str]:
    """Fill one part after the other."""
    ends, total = list(accumulate(parts.values())), sum(sizes)
    middles = (end - size / 2 for size, end in zip(sizes, accumulate(sizes), strict=True))
    names = list(parts)
    return [names[next((at for at, end in enumerate(ends) if middle <= end * total), -1)] for middle in middles]


def _dealt(sizes: Sequence[int], parts: dict[str, float], seed: int) -> list[str]:
    """Deal groups out, the largest first, each to the part that lacks most of its share; ties are drawn."""
    chance = np.random.default_rng([seed, len(sizes)])
    lacking = {name: share * sum(sizes) for name, share in parts.items()}
    named = [""] * len(sizes)
    for at in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        most = max(lacking.values())
        best = [name for name, amount in lacking.items() if amount > most - 1e-9]
        named[at] = best[int(chance.integers(len(best)))]
        lacking[named[at]] -= sizes[at]
    return named


def _report(table: Sequence[Sample], parts: Sequence[str], members: dict[int, list[int]]) -> SplitReport:
    intents = {sample.intent for sample in table if sample.intent is not None}
    there = {(sample.split, sample.intent) for sample in table}
    counts = Counter(sample.split for sample in table)
    return SplitReport(
        parts={part: counts[part] for part in parts},
        groups=len(members),
        largest_group=max(map(len, members.values()), default=0),
        lacking={
            part: lacking
            for part in parts
            if (lacking := sorted(intent for intent in intents if (part, intent) not in there))
        },
    )
