import random
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.learn.data import (
    AugmentSetting,
    DataSettingError,
    LibraryMissingError,
    Method,
    Sample,
    SplitSetting,
    augment,
    import_files,
    measure_gain,
    split,
)
from xiaoer.learn.data.augment_tables import augment_tables
from xiaoer.learn.data.samples import key_of
from xiaoer.learn.data.wording import noise, placed_words
from xiaoer.learn.sounds import fuzzy, sound_of
from xiaoer.pack import Pack

from .making import a_sample, a_table
from .test_quality import sayings

BY_SOUND: tuple[Method, ...] = ("pinyin", "homophones")
REGION = [{"start": 1, "end": 3, "entity": "region"}]


def made_by(method: Method, *table: Sample, pack: Pack | None = None, **setting: object) -> list[Sample]:
    given = msgspec.convert({"methods": [method], "share": 1.0, **setting}, AugmentSetting)
    every, counts = augment(table, given, pack=pack)
    assert counts == {method: len(every) - len(table)}
    return list(every[len(table) :])


def test_entities_are_swapped_for_others_of_their_kind() -> None:
    table = (a_sample("到成都要几天", at=1, spans=REGION), a_sample("发拉萨吗", at=2, spans=REGION))
    assert [copy.text for copy in made_by("swap", *table)] == ["到拉萨要几天", "发成都吗"]
    assert all(
        copy.text[span.start : span.end] in {"成都", "拉萨"} for copy in made_by("swap", *table) for span in copy.spans
    )


def test_synonyms_come_from_the_lexicons_of_the_pack(tiny_pack: Pack) -> None:
    listed = {word: words for one in tiny_pack.lexicons.values() for words in one.entries.values() for word in words}
    word = next(word for word, words in listed.items() if len(word) > 1 and len(words) > 2 and not word.isascii())
    (copy,) = made_by("synonyms", a_sample(f"我{word}了"), pack=tiny_pack)
    assert copy.text.removeprefix("我").removesuffix("了") in set(listed[word]) - {word}


def test_synonyms_without_a_pack_are_refused() -> None:
    with pytest.raises(DataSettingError, match="pack"):
        made_by("synonyms", a_sample("退货"))


def test_a_tenth_of_the_words_is_noise_and_none_stands_in_a_mark() -> None:
    text = "我上个月在你们店里买的那台电饭煲现在插上电以后完全没有任何反应你们说到底应该怎么办才好呢"
    (copy,) = made_by("noise", a_sample(text))
    listed = augment_tables().noise_words["zh"]
    wanted = round(len(placed_words(text)) * 0.1)
    assert wanted >= 2
    rest, found = copy.text, 0
    for word in sorted(listed, key=len, reverse=True):
        found += max(0, rest.count(word) - text.count(word))
    assert found >= wanted
    marked = a_sample("寄往乌鲁木齐市区", spans=[{"start": 2, "end": 8, "entity": "region"}])
    for seed in range(20):
        for made in made_by("noise", marked, words=1.0, seed=seed):
            assert [made.text[span.start : span.end] for span in made.spans] == ["乌鲁木齐市区"]


def test_noise_in_english_is_english() -> None:
    (copy,) = made_by("noise", a_sample("where is my parcel now"))
    assert copy.text.isascii()
    assert len(copy.text.split()) > 5


def test_keys_are_missed_by_their_neighbours() -> None:
    tables = augment_tables()
    assert set("fhty") <= set(tables.neighbours("g"))
    assert "p" not in tables.neighbours("g")
    assert tables.neighbours("退") == ""
    copies = [made_by("keyboard", a_sample("parcel"), seed=seed)[0].text for seed in range(60)]
    assert all(abs(len(copy) - 6) <= 1 and copy != "parcel" for copy in copies)
    assert {len(copy) for copy in copies} == {5, 6}
    assert made_by("keyboard", a_sample("到哪了")) == []


@pytest.mark.parametrize("method", BY_SOUND)
def test_what_is_typed_by_sound_sounds_alike(method: Method) -> None:
    table = [
        a_sample(text, at=at) for at, text in enumerate(["退货运费谁付", "腿疼会好吗", "获得云飞", "水浮起来"] * 3)
    ]
    table = [msgspec.structs.replace(sample, text=sample.text + "。" * at) for at, sample in enumerate(table)]
    for copy in made_by(method, *table):
        original = next(sample for sample in table if copy.id.startswith(f"{sample.id}+"))
        if method == "homophones":
            assert len(copy.text) == len(original.text)
            for one, other in zip(copy.text, original.text, strict=True):
                sounds = [fuzzy(sound_of(character)) for character in (one, other)]
                assert sounds[0] == sounds[1]
        else:
            assert any(character.isascii() and character.isalpha() for character in copy.text)
    assert made_by(method, *table)


