"""What of a message names lines of an order, what only points at the order, and what fits no line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import Phrases
from xiaoer.shop.goods import Goods
from xiaoer.shop.matching import Mention
from xiaoer.shop.naming import apart_from_order, keeps_what_it_names, lines_named, names_more

from .factories import NUMBER, a_line, a_product

_UMBRELLA = a_product("P1", "栎木间 三折自动雨伞", names=("雨伞", "伞", "umbrella"))
_CASE = a_product("P2", "野径行 万向轮行李箱", names=("行李箱", "suitcase"))
_POT = a_product("P3", "暖电匠 球釜电饭煲", names=("电饭煲", "rice cooker"))
_MIRROR = a_product("P4", "栎木间 全身镜", names=("全身镜", "mirror"))
_GOODS = Goods.of([_UMBRELLA, _CASE, _POT, _MIRROR])
_LINES = (a_line(_UMBRELLA, number=1), a_line(_CASE, number=2), a_line(_POT, number=3))
_PHRASES = Phrases(
    clause_ends=("，", ",", " "),
    keeps=("照常", "留着"),
    whole_order=("那单",),
    inside=("里", "的"),
    order_nouns=("那单", "买的那单"),
    thing_joins=("和", "、"),
    another_thing=("和", "、"),
    no_things=("图片", "我"),
    excepts=("除了",),
    all_of_them=("都退",),
)
_ENGLISH = Phrases(
    clause_ends=(",",),
    keeps=("keep",),
    whole_order=("order with",),
    order_nouns=("order",),
    order_holds=("order with the",),
    thing_joins=("and", "and the"),
    another_thing=("and the", "and my"),
    no_things=("money",),
)


def _meant(said: str, phrases: Phrases) -> list[str]:
    mention, _ = apart_from_order(_LINES, Mention.read({"mention": said}), _GOODS, phrases)
    return [line.id.removeprefix(f"{NUMBER}-") for line in lines_named(_LINES, mention, _GOODS, phrases)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("雨伞和电饭煲那单，电饭煲不要了", ["3"]),
        ("雨伞、电饭煲买的那单 行李箱不要了", ["2"]),
        ("雨伞和毯子那单，行李箱不要了", ["2"]),
        ("把电饭煲从雨伞那单里去掉", ["3"]),
        ("行李箱不要了，雨伞那单", ["2"]),
        ("雨伞那单", ["1"]),
        ("行李箱不要了，雨伞不要了", ["1", "2"]),
        ("除了行李箱 那单的都退", ["1", "3"]),
        ("除了行李箱那单，雨伞都退", ["1"]),
    ],
)
def test_names_before_the_words_for_an_order_only_point_at_it(said: str, meant: list[str]) -> None:
    assert _meant(said, _PHRASES) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the rice cooker in my umbrella order", ["3"]),
        ("in the umbrella and suitcase order drop the rice cooker", ["3"]),
        ("the order with the umbrella and the suitcase, drop the suitcase", ["2"]),
        ("cancel the umbrella order", ["1"]),
        ("a suitcase to order and an umbrella", ["1", "2"]),
    ],
)
def test_latin_names_point_at_an_order_before_and_behind_its_words(said: str, meant: list[str]) -> None:
    assert _meant(said, _ENGLISH) == meant


@pytest.mark.parametrize(
    ("said", "phrases", "is_more"),
    [
        ("雨伞和袋子不要了", _PHRASES, True),
        ("袋子和雨伞不要了", _PHRASES, True),
        ("雨伞和行李箱不要了", _PHRASES, False),
        ("雨伞和那个行李箱不要了", _PHRASES, False),
        ("雨伞和图片不一样", _PHRASES, False),
        ("雨伞和袋子留着", _PHRASES, False),
        ("雨伞不要了", _PHRASES, False),
        ("the umbrella and the basket", _ENGLISH, True),
        ("the umbrella and mirror", _ENGLISH, True),
        ("the umbrella and get it done", _ENGLISH, False),
        ("the umbrella and my money back", _ENGLISH, False),
        ("the umbrella and the suitcase", _ENGLISH, False),
    ],
)
def test_what_is_listed_beside_a_line_and_fits_none_is_noticed(said: str, phrases: Phrases, *, is_more: bool) -> None:
    assert names_more(_LINES, Mention.read({"mention": said}), _GOODS, phrases) is is_more


def test_a_word_for_a_shelf_names_the_one_thing_on_it_and_leaves_open_which_of_several() -> None:
    phrases = Phrases(clause_ends=_PHRASES.clause_ends, categories={_LINES[0].category: ("家纺",)})
    mention = Mention.read({"mention": "家纺不要了"})
    assert lines_named(_LINES[:1], mention, _GOODS, phrases) == _LINES[:1]
    assert lines_named(_LINES, mention, _GOODS, phrases) == ()


def test_what_is_only_to_be_kept_does_not_say_what_is_meant() -> None:
    kept, meant = (Mention.read({"mention": said}) for said in ("雨伞留着", "雨伞留着，行李箱不要了"))
    assert keeps_what_it_names(_LINES, kept, _GOODS, _PHRASES)
    assert not keeps_what_it_names(_LINES, meant, _GOODS, _PHRASES)


@given(st.text("雨伞行李箱和那单里的，、 umbrela and", max_size=30))
def test_any_words_leave_only_lines_of_the_order(said: str) -> None:
    for phrases in (_PHRASES, _ENGLISH):
        assert set(_meant(said, phrases)) <= {"1", "2", "3"}
