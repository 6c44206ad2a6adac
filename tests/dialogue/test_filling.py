"""Slots in whole dialogues: one by one, several at once, corrected, looked up."""

import pytest

from xiaoer.dialogue.filling import Filling, chosen
from xiaoer.events import SlotCleared
from xiaoer.pack import Phrases
from xiaoer.testing import Play, ScriptedShop, a_flow, a_message, a_pack

from .little_shop import a_play, little_shop

ADDRESS = "改到[杭州](region)[文三路9号](street)，电话[13800000000](phone)"


def test_a_task_asks_for_its_slots_one_by_one() -> None:
    play = a_play()
    assert play.say("我要改地址", "address.change") == ["which_region"]
    assert play.say("[杭州](region)") == ["which_street"]
    assert play.say("[文三路9号](street)") == ["which_phone"]
    assert play.say("[13800000000](phone)") == ["address_confirm"]
    assert play.slots == {"region": "杭州", "street": "文三路9号", "phone": "13800000000"}


def test_slots_given_with_the_wish_are_not_asked_for() -> None:
    play = a_play()
    assert play.say(ADDRESS, "address.change") == ["address_confirm"]


def test_slots_given_out_of_turn_are_taken() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.say("[杭州](region)，电话[13800000000](phone)") == ["which_street"]
    assert play.slots == {"region": "杭州", "phone": "13800000000"}


def test_a_slot_given_while_another_is_asked_for_leaves_that_one_open() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.say("电话[13800000000](phone)") == ["which_region"]


def test_a_slot_is_corrected_while_another_is_asked_for() -> None:
    play = a_play()
    play.say("改到[杭州](region)[文三路9号](street)", "address.change")
    assert play.say("等等，是[宁波](region)") == ["which_phone"]
    assert play.slots["region"] == "宁波"


def test_data_that_the_reading_calls_data_are_taken() -> None:
    play = a_play()
    play.say("改到[杭州](region)[文三路9号](street)", "address.change")
    assert play.say("地区是[宁波](region)", "inform") == ["which_phone"]
    assert play.slots["region"] == "宁波"


def test_an_answer_that_the_reading_calls_data_is_taken() -> None:
    play = a_play()
    play.say("改到[杭州](region)[文三路9号](street)", "address.change")
    assert play.say("电话是[13800000000](phone)", "inform") == ["address_confirm"]


def test_an_answer_and_a_correction_in_one_message_are_both_taken() -> None:
    play = a_play()
    play.say("改到[杭州](region)[文三路9号](street)", "address.change")
    assert play.say("[13800000000](phone)，还有是[宁波](region)") == ["address_confirm"]
    assert play.slots == {"region": "宁波", "street": "文三路9号", "phone": "13800000000"}


def test_the_wish_said_again_with_data_fills_slots() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.say("我要改地址到[杭州](region)", "address.change") == ["which_street"]


def test_the_wish_said_again_without_data_asks_the_open_question_again() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.say("我要改地址", "address.change") == ["which_region"]
    assert len(play.state.frames) == 1


def test_an_answer_with_free_text_is_taken_as_it_is() -> None:
    play = a_play()
    play.say("想团购", "bulk.request")
    assert play.say(" 两百条毛巾 ") == ["handed_over"]
    assert play.state.carried["wanted"].value == "两百条毛巾"


@pytest.mark.parametrize(
    ("said", "intent"), [("好的", "affirm"), ("行", "unheard_of"), ("都行吧", "affirm"), ("不要", "deny")]
)
def test_a_mere_yes_or_no_is_no_free_text(said: str, intent: str) -> None:
    play = a_play()
    play.say("想团购", "bulk.request")
    play.hear(a_message(said, intent, confidence=0.45))
    assert play.flow == "bulk.request"


def test_a_new_wish_is_no_free_text() -> None:
    play = a_play()
    play.say("想团购", "bulk.request")
    assert play.say("我要改地址", "address.change")[-1] == "which_region"
    assert "wanted" not in play.state.carried


INVOICE = """
flows:
  - name: invoice
    title: invoice
    about: invoice
    triggers: [invoice]
    needs_proof: false
    slots:
      - name: kind
        ask: which_kind
        choices: [{value: personal, title: 个人}, {value: company, title: 公司}]
      - {name: title, ask: which_title, entities: [title], free_text: true}
    steps:
      - ask: kind
      - ask: title
      - say: done
"""
TITLES = "entities: [{name: title, patterns: [a], leads: [抬头, ':'], trails: [谢谢, 快点]}]"


