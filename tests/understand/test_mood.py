import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import MoodLexicon
from xiaoer.text import normalise
from xiaoer.understand import MoodReader

LEXICON = MoodLexicon(
    words={"骗子": -1.0, "不错": 0.4, "喜欢": 0.5, "太慢": -0.3, "好": 0.3, "好评返现": 0.0},
    negations=("不", "没"),
    intensifiers={"非常": 1.5, "有点": 0.5},
)


@pytest.fixture(scope="module")
def reader() -> MoodReader:
    return MoodReader(LEXICON)


def test_a_text_without_mood_words_is_neutral(reader: MoodReader) -> None:
    assert reader.read("到成都要几天") == 0


def test_the_strongest_word_leads(reader: MoodReader) -> None:
    assert reader.read("骗子 东西不错") < -0.6


def test_a_negation_turns_a_word_round_and_halves_it(reader: MoodReader) -> None:
    assert reader.read("不喜欢") == pytest.approx(-0.25)


def test_a_word_that_holds_a_negation_is_not_turned_round(reader: MoodReader) -> None:
    assert reader.read("不错") == pytest.approx(0.4)


def test_intensifiers_strengthen_and_weaken(reader: MoodReader) -> None:
    assert reader.read("非常喜欢") > reader.read("喜欢") > reader.read("有点喜欢") > 0


def test_an_idiom_without_mood_hides_the_word_in_it(reader: MoodReader) -> None:
    assert reader.read("有没有好评返现") == 0


def test_shouting_makes_it_stronger(reader: MoodReader) -> None:
    assert reader.read("太慢!!") < reader.read("太慢")


@given(text=st.text(alphabet="骗子不错没喜欢太慢好评返现非常有点!? ", max_size=30))
def test_the_mood_stays_within_its_bounds(reader: MoodReader, text: str) -> None:
    assert -1 <= reader.read(normalise(text).text) <= 1
