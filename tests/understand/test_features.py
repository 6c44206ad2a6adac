"""What the intent model looks at."""

from xiaoer.understand.features import BLOCKS, Featurizer
from xiaoer.understand.spans import Span
from xiaoer.understand.word_finder import FoundWord, Label


def test_words_that_segmentation_finds_are_looked_at_alone_and_in_pairs() -> None:
    _, words, _, _ = Featurizer(()).features("发票抬头错了", (), ())
    assert {"\x08发票", "\x08抬头", "\x08发票 抬头"} <= set(words)


def test_latin_words_are_counted_once_however_they_are_cut() -> None:
    _, words, _, _ = Featurizer(()).features("where is it", (), ())
    assert [word for word in words if "where" in word] == ["\x04where", "\x04where is"]


def test_a_number_is_one_character_of_its_kind_in_every_view() -> None:
    kind = Span("order_id", 2, 16, 1.0, "pattern")
    views = Featurizer(("order_id",)).features("订单20261101000123没到", (kind,), ())
    assert len(views) == len(BLOCKS)
    assert not any("2026" in feature for view in views for feature in view)


def test_a_name_is_its_kind_in_every_view_and_hides_the_words_inside_it() -> None:
    featurizer = Featurizer(("product",))
    made = FoundWord(3, 5, (Label("made to order"),))
    cup = (Span("product", 3, 6, 1.0, "tagger"),)
    masked = featurizer.features("我要退定制杯", (), (made,), cup)
    assert masked == featurizer.features("我要退锅", (), (), (Span("product", 3, 4, 1.0, "tagger"),))
    assert not any("定" in feature or "made to order" in feature for view in masked for feature in view)
    assert "\x06<product>" in masked[3]
    assert "\x06made to order" in featurizer.features("我要退定制杯", (), (made,))[3]