def asked_for_the_title() -> Play:
    play = Play(a_pack(flows=INVOICE, entities=TITLES), ScriptedShop())
    play.say("开票", "invoice")
    assert play.say("公司") == ["which_title"]
    return play


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("抬头: ABC 公司", "ABC 公司"),
        ("ABC 公司", "ABC 公司"),
        ("抬头", "抬头"),
        ("ABC 公司，谢谢", "ABC 公司"),
        ("ABC 公司～", "ABC 公司"),
        ("抬头 ABC 公司 快点！", "ABC 公司"),
    ],
)
def test_what_only_names_the_slot_or_rounds_it_off_is_no_part_of_free_text(said: str, title: str) -> None:
    play = asked_for_the_title()
    assert play.say(said) == ["done"]
    assert play.state.carried["title"].value == title


def test_the_name_of_an_option_fills_only_the_slot_that_was_asked_for() -> None:
    play = asked_for_the_title()
    assert play.say("[个人](title)", "inform") == ["done"]
    other = Play(a_pack(flows=INVOICE, entities=TITLES), ScriptedShop())
    assert other.say("开[个人](title)的票", "invoice") == ["which_title"]


# Choices


def returning_a_lamp() -> Play:
    play = a_play()
    assert play.say("退[1002](order_id)", "return.request") == ["why_return"]
    return play


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("第二个", "does_not_fit"),
        ("2", "does_not_fit"),
        ("就第一个吧", "faulty"),
        ("最后一个", "does_not_fit"),
        ("质量问题", "faulty"),
        ("开线了", "faulty"),
        ("有点太大了，穿不了", "does_not_fit"),
        ("faulty", "faulty"),
    ],
)
def test_a_choice_is_taken_by_its_place_its_title_its_value_or_other_words(said: str, value: str) -> None:
    play = returning_a_lamp()
    assert play.say(said) == ["return_confirm"]
    assert play.slots["reason"] == value


@pytest.mark.parametrize("said", ["坏了，也太大", "嗯", "？？？", "第三个"])
def test_what_means_no_choice_or_two_is_asked_again(said: str) -> None:
    play = returning_a_lamp()
    assert play.say(said) == ["not_understood", "why_return"]
    assert "reason" not in play.slots


def test_a_choice_said_with_the_wish_is_taken() -> None:
    play = a_play()
    assert play.say("[1002](order_id)的灯坏了要退", "return.request") == ["return_confirm"]
    assert play.slots["reason"] == "faulty"


# Look-ups


def test_a_look_up_with_one_finding_is_taken_without_asking() -> None:
    play = a_play()
    assert play.say("退[台灯](product)", "return.request") == ["why_return"]
    assert play.slots == {"order": "1002", "line": "台灯"}


def test_a_look_up_with_several_findings_shows_them_as_choices() -> None:
    play = a_play()
    assert play.say("退[白色T恤](product)", "return.request") == ["which_order"]
    (asked,) = play.spoken
    assert [choice.value for choice in getattr(asked, "choices", ())] == ["1001", "1003"]
    assert getattr(asked, "known", {})["found"] == "several"


@pytest.mark.parametrize(("said", "order"), [("第二个", "1003"), ("1001", "1001"), ("[1003](order_id)", "1003")])
def test_one_of_several_findings_is_chosen_by_place_title_or_name(said: str, order: str) -> None:
    play = a_play()
    play.say("退[白色T恤](product)", "return.request")
    play.say(said)
    assert play.slots["order"] == order


def test_free_words_are_looked_up() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    assert play.say("那个[台灯](product)") == ["why_return"]
    assert play.slots["order"] == "1002"


def test_a_look_up_that_matches_nothing_says_so_and_shows_all() -> None:
    play = a_play()
    assert play.say("退[9999](order_id)", "return.request") == ["which_order"]
    (asked,) = play.spoken
    assert getattr(asked, "known", {})["found"] == "unmatched"
    assert [choice.value for choice in getattr(asked, "choices", ())] == ["1001", "1002", "1003"]


def test_a_look_up_with_nothing_to_choose_from_ends_the_task() -> None:
    play = a_play(shop=little_shop({}))
    assert play.say("我要退货", "return.request") == ["no_orders"]
    assert play.state.frames == ()


def test_words_that_point_at_nothing_count_as_not_understood() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    assert play.say("嗯那个") == ["which_order"]
    assert play.state.misunderstandings == 1


def test_a_line_of_the_old_order_is_dropped_when_the_order_is_corrected() -> None:
    play = a_play()
    play.say("退[1001](order_id)", "return.request")
    play.say("[黑色](colour)的")
    assert play.slots == {"order": "1001", "line": "黑色T恤"}
    assert play.say("不对，是[1002](order_id)那单") == ["why_return"]
    assert play.slots == {"order": "1002", "line": "台灯"}
    assert any(isinstance(event, SlotCleared) and event.slot == "line" for event in play.events)


def test_an_order_named_again_stays_as_it_is() -> None:
    play = a_play()
    play.say("退[1001](order_id)", "return.request")
    looked_up = [action for action in play.actions if action.action == "order.find"]
    play.say("[1001](order_id)的[黑色](colour)那件")
    assert play.slots == {"order": "1001", "line": "黑色T恤"}
    assert [action for action in play.actions if action.action == "order.find"] == looked_up


