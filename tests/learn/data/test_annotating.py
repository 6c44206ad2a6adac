import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from xiaoer.learn.data import (
    DataSettingError,
    Sample,
    Span,
    agreement,
    choose,
    for_doccano,
    import_files,
    labelled_in,
    with_labels,
)
from xiaoer.learn.data.agreement import cohen_kappa, fleiss_kappa
from xiaoer.pack import Pack

from .making import a_sample, a_table, lines_in
from .test_quality import sayings


def labelled(table: tuple[Sample, ...], intents: str) -> tuple[Sample, ...]:
    return tuple(
        msgspec.structs.replace(sample, intent=intent if intent != "-" else None)
        for sample, intent in zip(table, intents, strict=True)
    )


@pytest.mark.parametrize("kind", ["classes", "spans", "both"])
def test_what_goes_to_doccano_comes_back(tmp_path: Path, tiny_pack: Pack, kind: str) -> None:
    table = import_files([tiny_pack.folder]).version.table
    path = tmp_path / "out.jsonl"
    path.write_bytes(for_doccano(table, kind))  # type: ignore[arg-type]  # each of the kinds
    blank = tuple(msgspec.structs.replace(sample, intent=None, spans=()) for sample in table)
    back = with_labels(blank, [path], kind)  # type: ignore[arg-type]
    assert back.faults == ()
    for sample, original in zip(back.table, table, strict=True):
        assert sample.intent == (original.intent if kind != "spans" else None)
        assert sample.spans == (original.spans if kind != "classes" else ())


def test_doccano_numbers_rows_anew_and_keeps_our_ids(tmp_path: Path) -> None:
    (sample,) = table = (a_sample("查件", None),)
    for row in ({"sample": sample.id}, {"meta": {"sample": sample.id}}):
        path = lines_in(tmp_path / "d.jsonl", [{"id": 4711, "text": "查件", "label": ["where"], "Comments": [], **row}])
        assert with_labels(table, [path], "classes").table[0].intent == "where"


def test_the_majority_decides_and_a_draw_changes_nothing(tmp_path: Path) -> None:
    table = a_table(("甲", "old"), ("乙", "old"), ("丙", "old"))
    paths = []
    for number, intents in enumerate(["xa-", "xb-", "yc-"]):
        paths.append(tmp_path / f"{number}.jsonl")
        paths[-1].write_bytes(for_doccano(labelled(table, intents), "classes"))
    done = with_labels(table, paths, "classes")
    assert [sample.intent for sample in done.table] == ["x", "old", "old"]
    assert done.changed == 1


def test_rows_of_other_data_are_named_with_their_line(tmp_path: Path) -> None:
    table = a_table(("甲", None), ("乙", None))
    good = {"text": "甲", "label": ["x"], "sample": "own:0"}
    rows = [
        {"text": "甲"} | {"label": [3]},
        {"text": "丙", "label": ["x"], "sample": "own:1"},
        {**good, "sample": "q"},
        good,
    ]
    done = with_labels(table, [lines_in(tmp_path / "d.jsonl", rows)], "classes")
    assert sorted(fault.line for fault in done.faults) == [1, 2, 3]
    assert [sample.intent for sample in done.table] == ["x", None]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_of_two_is_what_others_make_it(pairs: list[tuple[str, str]]) -> None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    if len({*ones, *others}) > 1:
        assert cohen_kappa(pairs) == pytest.approx(cohen_kappa_score(ones, others))
    else:
        assert cohen_kappa(pairs) == 1


def test_kappa_of_many_is_that_of_the_paper() -> None:
    """Table 1 of Fleiss (1971) as the example that text books use: 14 people, 10 things, 5 labels."""
    counts = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    ratings = [[label for label, count in zip("abcde", row, strict=True) for _ in range(count)] for row in counts]
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=0.0005)


def test_people_who_agree_pass_and_people_who_guess_do_not() -> None:
    table = a_table(*((chr(0xAC00 + at), None) for at in range(40)))
    chance = random.Random(1)  # noqa: S311  # a sample, no secret
    truth = "".join(chance.choices("abcd", k=40))
    guess = "".join(chance.choices("abcd", k=40))
    same = agreement({"ann": labelled(table, truth), "ben": labelled(table, truth)})
    assert (same.kappa, same.disagreements, same.is_enough()) == (1.0, (), True)
    other = agreement({"ann": labelled(table, truth), "ben": labelled(table, truth), "cy": labelled(table, guess)})
    assert not other.is_enough()
    assert other.pairs["ann / ben"] == 1
    assert len(other.disagreements) == sum(one != two for one, two in zip(truth, guess, strict=True))


def test_marks_are_agreed_on_character_by_character() -> None:
    one = a_sample("到成都要几天", None, spans=[{"start": 1, "end": 3, "entity": "region"}])
    two = a_sample("到成都要几天", None, spans=[{"start": 1, "end": 4, "entity": "region"}])
    assert agreement({"a": (one,), "b": (one,)}).span_kappa == 1
    found = agreement({"a": (one,), "b": (two,)})
    assert found.span_kappa is not None
    assert 0.5 < found.span_kappa < 0.85
    assert found.kappa is None
    assert found.disagreements[0].labels == {"a": "– [成都](region)", "b": "– [成都要](region)"}


def test_people_without_a_sample_in_common_cannot_be_compared() -> None:
    with pytest.raises(DataSettingError):
        agreement({"a": (a_sample("甲", "x", 1),), "b": (a_sample("乙", "x", 2),)})
    with pytest.raises(DataSettingError):
        agreement({"a": (a_sample("甲", "x", 1),)})


def test_unsure_samples_are_chosen_and_spread() -> None:
    known = sayings(40)
    sure = [a_sample(f"我的退货{end}", None, 1000 + at) for at, end in enumerate(["呀", "呢", "吧", "啊", "哦"])]
    unsure = [
        *(a_sample(f"发票抬头开公司{end}", None, 2000 + at) for at, end in enumerate("呀呢吧啊哦")),
        *(a_sample(f"积分能兑换什么{end}", None, 3000 + at) for at, end in enumerate("呀呢吧啊哦")),
    ]
    chosen = choose((*known, *sure, *unsure), 2)
    assert {one.sample.text[:2] for one in chosen} == {"发票", "积分"}
    assert chosen == choose((*known, *sure, *unsure), 2)
    assert len(choose((*known, *sure, *unsure), 99)) == 15


def test_there_must_be_something_to_learn_from_and_something_to_label() -> None:
    with pytest.raises(DataSettingError, match="nothing left"):
        choose(sayings(5), 3)
    with pytest.raises(DataSettingError, match="by chance"):
        choose(a_table(("甲", None)), 3)


def test_what_one_person_labelled_is_read_with_marks(tmp_path: Path) -> None:
    path = lines_in(tmp_path / "d.jsonl", [{"text": "到成都", "label": [[1, 3, "region"]], "sample": "own:7"}])
    (sample,) = labelled_in(path).samples
    assert (sample.id, sample.spans) == ("own:7", (Span(1, 3, "region"),))
