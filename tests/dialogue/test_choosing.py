"""What a short message means in the light of an open question."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiaoer.dialogue.matching import (
    begins_giving_up,
    choose,
    choose_several,
    denies,
    gives_up,
    has_question_mark,
    plain,
    says_no,
    says_yes,
)
from xiaoer.events import Choice
from xiaoer.pack import Phrases

PHRASES = Phrases(
    yes=("好", "好的", "可以"),
    no=("不", "不要"),
    give_up=("算了",),
    ordinals=(("第一个", "1"), ("第二个", "2"), ("第三个", "3")),
    last=("最后一个",),
)
SHIRTS = (
    Choice(value="a", title="白色T恤", says=("白的",)),
    Choice(value="b", title="黑色T恤", says=("黑的",)),
    Choice(value="c", title="白色短裤"),
)


@pytest.mark.parametrize(
    ("text", "is_yes"), [("好的", True), ("好 的～", True), ("好的吧那就", False), ("不要", False)]
)
def test_only_a_whole_message_is_a_yes(text: str, *, is_yes: bool) -> None:
    assert says_yes(text, PHRASES) == is_yes


def test_traditional_and_full_width_writing_counts_as_well() -> None:
    assert choose("１", SHIRTS, PHRASES) == SHIRTS[0]
    assert choose("黑色t恤", SHIRTS, PHRASES) == SHIRTS[1]
    assert choose("最後一個", SHIRTS, PHRASES) == SHIRTS[2]


@pytest.mark.parametrize(
    ("text", "is_yes"), [("👌", True), ("👌🏽 👌", True), ("👍", False), ("👌不", False), ("！", False)]
)
def test_a_listed_sign_alone_is_a_yes(text: str, *, is_yes: bool) -> None:
    assert says_yes(text, Phrases(yes=("好", "👌"))) == is_yes


@pytest.mark.parametrize(("text", "is_denial"), [("好的，退吧", False), ("先不退", True), ("不，好的", True)])
def test_a_no_anywhere_in_a_message_denies(text: str, *, is_denial: bool) -> None:
    assert denies(text, PHRASES) == is_denial


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("第二个", 1),
        ("2", 1),
        ("就要第三个吧", 2),
        ("最后一个", 2),
        ("白色T恤", 0),
        ("b", 1),
        ("黑的", 1),
        ("要黑的那件", 1),
        ("白色短裤就行", 2),
    ],
)
def test_a_choice_is_found_by_place_value_title_and_other_words(text: str, place: int) -> None:
    assert choose(text, SHIRTS, PHRASES) == SHIRTS[place]


@pytest.mark.parametrize("text", ["", "  ", "？！", "随便", "白的和黑的", "12"])
def test_what_points_at_none_or_several_chooses_nothing(text: str) -> None:
    assert choose(text, SHIRTS, PHRASES) is None


def test_a_part_of_the_words_of_just_one_choice_means_it() -> None:
    assert choose("短裤", SHIRTS, PHRASES) == SHIRTS[2]
    assert choose("T恤", SHIRTS, PHRASES) is None


@pytest.mark.parametrize(("text", "place"), [("短裤那条", 2), ("嗯短裤嘛", 2), ("黑色那件", 1)])
def test_a_thing_is_meant_by_a_piece_of_its_name_where_that_is_allowed(text: str, place: int) -> None:
    assert choose(text, SHIRTS, PHRASES) is None
    assert choose(text, SHIRTS, PHRASES, is_loose=True) == SHIRTS[place]


@pytest.mark.parametrize(("text", "is_denial"), [("i know that", False), ("no thanks", True), ("Know-how, no!", True)])
def test_words_of_latin_letters_stand_apart(text: str, *, is_denial: bool) -> None:
    assert denies(text, Phrases(no=("no", "not now"))) == is_denial


def test_a_mark_makes_a_question_of_anything() -> None:
    phrases = Phrases(questions=("?", "？", "what"))
    assert has_question_mark("好的？", phrases)
    assert not has_question_mark("what", phrases)


def test_a_place_beyond_the_list_is_no_choice() -> None:
    assert choose("第三个", SHIRTS[:2], PHRASES) is None


def test_nothing_is_chosen_from_nothing() -> None:
    assert choose("第一个", (), PHRASES) is None


@given(st.text())
def test_no_message_is_two_of_yes_no_and_given_up(text: str) -> None:
    assert [says_yes(text, PHRASES), says_no(text, PHRASES), gives_up(text, PHRASES)].count(True) <= 1


@given(st.text())
@example("A:AA")
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(), st.permutations(SHIRTS))
def test_what_is_chosen_is_one_of_the_choices(text: str, choices: list[Choice]) -> None:
    assert choose(text, choices, PHRASES) in {None, *choices}


@given(st.permutations(SHIRTS), st.sampled_from(["白色T恤", "要黑的那件", "白色短裤", "随便"]))
def test_words_choose_the_same_thing_in_any_order_of_the_list(choices: list[Choice], text: str) -> None:
    assert choose(text, choices, PHRASES) == choose(text, SHIRTS, PHRASES)


# Words of Latin letters

CHOICES = (
    Choice(value="a", title="Copper Rice Cooker", says=("rice cooker", "cooker")),
    Choice(value="b", title="Price Tag Holder", says=("tag holder",)),
    Choice(value="c", title="Quiet Air Fryer", says=("air fryer",)),
)
ENGLISH = Phrases(ordinals=(("first", "1st"), ("second", "top one")), last=("last", "the last"))


@pytest.mark.parametrize(
    ("text", "place"), [("rice", 0), ("The rice cooker please", 0), ("airfryer", 2), ("my tag holder", 1), ("1st", 0)]
)
def test_latin_words_of_choices_are_compared_whole(text: str, place: int) -> None:
    assert choose(text, CHOICES, ENGLISH) == CHOICES[place]


@pytest.mark.parametrize("text", ["on the 21st", "plastic", "stop one", "ice", "a fry", "wait first of all"])
def test_a_latin_word_inside_another_chooses_nothing(text: str) -> None:
    assert choose(text, CHOICES, ENGLISH, is_loose=True) is None


PLACES = Phrases(ordinals=(("first", "the first", "the first one"), ("the second", "the second one", "2nd one")))


@pytest.mark.parametrize(
    ("text", "place"), [("i'd take the second", 1), ("the second, please", 1), ("hm the first one i think", 0)]
)
def test_a_latin_place_in_a_longer_message_ends_it_or_says_what_it_places(text: str, place: int) -> None:
    assert choose(text, CHOICES, PLACES) == CHOICES[place]


@pytest.mark.parametrize("text", ["it broke the second time", "the first week it was fine"])
def test_a_latin_place_of_something_else_chooses_nothing(text: str) -> None:
    assert choose(text, CHOICES, PLACES) is None


DROPS = Phrases(give_up=("nm", "stop", "forget it"), no=("no",), corrects=("actually",))


@pytest.mark.parametrize("text", ["nm", "stop, please", "actually forget it", "no forget it", "hm, forget it"])
def test_a_task_is_dropped_by_a_part_between_marks(text: str) -> None:
    assert gives_up(text, DROPS)


@pytest.mark.parametrize("text", ["Albuquerque, NM 87106", "please stop the truck", "i can't forget it broke"])
def test_a_latin_word_among_others_drops_no_task(text: str) -> None:
    assert not gives_up(text, DROPS)


@pytest.mark.parametrize(("text", "drops"), [("forget it i'll wait", True), ("stopped working", False)])
def test_a_message_begins_to_drop_a_task_by_whole_words(text: str, *, drops: bool) -> None:
    assert begins_giving_up(text, DROPS) == drops


@pytest.mark.parametrize(("text", "place"), [("the price thing", 1), ("that quiet thing", 2), ("the fryer i guess", 2)])
def test_a_latin_thing_is_meant_by_whole_words_of_its_name(text: str, place: int) -> None:
    assert choose(text, CHOICES, ENGLISH) is None
    assert choose(text, CHOICES, ENGLISH, is_loose=True) == CHOICES[place]


# Several at once

PHRASES_OF_SEVERAL = Phrases(
    ordinals=(("第一个", "第一"), ("第二个", "第二"), ("第三个", "第三")),
    clause_ends=("，", " "),
    all_of_them=("都要", "全部都", "都退"),
    all_alone=("全部", "都"),
    first_of=("前{}个",),
    last_of=("后{}个",),
    the_rest=("其他",),
    keeps=("留着",),
    excepts=("除了",),
    excepted=("以外",),
    also=("也",),
)
THINGS = [Choice(value=str(at), title=title) for at, title in enumerate(("雨伞", "杯子", "毛衣"))]


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("第一个和第三个", [0, 2]),
        ("第三个第二个", [1, 2]),
        ("全部", [0, 1, 2]),
        ("都", [0, 1, 2]),
        ("都要吧", [0, 1, 2]),
        ("前两个", [0, 1]),
        ("后两个吧", [1, 2]),
        ("前九个", []),
        ("1和3", [0, 2]),
        ("3、1", [0, 2]),
        ("1和4", []),
        ("13", []),
        ("第二个", []),
        ("杯子和毛衣", [1, 2]),
        ("杯子", []),
        ("除了杯子都退", [0, 2]),
        ("都退，除了杯子", [0, 2]),
        ("除了第一个", [1, 2]),
        ("杯子以外都退", [0, 2]),
        ("除了杯子和毛衣其他都退", [0]),
        ("除了那个都退", []),
        ("除了杯子，毛衣也要退", [1, 2]),
        ("除了杯子也退毛衣，其他都退", [0]),
        ("杯子留着，其他退了", [0, 2]),
        ("杯子留着其他退了", [0, 2]),
        ("杯子毛衣退，其他留着", [1, 2]),
        ("算了", []),
    ],
)
def test_several_are_chosen_by_place_by_name_all_of_them_or_all_but_some(said: str, places: list[int]) -> None:
    assert [int(c.value) for c in choose_several(said, THINGS, PHRASES_OF_SEVERAL)] == places
