"""What is misspelt is read as it was meant, and what is not stays as it is."""

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.learn.spelling import fit_spelling
from xiaoer.text import SPELLING_FILE, Spelling, normalise

SAID = [
    *["我要退款", "退款什么时候到", "怎么退款", "我的快递到哪里了", "快递什么时候到", "取消订单", "帮我取消订单"] * 6,
    *["发票怎么开", "帮我开发票", "你好 在吗", "改一下地址", "地址写错了", "我要return", "iphone什么时候到"] * 6,
]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return fit_spelling([normalise(text).text for text in SAID])


def mended(spelling: Spelling, text: str, known: Collection[str] = ()) -> str:
    return spelling.by_sound(spelling.in_characters(normalise(text), known)).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("我要tuikuan", "我要退款"),
        ("wo yao tuikuan", "我要退款"),
        ("WO YAO TUIKUAN", "我要退款"),
        ("woyaotuikuan", "我要退款"),
        ("quxiao dingdan", "取消订单"),
        ("kuaidi什么时候到", "快递什么时候到"),
        ("dizhi写错了", "地址写错了"),
    ],
)
def test_words_left_in_pinyin_are_read(spelling: Spelling, typed: str, meant: str) -> None:
    assert mended(spelling, typed) == meant


@pytest.mark.parametrize("typed", ["我要tuikaun", "我要tuiuan", "我要tuikuann", "我要tuikyan", "wo yao tuikaun"])
def test_one_slip_of_the_fingers_is_forgiven(spelling: Spelling, typed: str) -> None:
    assert mended(spelling, typed) == "我要退款"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("tuikuan不fapiao", "退款不发票"), ("kuaidi没tuikuan", "快递没退款"), ("dizhi和fapiao", "地址和发票")],
)
def test_a_character_between_two_typed_words_stays(spelling: Spelling, typed: str, meant: str) -> None:
    assert mended(spelling, typed) == meant


@pytest.mark.parametrize("text", ["tuikaun", "TUIKAUN!", "yao tuikn"])
def test_no_slip_is_forgiven_in_a_few_letters_alone(spelling: Spelling, text: str) -> None:
    assert mended(spelling, text) == normalise(text).text


def test_a_word_of_latin_letters_is_mended_to_itself(spelling: Spelling) -> None:
    assert mended(spelling, "iphnoe什么时候到") == "iphone什么时候到"
    assert mended(spelling, "iphone什么时候到") == "iphone什么时候到"


@pytest.mark.parametrize(
    ("typed", "meant"), [("我要推款", "我要退款"), ("取肖订单", "取消订单"), ("发漂怎么开", "发票怎么开")]
)
def test_characters_that_sound_alike_are_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert mended(spelling, typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "what's dao",
        "i dao",
        "tuikuan@example.com",
        "https://shop.example/tuikuan",
        "TUIKUAN2024",
        "tuikuan-a",
        "tui_kuan",
        "https",
        "xyzzyx",
        "",
        "a" * 2000,
        "tuikuan " * 200,
    ],
)
def test_links_codes_and_other_languages_stay(spelling: Spelling, text: str) -> None:
    assert mended(spelling, text) == normalise(text).text


@pytest.mark.parametrize("text", SAID[:7] + SAID[-7:])
def test_what_is_said_often_stays(spelling: Spelling, text: str) -> None:
    normal = normalise(text)
    assert spelling.in_characters(normal) is normal
    assert spelling.by_sound(normal) is normal


def test_known_words_stay(spelling: Spelling) -> None:
    assert mended(spelling, "买dizhi牌的", known=["dizhi"]) == "买dizhi牌的"


def test_kept_places_stay(spelling: Spelling) -> None:
    normal = normalise("我要推款")
    assert spelling.by_sound(normal, [(2, 4)]) is normal


def test_places_are_those_of_the_text_as_received(spelling: Spelling) -> None:
    source = "我要  TUIKUAN，谢谢"
    meant = spelling.in_characters(normalise(source))
    at = meant.text.index("退款")
    start, end = meant.source_span(at, at + 2)
    assert source[start:end] == "TUIKUAN"
    assert meant.source == source
    assert len(meant.text) == len(meant.starts) == len(meant.ends)


def test_each_word_of_a_run_stands_where_it_was_typed(spelling: Spelling) -> None:
    source = "WO YAO Tui kuan。"
    meant = spelling.in_characters(normalise(source))
    places = [source[slice(*meant.source_span(at, at + 1))] for at in range(4)]
    assert meant.text[:4] == "我要退款"
    assert places == ["WO YAO", "WO YAO", "Tui kuan", "Tui kuan"]  # two words in the dictionary of the tests


def test_blanks_stay_between_latin_words_alone(spelling: Spelling) -> None:
    assert mended(spelling, "return iphone tuikuan 什么时候到") == "return iphone退款 什么时候到"


@given(st.text(st.sampled_from("我要退推款kuantid wo，@0123。\x02\x03️😀"), max_size=40))
def test_places_of_any_text_are_in_order(spelling: Spelling, text: str) -> None:
    meant = spelling.by_sound(spelling.in_characters(normalise(text)))
    assert len(meant.text) == len(meant.starts) == len(meant.ends)
    assert list(meant.starts) == sorted(meant.starts)
    assert list(meant.ends) == sorted(meant.ends)
    assert all(start < end <= len(text) for start, end in zip(meant.starts, meant.ends, strict=True))


def test_where_nothing_is_typed_by_sound_nothing_is_mended() -> None:
    english = fit_spelling(["where is my order", "cancel my order", "i want a refund"] * 9)
    assert english == Spelling()
    normal = normalise("were is my oder")
    assert english.in_characters(normal) is normal
    assert english.by_sound(normal) is normal


@pytest.mark.parametrize("text", ["退是件", "要十双", "退八双", "买四双"])
def test_no_amount_is_guessed(spelling: Spelling, text: str) -> None:
    counting = fit_spelling([*SAID, *["退十件", "要四双", "退吧", "买是"] * 9])
    assert mended(counting, text) == text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no archive"])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    assert Spelling.find(tmp_path) == Spelling()
    (tmp_path / SPELLING_FILE).write_bytes(content)
    with pytest.raises(ValueError, match=r"spelling\.npz"):
        Spelling.find(tmp_path)


def test_it_is_read_as_it_was_written(spelling: Spelling, tmp_path: Path) -> None:
    for one in (spelling, Spelling()):
        one.save(tmp_path)
        read = Spelling.load(tmp_path)
        assert read.sounds == one.sounds
        assert read.pairs == one.pairs
        assert {letters: [form.written for form in forms] for letters, forms in read.forms.items()} == {
            letters: [form.written for form in forms] for letters, forms in one.forms.items()
        }
        assert mended(read, "我要tuikuan") == mended(one, "我要tuikuan")