def test_a_product_that_answers_which_line_leaves_the_order_alone() -> None:
    play = a_play()
    play.say("退[1003](order_id)", "return.request")
    assert play.say("[白色T恤](product)") == ["why_return"]
    assert play.slots == {"order": "1003", "line": "白色T恤"}


def test_the_order_of_the_task_before_is_known_to_the_next() -> None:
    play = a_play()
    play.say("[1002](order_id)到哪了", "order.status")
    assert play.say("那退了吧", "return.request") == ["why_return"]
    assert play.slots["order"] == "1002"


def test_what_a_flow_finds_is_told_with_its_facts() -> None:
    play = a_play()
    assert play.say("[1002](order_id)到哪了", "order.status") == ["order_progress"]
    (told,) = play.spoken
    assert getattr(told, "known", {})["order_read"] == {"state": "shipped"}


# Proof


def test_a_task_that_needs_proof_waits_for_the_sign_in_and_goes_on_by_itself() -> None:
    play = a_play(customer="")
    assert play.say("退[1002](order_id)，坏了", "return.request") == ["sign_in_needed"]
    assert play.actions == []
    assert play.sign_in("c1") == ["return_confirm"]


def test_without_proof_only_the_sign_in_is_asked_for_again() -> None:
    play = a_play(customer="")
    play.say("我要退货", "return.request")
    assert play.say("[1002](order_id)")[-1] == "sign_in_needed"
    assert play.actions == []
    assert play.sign_in("c1") == ["why_return"]


def test_a_sign_in_without_a_task_says_nothing() -> None:
    assert a_play(customer="").sign_in("c1") == []


# Values with a cue

CUED = """
triggers: [return.request]
slots:
  - {name: quantity, ask: how_many, entities: [quantity], cues: [退, 只退]}
  - {name: why, ask: why, free_text: true}
steps:
  - ask: why
  - ask: quantity
  - do: shop.note
    with: {quantity: quantity, why: why}
    as: done
  - say: done
"""


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("买了[两个](quantity) 只退 [一个](quantity)", "一个"),
        ("退[一个](quantity)，买了[两个](quantity)", "一个"),
        ("买了[两个](quantity)，想退", None),
    ],
)
def test_a_value_with_a_cue_is_the_one_right_after_it(said: str, pieces: str | None) -> None:
    flow = a_flow(CUED)
    heard = a_message(said, "return.request").whole()
    found = Filling(flow, {}, filled={}).said(heard)
    assert {name: value.value for name, value in found.items()} == ({} if pieces is None else {"quantity": pieces})


def test_an_asked_value_needs_no_cue() -> None:
    heard = a_message("[一个](quantity)", "inform").whole()
    found = Filling(a_flow(CUED), {}, filled={}, asked="quantity").said(heard)
    assert found["quantity"].value == "一个"


# Options of Latin letters

KINDS = """
triggers: [return.request]
slots:
  - name: kind
    ask: which_kind
    choices: [{value: special, title: Tax Exempt, says: [special, EIN]}, {value: personal, title: Personal}]
steps:
  - ask: kind
  - do: shop.note
    with: {kind: kind}
    as: done
  - say: done
"""


@pytest.mark.parametrize(
    ("said", "kind"),
    [("tax exempt please", "special"), ("PERSONAL", "personal"), ("with my ein", "special"), ("especially mine", None)],
)
def test_a_latin_option_is_named_in_any_case_by_whole_words(said: str, kind: str | None) -> None:
    option = chosen(a_flow(KINDS).slots[0], said, Phrases())
    assert (option and option.value) == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("not tax exempt, personal", "personal"),
        ("not the tax exempt one", None),
        ("personal, and not tax exempt", "personal"),
        ("why not, tax exempt", "special"),
    ],
)
def test_a_refused_option_is_not_chosen(said: str, kind: str | None) -> None:
    option = chosen(a_flow(KINDS).slots[0], said, Phrases(refuses=("not",)))
    assert (option.value if option else None) == kind


SPURNING = """
triggers: [order.change_items]
slots:
  - {name: number, ask: how_many, entities: [count], cues: [减], cues_behind: [就够], spurns: [不要, 别, 留]}
steps:
  - ask: number
"""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("不要[两双](count)，[一双](count)就够", "一双"),
        ("[三双](count)减[一双](count)", "一双"),
        ("别减[一双](count)", None),
        ("买了[三双](count)", None),
        ("留[一双](count)，减[两双](count)", "两双"),
    ],
)
def test_a_number_is_taken_by_the_words_around_it_and_not_where_it_is_spurned(said: str, found: str | None) -> None:
    heard = a_message(said, "order.change_items").whole()
    value = Filling(a_flow(SPURNING), {}, filled={}).said(heard).get("number")
    assert (value.value if value else None) == found
