from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.learn.data import DataSettingError, Sample, SplitSetting, split

from .making import a_sample

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def many(count: int = 200, intents: str = "aab") -> tuple[Sample, ...]:
    """Texts that share next to nothing."""
    return tuple(a_sample(chr(0xAC00 + at) * 2, intents[at % len(intents)], at) for at in range(count))


def parts(table: tuple[Sample, ...]) -> Counter[str]:
    return Counter(sample.split for sample in table)


@pytest.mark.parametrize("by", ["random", "stratified"])
def test_shares_are_met(by: str) -> None:
    done, report = split(many(), msgspec.convert({"by": by, "shares": [0.7, 0.2, 0.1]}, SplitSetting))
    assert parts(done) == report.parts
    assert all(abs(report.parts[part] - wanted) <= 2 for part, wanted in {"train": 140, "dev": 40, "test": 20}.items())


def test_each_intent_is_shared_out_alike() -> None:
    done, report = split(many(300, "aaaaaaaaab"), SplitSetting(by="stratified"))
    rare = parts(tuple(sample for sample in done if sample.intent == "b"))
    assert rare == {"train": 24, "dev": 3, "test": 3}
    assert report.lacking == {}


def test_near_duplicates_and_groups_are_never_parted() -> None:
    signs = [chr(0xAC00 + at) for at in range(600)]
    stems = ["".join(signs[10 * at : 10 * at + 10]) for at in range(60)]
    near = [
        a_sample(stem + end, "a", 3 * at + number, source=f"family{at}")
        for at, stem in enumerate(stems)
        for number, end in enumerate(["", "呢", "啊"])
    ]
    talks = [
        a_sample(chr(0xC000 + at), "b", 1000 + at, group=f"talk{at % 20}", source=f"talk{at % 20}") for at in range(100)
    ]
    for by in ("random", "stratified"):
        done, report = split((*near, *talks), msgspec.convert({"by": by, "folds": 5}, SplitSetting))
        assert (report.groups, report.largest_group) == (80, 5)
        assert len({(sample.source, sample.split) for sample in done}) == 80
        assert max(report.parts.values()) - min(report.parts.values()) <= 8


def test_by_time_nothing_trained_on_is_later_than_what_is_tested_on() -> None:
    table = tuple(
        msgspec.structs.replace(sample, time=FIRST + timedelta(hours=(at * 37) % 200), group=f"g{at // 3}")
        for at, sample in enumerate(many())
    )
    done, _ = split(table, SplitSetting(by="time"))
    last = {part: max(one.time for one in done if one.split == part and one.time) for part in ("train", "dev", "test")}
    assert last["train"] <= last["dev"] <= last["test"]
    assert set(parts(done)) == {"train", "dev", "test"}


def test_by_time_every_sample_needs_one() -> None:
    with pytest.raises(DataSettingError, match="own:0"):
        split(many(), SplitSetting(by="time"))


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5), (1.2, -0.1, -0.1)])
def test_shares_that_are_none_are_refused(shares: tuple[float, float, float]) -> None:
    with pytest.raises(DataSettingError):
        split(many(), SplitSetting(shares=shares))


@settings(deadline=None)
@given(st.lists(st.sampled_from(["退货", "退货吧", "查件", "改地址", "开票"]), max_size=30), st.integers(0, 9))
def test_the_same_seed_gives_the_same_split_and_nothing_is_lost(texts: list[str], seed: int) -> None:
    table = tuple(a_sample(text, text[:1], at) for at, text in enumerate(texts))
    setting = SplitSetting(folds=3, seed=seed)
    done, report = split(table, setting)
    assert done == split(table, setting)[0]
    assert [msgspec.structs.replace(sample, split="") for sample in done] == list(table)
    assert sum(report.parts.values()) == len(table)
