"""Values that are given in pieces: an address over several messages, a name between marks, in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.dialogue.parted import front_of, joined, without_lead
from xiaoer.pack import PackError
from xiaoer.testing import Play, a_flow

from .corner_shop import a_corner

PARTS = ("[^省市区]{2,3}省", "[^省市区]{2,3}市", "[^省市区]{1,3}区")


def changing_the_address(*said: str) -> Play:
    play = a_corner()
    play.say("改地址", "address.change")
    for message in said:
        play.say(message, "inform")
    return play


# What stands before a value


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("地止江苏省苏州市听荷街", "江苏省苏州市听荷街"),
        ("江苏省苏州市", "江苏省苏州市"),
        ("南路江苏省巷12号", "南路江苏省巷12号"),
        ("听荷街19号", "听荷街19号"),
        ("", ""),
    ],
)
def test_a_few_characters_before_two_parts_are_cut_off(said: str, left: str) -> None:
    assert without_lead(PARTS, said) == left


# The parts of a value


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("", "江苏省苏州市姑苏区", "江苏省苏州市姑苏区"),
        ("江苏省苏州市", "姑苏区", "江苏省苏州市姑苏区"),
        ("江苏省苏州市姑苏区", "吴中区", "江苏省苏州市吴中区"),
        ("江苏省苏州市姑苏区", "无锡市", "江苏省无锡市"),
        ("江苏省苏州市姑苏区", "浙江省宁波市", "浙江省宁波市"),
        ("宁波", "鄞州区", "宁波鄞州区"),
        ("宁波", "杭州市", "杭州市"),
        ("江苏省苏州市", "宁波", "宁波"),
    ],
)
def test_a_part_said_later_takes_the_place_of_the_old_one_and_of_those_after_it(old: str, new: str, value: str) -> None:
    assert joined(PARTS, old, new) == value


@given(st.text("江苏省州市区路1", max_size=20))
def test_the_front_of_words_is_their_beginning(words: str) -> None:
    assert words.startswith(front_of(PARTS, words))


def test_a_part_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(PackError, match="not a regular expression"):
        a_flow("slots: [{name: region, ask: which, parts: ['[']}]\nsteps: [{say: done}]")


# In a dialogue


def test_a_region_and_a_street_in_two_messages_are_one_address() -> None:
    play = changing_the_address("[江苏省苏州市姑苏区](address)")
    assert play.slots == {"region": "江苏省苏州市姑苏区"}
    assert play.say("[麦浪路66号](address)", "inform") == ["address_confirm"]
    assert play.state.frame is not None
    assert play.state.frame.slots["street"].shown == "江苏省苏州市姑苏区麦浪路66号"
    assert play.slots["street"] == "麦浪路66号"


def test_a_district_that_comes_with_the_street_goes_to_the_city_said_before() -> None:
    play = changing_the_address("[江苏省苏州市](region)", "[姑苏区麦浪路66号](address)")
    assert (play.slots["region"], play.slots["street"]) == ("江苏省苏州市姑苏区", "麦浪路66号")


def test_another_whole_address_takes_the_place_of_the_first() -> None:
    play = changing_the_address("[江苏省苏州市姑苏区麦浪路66号](address)", "[浙江省宁波市橘灯街15号](address)")
    assert (play.slots["region"], play.slots["street"]) == ("浙江省宁波市", "橘灯街15号")


def test_another_street_alone_stays_in_its_city() -> None:
    play = changing_the_address("[江苏省苏州市姑苏区麦浪路66号](address)", "[麦浪路68号](address)")
    assert (play.slots["region"], play.slots["street"]) == ("江苏省苏州市姑苏区", "麦浪路68号")


def test_a_changed_district_is_shown_with_the_street_said_before() -> None:
    play = changing_the_address("[江苏省苏州市姑苏区麦浪路66号](address)", "是[吴中区](address)")
    assert play.state.frame is not None
    assert play.state.frame.slots["street"].shown == "江苏省苏州市吴中区麦浪路66号"


@pytest.mark.parametrize(
    "said",
    [
        "[江苏省苏州市麦浪路66号](address)，李晓雯，[13900000000](phone)",
        "李晓雯，[13900000000](phone)，[江苏省苏州市麦浪路66号](address)",
        "[13900000000](phone) [江苏省苏州市麦浪路66号](address) 李晓雯收",
    ],
)
def test_a_name_between_marks_is_taken_beside_other_data_in_any_order(said: str) -> None:
    play = changing_the_address(said)
    assert (play.slots["person"], play.slots["phone"]) == ("李晓雯", "13900000000")
    assert play.slots["street"] == "麦浪路66号"


def test_what_is_no_name_between_marks_is_left_alone() -> None:
    play = changing_the_address("[江苏省苏州市麦浪路66号](address)，谢谢，[13900000000](phone)")
    assert "person" not in play.slots


def test_a_bare_name_is_taken_where_a_message_gives_data_only() -> None:
    play = changing_the_address("[江苏省苏州市麦浪路66号](address)", "李晓雯")
    assert play.slots["person"] == "李晓雯"


def test_a_bare_name_in_a_wish_is_no_data() -> None:
    play = changing_the_address("[江苏省苏州市麦浪路66号](address)")
    play.say("王牌 怎么用", "goods.usage")
    assert "person" not in play.slots


def test_a_value_without_a_normal_form_keeps_the_letters_of_the_customer() -> None:
    play = changing_the_address("[ＡＢ路6号B座](address)")
    assert play.slots["street"] == "AB路6号B座"


def test_an_address_changed_at_the_confirm_needs_a_new_yes_though_nothing_asked_for_the_phone() -> None:
    play = changing_the_address("[麦浪路66号](address)")
    play.say("[13900000000](phone)", "inform")
    assert play.say("好的") == ["address_done"]
    (effect,) = play.effects
    assert effect.arguments == {"street": "麦浪路66号", "phone": "13900000000"}


# Data out of the blue


def test_an_address_given_out_of_the_blue_begins_its_task_and_changes_nothing_yet() -> None:
    play = a_corner()
    assert play.say("寄到[江苏省苏州市麦浪路66号](address)", "inform") == ["address_confirm"]
    assert play.effects == []
    assert play.say("不要") == []
    assert play.effects == []


def test_an_address_of_somebody_unknown_begins_nothing() -> None:
    assert a_corner(customer="").say("[江苏省苏州市麦浪路66号](address)", "inform") == ["inform_what"]


def test_an_address_given_in_another_task_interrupts_nothing() -> None:
    play = a_corner()
    play.say("取消[1001](order_id)", "order.cancel")
    play.say("[江苏省苏州市麦浪路66号](address)", "inform")
    assert play.flow == "order.cancel"


def test_other_data_out_of_the_blue_begin_nothing() -> None:
    assert a_corner().say("[13900000000](phone)", "inform") == ["inform_what"]
