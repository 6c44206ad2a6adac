"""What the intent model looks at."""

from xiaoer.understand.features import BLOCKS, Featurizer
from xiaoer.understand.spans import Span


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