def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "t.xlsx").touch()
    with pytest.raises(LibraryMissingError, match=r"openpyxl.*xiaoer\[data\]"):
        import_files([tmp_path / "t.xlsx"])


def test_sounds_that_speakers_do_not_part_are_alike() -> None:
    assert fuzzy("zhang") == fuzzy("zan")
    assert fuzzy("lin") == fuzzy("ning")
    assert fuzzy("ta") != fuzzy("da")


def test_traditional_characters_say_the_same() -> None:
    (copy,) = made_by("traditional", a_sample("到广东发货吗", spans=REGION))
    assert copy.text == "到廣東發貨嗎"
    assert copy.text[copy.spans[0].start : copy.spans[0].end] == "廣東"
    assert key_of(copy.text) == key_of("到广东发货吗")


def test_only_what_is_trained_on_and_labelled_is_multiplied() -> None:
    table = tuple(
        msgspec.structs.replace(a_sample(f"查件{part}", intent, at), split=part)
        for at, (part, intent) in enumerate([("train", "a"), ("dev", "a"), ("test", "a"), ("", "a"), ("train", None)])
    )
    assert {copy.split for copy in made_by("noise", *table)} == {"train", ""}


def test_made_samples_stay_with_their_originals(tiny_pack: Pack) -> None:
    table = import_files([tiny_pack.folder]).version.table
    methods: tuple[Method, ...] = ("synonyms", "swap", "noise", "traditional")
    every, _ = augment(table, AugmentSetting(methods=methods, share=1.0), pack=tiny_pack)
    assert len(every) > 2 * len(table)
    assert len({sample.id for sample in every}) == len(every)
    done, _ = split(every, SplitSetting(folds=4, near=0))
    parts: dict[str, set[str]] = {}
    for sample in done:
        parts.setdefault(sample.id.split("+")[0], set()).add(sample.split)
    assert {len(found) for found in parts.values()} == {1}
    again, _ = augment(every, AugmentSetting(methods=methods, share=1.0), pack=tiny_pack)
    assert len({sample.id for sample in again}) == len(again)


def test_nothing_is_made_that_stands_under_another_intent() -> None:
    table = (
        a_sample("到成都吗", "ask", 1, spans=REGION),
        a_sample("到拉萨吗", "other", 2),
        a_sample("去拉萨", "ask", 3, spans=REGION),
    )
    assert "到拉萨吗" not in [copy.text for copy in made_by("swap", *table)]


@settings(deadline=None)
@given(st.text(max_size=40), st.integers(0, 5))
def test_any_text_can_be_made_noise_of(text: str, seed: int) -> None:
    edits = noise(0.3)(Sample(id="a", text=text), random.Random(seed))  # noqa: S311  # a sample
    assert all(0 <= edit.start == edit.end <= len(text) for edit in edits)


def test_the_same_seed_makes_the_same() -> None:
    table = sayings(20)
    setting = AugmentSetting(methods=("noise", "traditional"), share=0.5)
    assert augment(table, setting) == augment(table, setting)
    assert augment(table, setting) != augment(table, msgspec.structs.replace(setting, seed=1))


def test_gain_is_what_is_lost_without_a_method() -> None:
    setting = AugmentSetting(methods=("noise", "homophones"), share=0.5)
    report = measure_gain(sayings(), setting, tell=lambda _, __: None)
    assert set(report.without) == set(report.gains) == {"noise", "homophones"}
    for name, gain in report.gains.items():
        assert gain.mistyped == pytest.approx(report.all_methods.mistyped - report.without[name].mistyped, abs=1e-4)
    assert report.plain.mistyped <= report.plain.as_written
    assert report.made > 0
    assert report.trained_on + report.tested_on == 120


def test_gain_needs_something_to_test_on() -> None:
    with pytest.raises(DataSettingError):
        measure_gain(a_table(), AugmentSetting(methods=("noise",)), tell=lambda _, __: None)
