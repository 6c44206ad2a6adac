from hypothesis import given
from hypothesis import strategies as st

from xiaoer.text import normalise

PIECES = st.sampled_from(
    ["訂單", "ＡＢ１２", "㎏", "\u200b", "\ufe0f", "🧑‍🤝‍🧑", "!!!!", "888888", "  \n", "\ud800", "\x00", "\u202e", "é"]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=15).map("".join))


def test_width_case_script_and_blanks_become_one_form() -> None:
    assert normalise("　請問 ＩＰＨＯＮＥ\t\n有嗎？ ").text == "请问 iphone 有吗?"


def test_what_cannot_be_seen_is_dropped() -> None:
    assert normalise("退\u200b货\u202e\x00\ufeff\ud800\ufe0f").text == "退货"


def test_repeats_are_cut_to_two_but_never_digits() -> None:
    assert normalise("好好好好！！！！ 订单2000000001").text == "好好!! 订单2000000001"


def test_emoji_stay() -> None:
    assert normalise("谢谢😭👍🏽").text == "谢谢😭👍🏽"


def test_a_span_maps_to_the_text_as_received() -> None:
    source = "\u200b我的訂單ＡＢ㎏x"
    normal = normalise(source)
    at = normal.text.index("kg")
    assert source[slice(*normal.source_span(at, at + 2))] == "㎏"
    assert source[slice(*normal.source_span(2, 4))] == "訂單"


def test_an_empty_span_lies_before_its_character() -> None:
    normal = normalise("\u200b退货")
    assert normal.source_span(0, 0) == (1, 1)
    assert normal.source_span(2, 2) == (3, 3)


@given(text=TEXTS)
def test_any_text_is_normalised_with_a_map_that_never_goes_back(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))
    normal.text.encode("utf-8")


@given(text=TEXTS)
def test_each_character_comes_from_what_its_span_holds(text: str) -> None:
    normal = normalise(text)
    for at, character in enumerate(normal.text):
        start, end = normal.source_span(at, at + 1)
        assert character == " " or character in normalise(text[start:end]).text


@given(text=TEXTS)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_a_hundred_thousand_characters_are_normalised() -> None:
    assert normalise("退貨" * 50_000).text == "退货" * 50_000


def test_typographic_quotation_marks_become_plain_ones() -> None:
    assert normalise("I’m 5’8” and ‘tall’, “really”").text == "i'm 5'8\" and 'tall', \"really\""
