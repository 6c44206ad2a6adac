"""The tokens of the sequence model."""

from hypothesis import given
from hypothesis import strategies as st

from xiaoer.understand import tags_of_marks, tokens_of
from xiaoer.understand.analysis import Analysis
from xiaoer.understand.tagger import spans_of_tags


def by_words(text: str) -> Analysis:
    return Analysis(text, (), (), (), is_by_words=True)


def test_english_is_cut_into_words_numbers_and_marks() -> None:
    tokens = tokens_of(by_words("i'm a size m, $49.99 红"))
    assert [token.text for token in tokens] == ["i'm", "a", "size", "m", ",", "$", "49", ".", "99", "红"]


@given(st.text(max_size=40))
def test_chinese_is_cut_into_characters(text: str) -> None:
    tokens = tokens_of(Analysis(text, (), (), ()))
    assert "".join(token.text for token in tokens) == text
    assert all(token.end - token.start == 1 for token in tokens)


@given(st.text(alphabet="abc 12'.,红", max_size=40))
def test_words_stand_where_their_tokens_say(text: str) -> None:
    assert all(text[token.start : token.end] == token.text for token in tokens_of(by_words(text)))


def test_a_mark_covers_every_word_that_it_touches() -> None:
    tokens = tokens_of(by_words("my puffer jacket please"))
    tags = tags_of_marks(tokens, [("product", 3, 14)])
    assert spans_of_tags(tags) == [("product", 1, 3)]
