from hypothesis import given
from hypothesis import strategies as st

from xiaoer.text import listed_words, words


def test_a_sentence_is_cut_into_its_words() -> None:
    assert words("我要申请退货") == ["我要", "申请", "退货"]


def test_blanks_are_no_words() -> None:
    assert words(" 退货 ") == ["退货"]


@given(text=st.text(max_size=60))
def test_the_words_of_a_text_are_the_text_without_its_blanks(text: str) -> None:
    assert "".join("".join(words(text)).split()) == "".join(text.split())


def test_a_lone_surrogate_does_no_harm() -> None:
    assert "退货" in words("退货\ud800")


def test_no_word_is_guessed_where_only_listed_ones_are_asked_for() -> None:
    assert "钟" in listed_words("钟想换黑色的")
    assert "钟" not in listed_words("等了一分钟")
