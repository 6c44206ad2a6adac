import random
from pathlib import Path

import msgspec
import pytest

from xiaoer.learn.data import (
    DataSettingError,
    Gate,
    QualityReport,
    QualitySetting,
    Sample,
    import_files,
    quality,
    quality_page,
)
from xiaoer.learn.data.association import correlation_ratio, cramers_v
from xiaoer.learn.data.charts import bars, histogram
from xiaoer.learn.data.quality import core_of
from xiaoer.pack import Pack, read_pack

from .making import a_sample, a_table

UNJUDGED = QualitySetting(folds=0, fewest=2)
SAYINGS = {
    "back": ["退货", "退掉", "退回去", "寄回去", "不要了退"],
    "where": ["到哪了", "在哪里", "哪去了", "啥时到", "几时到"],
}


def sayings(each: int = 60) -> tuple[Sample, ...]:
    chance = random.Random(3)  # noqa: S311  # a sample, no secret
    heads, tails = ["我的", "那个", "这", "麻烦", "", "请问", "喂"], ["呀", "呢", "吧", "", "啊", "哦", "咯"]
    texts = {
        intent: sorted({chance.choice(heads) + chance.choice(words) + chance.choice(tails) for _ in range(each * 4)})
        for intent, words in SAYINGS.items()
    }
    rows = [(text, intent) for intent, own in texts.items() for text in chance.sample(own, each)]
    return a_table(*rows)


def gates(report: QualityReport) -> dict[str, bool]:
    return {gate.name: gate.is_met for gate in report.gates}


def test_labels_that_were_swapped_are_found() -> None:
    table = sayings()
    wrong = {table[at].id for at in range(0, len(table), 15)}
    other = {"back": "where", "where": "back"}
    swapped = [
        msgspec.structs.replace(one, intent=other[one.intent or ""]) if one.id in wrong else one for one in table
    ]
    report = quality(tuple(swapped), QualitySetting(fewest=2))
    found = {suspect.id for suspect in report.suspects}
    assert len(found & wrong) >= 0.7 * len(wrong)
    assert len(found & wrong) >= 0.6 * len(found)
    assert not gates(report)["label noise"]
    first = report.suspects[0]
    assert first.likelier != first.intent
    assert first.confidence > first.confidence_of_label


def test_good_data_meets_every_gate() -> None:
    report = quality(sayings(), QualitySetting(fewest=2))
    assert report.is_fit
    assert report.held_out_accuracy is not None
    assert report.held_out_accuracy > 0.95


@pytest.mark.parametrize(
    ("table", "missed"),
    [
        (a_table(("查件", "a"), ("催件", "a"), ("退钱", None), ("改址", "b"), ("换址", "b")), "completeness"),
        (a_table(("查件吧", "a"), ("查件吧!", "b"), ("改址", "b"), ("发票", "a")), "consistency"),
        (
            a_table(*((f"{chr(0xAC00 + at)}", "a") for at in range(7)), ("改址", "b"), ("发票", "b")),
            "largest intent to smallest",
        ),
        (a_table(("查件", "a"), ("查快递", "a"), ("改址", "b")), "coverage of core scenes"),
    ],
)
def test_each_gate_is_missed_by_what_it_is_for(table: tuple[Sample, ...], missed: str) -> None:
    report = quality(table, UNJUDGED)
    assert not report.is_fit
    assert [name for name, is_met in gates(report).items() if not is_met] == [missed]


def test_a_gate_is_met_at_its_very_figure() -> None:
    assert Gate("", 3.0, 3.0, True).is_met
    assert Gate("", 0.8, 0.8, False).is_met
    assert not Gate("", 3.01, 3.0, True).is_met
    assert not Gate("", 0.79, 0.8, False).is_met


def test_core_scenes_are_named_or_those_of_the_pack(tiny_pack: Pack) -> None:
    table = a_table(("查件", "a"), ("查快递", "a"), ("改址", "b"), ("发票", "b"))
    assert quality(table, msgspec.structs.replace(UNJUDGED, core=("a", "c"))).uncovered == {"c": 0}
    assert core_of(None) == core_of(tiny_pack) == ()
    shop = read_pack(Path(__file__).parents[3] / "packs" / "shop_zh")
    assert "order.cancel" in core_of(shop)
    assert set(core_of(shop)) <= set(shop.intents)
    assert len(core_of(shop)) > 10


def test_all_of_a_pack_is_seen(tiny_pack: Pack) -> None:
    table = import_files([tiny_pack.folder]).version.table
    report = quality(table, UNJUDGED, pack=tiny_pack)
    assert sum(report.intents.values()) == report.figures.samples == 60
    assert report.entities
    assert {f"entity {kind}" for kind in report.entities} < set(report.associations)


def test_too_little_to_judge_is_said() -> None:
    with pytest.raises(DataSettingError):
        quality(a_table(("查件", "a"), ("退钱", "b")))


def test_associations_reach_from_nothing_to_all() -> None:
    assert cramers_v([("a", "x"), ("b", "y"), ("c", "z")] * 5) == pytest.approx(1)
    assert cramers_v([(one, other) for one in "ab" for other in "xyz"]) == pytest.approx(0)
    assert cramers_v([("a", "x"), ("b", "x")]) == 0
    assert correlation_ratio([("a", 1.0), ("a", 1.0), ("b", 5.0)]) == pytest.approx(1)
    assert correlation_ratio([("a", 1.0), ("a", 5.0), ("b", 1.0), ("b", 5.0)]) == pytest.approx(0)
    assert correlation_ratio([]) == 0


def test_plots_show_each_value_and_all_of_them() -> None:
    drawn = bars([("a<b", 30.0), ("c", 15.0)], mark=20)
    assert "a&lt;b" in drawn
    assert drawn.count("<rect") == 2
    heights = histogram([1, 1, 1, 2, 9], bins=4)
    assert heights.count("<rect") == 4
    assert ": 4<" in heights
    assert bars([]).startswith("<svg")
    assert histogram([]).startswith("<svg")


def test_the_page_loads_nothing_and_escapes_what_customers_wrote() -> None:
    script = "<script>alert(1)</script>"
    table = (*sayings(30), a_sample(script, "back", 900), a_sample(script, "where", 901))
    shown = quality_page(quality(table, QualitySetting(fewest=2, folds=0)), "0" * 12)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "src=" not in shown
    assert "href=" not in shown
