import pytest

from xiaoer.learn.data import CleanSetting, Sample, clean, clean_page

from .making import a_sample, a_table


def left(table: tuple[Sample, ...], **setting: object) -> tuple[list[str], dict[str, int]]:
    kept, report = clean(table, CleanSetting(**setting))  # type: ignore[arg-type]  # what a test varies
    assert len(kept) + len(report.left_out) == len(table)
    return [sample.text for sample in kept], report.by_reason


def test_doubled_texts_are_kept_once_however_they_are_written() -> None:
    table = a_table(("要退货", "a"), ("要退貨！", "a"), (" 要 退货 ", "a"), ("要退款", "a"))
    assert left(table) == (["要退货", "要退款"], {"duplicate": 2})


def test_of_doubled_texts_the_one_with_marks_stays() -> None:
    marked = a_sample("到成都", at=9, spans=[{"start": 1, "end": 3, "entity": "region"}])
    kept, report = clean((a_sample("到成都"), marked))
    assert kept == (marked,)
    assert report.left_out[0].beside == marked.id


def test_what_has_no_intent_yields_to_what_has_one() -> None:
    table = (a_sample("要退货", None, 0), a_sample("要退货", "back", 1))
    assert [sample.intent for sample in clean(table)[0]] == ["back"]


def test_near_duplicates_of_another_intent_stay() -> None:
    rows = [("这个衣服我现在不想要了", "a"), ("这个衣服我现在不想要了呢", "a"), ("这个衣服我现在想要了", "b")]
    assert left(a_table(*rows), near=0.8) == (["这个衣服我现在不想要了", "这个衣服我现在想要了"], {"near_duplicate": 1})
    assert len(left(a_table(*rows), near=0.0)[0]) == 3


@pytest.mark.parametrize(
    ("intents", "rule", "kept"),
    [("aab", "majority", 2), ("ab", "majority", 0), ("aab", "drop", 0), ("aab", "keep", 3), ("aaa", "drop", 3)],
)
def test_conflicting_labels(intents: str, rule: str, kept: int) -> None:
    table = a_table(*((f"查件{'!' * at}", intent) for at, intent in enumerate(intents)))
    texts, reasons = left(table, conflicts=rule, duplicates=False, near=0.0)
    assert len(texts) == kept
    assert reasons.get("conflict", 0) == 3 * (len(intents) > 2) + 2 * (len(intents) == 2) - kept


def test_what_says_nothing_is_left_out_unless_somebody_gave_it_an_intent() -> None:
    table = a_table(("？？？", None), ("???", "unclear"), ("\u200b ", None), ("<br>", "a"), ("x" * 9, "a"))
    assert left(table, longest=8) == (["???"], {"noise": 2, "missing": 2})


def test_only_the_wanted_language_stays() -> None:
    table = a_table(("where is my parcel", "a"), ("查快递", "a"), ("12345", "a"))
    assert left(table, language="zh") == (["查快递", "12345"], {"language": 1})


def test_what_is_not_labelled_stays_unless_labels_are_needed() -> None:
    table = a_table(("查快递", None), ("退钱", "a"))
    assert left(table)[0] == ["查快递", "退钱"]
    assert left(table, needs_intent=True) == (["退钱"], {"missing": 1})


def test_clean_data_stays_as_it_is() -> None:
    once, _ = clean(a_table(("<b>查</b>快递", "a"), ("查快递。", "a"), ("退 钱", "b"), ("退钱?", "a")))
    again, report = clean(once)
    assert again == once
    assert (report.left_out, report.changed) == ((), 0)
    assert report.before == report.after


def test_the_page_escapes_what_customers_wrote() -> None:
    _, report = clean(a_table(("x<img src=//e>y", "a"), ("x<img src=//e>y", "a")), CleanSetting(markup=False))
    assert "<img" not in clean_page(report, "0" * 12)
    assert "x&lt;img" in clean_page(report, "0" * 12)
