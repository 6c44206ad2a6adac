"""Changes of the shop: only after a plain yes to exactly what was shown, and only once."""

import pytest
from msgspec import structs

from xiaoer.dialogue import Message, UnconfirmedEffectError
from xiaoer.events import Confirmed, QuestionAsked
from xiaoer.testing import Play, ScriptedShop, a_message, a_pack, an_outcome

from .corner_shop import a_corner
from .little_shop import a_play, little_pack, little_shop

FLOW_WITHOUT_CONFIRM = """
flows:
  - name: hasty
    title: hasty
    about: hasty
    triggers: [hasty]
    needs_proof: false
    steps:
      - do: order.cancel
"""


def asked_to_confirm() -> Play:
    play = a_play()
    assert play.say("改到[杭州](region)[文三路9号](street)[13800000000](phone)", "address.change") == [
        "address_confirm"
    ]
    return play


@pytest.mark.parametrize("yes", ["好的", "好的！", " 可以。", "行👌", "確認"])
def test_a_yes_changes_the_shop_once(yes: str) -> None:
    play = asked_to_confirm()
    assert play.say(yes) == ["address_done"]
    (effect,) = play.effects
    assert effect.arguments == {"region": "杭州", "street": "文三路9号", "phone": "13800000000"}
    assert play.state.frames == ()


def test_a_yes_by_its_intent_changes_the_shop() -> None:
    play = asked_to_confirm()
    assert play.say("没毛病，就这么办", "affirm") == ["address_done"]


def test_a_yes_that_repeats_the_wish_changes_the_shop() -> None:
    play = asked_to_confirm()
    assert play.say("好的，改地址", "address.change") == ["address_done"]


@pytest.mark.parametrize("said", ["不要", "不行！"])
def test_a_no_changes_nothing(said: str) -> None:
    play = asked_to_confirm()
    assert play.say(said) == ["nothing_changed"]
    assert (play.effects, play.state.frames) == ([], ())


@pytest.mark.parametrize("said", ["不要，取消改地址", "不行，先别改了"])
def test_a_no_in_front_counts_though_the_wish_is_named_behind_it(said: str) -> None:
    play = asked_to_confirm()
    assert play.say(said, "address.change") == ["nothing_changed"]
    assert play.effects == []


@pytest.mark.parametrize("said", ["不要，好的", "不要问了，改地址吧"])
def test_a_no_that_a_yes_follows_decides_nothing(said: str) -> None:
    play = asked_to_confirm()
    assert "nothing_changed" not in play.say(said, "address.change")
    assert play.effects == []


def test_a_no_by_its_intent_changes_nothing() -> None:
    play = asked_to_confirm()
    assert play.say("先别弄了", "deny") == ["nothing_changed"]
    assert play.effects == []


def test_a_no_without_a_branch_gives_the_task_up() -> None:
    play = a_play()
    play.say("[1001](order_id)换[黑色](colour)的", "exchange.request")
    assert play.say("不要") == []
    assert (play.effects, play.state.frames) == ([], ())


def test_a_message_that_is_neither_yes_nor_no_asks_again() -> None:
    play = asked_to_confirm()
    assert play.say("哦") == ["not_understood", "address_confirm"]
    assert play.effects == []


def test_a_slot_changed_at_the_confirm_needs_a_new_yes() -> None:
    play = asked_to_confirm()
    assert play.say("电话是[13900000000](phone)") == ["address_confirm"]
    assert play.effects == []
    play.say("好的")
    assert play.effects[0].arguments["phone"] == "13900000000"


@pytest.mark.parametrize("intent", ["affirm", "address.change"])
def test_a_yes_with_a_correction_is_no_yes(intent: str) -> None:
    play = asked_to_confirm()
    assert play.say("好的，但是电话改成[13900000000](phone)", intent)[-1] == "address_confirm"
    assert play.effects == []
    assert not [event for event in play.events if isinstance(event, Confirmed)]


@pytest.mark.parametrize("intent", ["affirm", "inform"])
def test_a_correction_at_the_confirm_is_taken_whatever_the_reading_calls_it(intent: str) -> None:
    play = asked_to_confirm()
    assert play.say("好的，但是电话改成[13900000000](phone)", intent) == ["address_confirm"]
    assert play.slots["phone"] == "13900000000"


@pytest.mark.parametrize("intent", ["affirm", "address.change"])
def test_a_yes_with_a_reservation_in_words_is_no_yes(intent: str) -> None:
    play = asked_to_confirm()
    play.say("好的，但是会多收运费吗", intent)
    assert play.effects == []


def test_a_yes_before_a_correction_does_not_hold_after_it() -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    play.say("换成[1001](order_id)那单")
    assert "return.open" not in [action.action for action in play.actions]
    play.say("[黑色](colour)")
    assert play.say("好的") == ["return_done"]
    assert play.effects[0].arguments == {"order": "1001", "line": "黑色T恤", "reason": "faulty"}


@pytest.mark.parametrize(("confidence", "order"), [(0.8, "1002"), (0.95, "1001")])
def test_what_may_not_be_a_name_at_all_points_at_no_other_thing(confidence: float, order: str) -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    message = a_message("[1001](order_id)那单", "inform")
    (named,) = message.reading.entities
    reading = structs.replace(message.reading, entities=(structs.replace(named, confidence=confidence),))
    play.hear(Message(message.text, reading))
    assert play.slots["order"] == order


def test_a_corrected_slot_set_back_still_shows_what_is_confirmed() -> None:
    play = asked_to_confirm()
    play.say("电话是[13900000000](phone)")
    play.say("还是[13800000000](phone)")
    play.say("好的")
    confirms = [event for event in play.events if isinstance(event, QuestionAsked) and event.kind == "confirm"]
    (yes,) = [event for event in play.events if isinstance(event, Confirmed)]
    assert yes.digest == confirms[-1].digest
    assert play.effects[0].arguments["phone"] == "13800000000"


def test_yes_without_a_question_changes_nothing() -> None:
    play = a_play()
    assert play.say("好的", "affirm") == ["affirm"]
    assert play.effects == []


def test_a_second_yes_changes_nothing_more() -> None:
    play = asked_to_confirm()
    play.say("好的")
    play.say("好的", "affirm")
    assert len(play.effects) == 1


def test_the_same_task_asked_for_again_is_another_change() -> None:
    play = asked_to_confirm()
    play.say("好的")
    play.say("改到[宁波](region)[中山路1号](street)[13800000000](phone)", "address.change")
    play.say("好的")
    assert [effect.arguments["region"] for effect in play.effects] == ["杭州", "宁波"]
    assert len({effect.key for effect in play.effects}) == 2


def test_a_yes_holds_when_another_wish_comes_with_it() -> None:
    play = asked_to_confirm()
    assert play.say("好的|另外我要退[1002](order_id)", "affirm", "return.request") == [
        "address_done",
        "next_wish",
        "why_return",
    ]
    assert len(play.effects) == 1


def test_a_flow_that_would_change_the_shop_unasked_is_stopped() -> None:
    play = Play(a_pack(flows=FLOW_WITHOUT_CONFIRM), ScriptedShop(effects={"order.cancel": an_outcome()}))
    with pytest.raises(UnconfirmedEffectError):
        play.say("取消", "hasty")
    assert play.effects == []


def test_a_refusal_of_the_rules_changes_nothing() -> None:
    play = a_play(shop=little_shop(check=an_outcome("refused", reason="too_late")))
    assert play.say("退[1002](order_id)，坏了", "return.request") == ["return_refused", "offer_exchange"]
    assert play.effects == []


# What is a yes, where the wish is said again


def asked_to_cancel() -> Play:
    play = a_corner()
    assert play.say("取消[1001](order_id)，买错了", "order.cancel") == ["cancel_confirm"]
    return play


@pytest.mark.parametrize("said", ["我要取消订单", "要取消", "要 取消订单", "取消订单", "取消1001", "帮我取消一下嘛"])
def test_the_wish_said_again_without_a_yes_shows_again_what_will_be_done(said: str) -> None:
    play = asked_to_cancel()
    assert play.say(said, "order.cancel") == ["cancel_confirm"]
    assert play.effects == []


@pytest.mark.parametrize(
    "said", ["取消", "取消吧", "行 取消", "好的，取消", "确定取消", "好的取消吧！", "对，取消订单", "问过他了 取消吧"]
)
def test_a_yes_before_the_wish_or_the_task_named_in_short_is_a_yes(said: str) -> None:
    play = asked_to_cancel()
    assert play.say(said, "order.cancel") == ["cancel_done"]


@pytest.mark.parametrize("intent", ["affirm", "order.cancel", "unheard_of"])
@pytest.mark.parametrize("said", ["好的？", "可以，但是运费你们出", "行，取消要几天", "好的，别取消"])
def test_a_yes_with_a_question_or_a_reservation_is_none_whatever_the_reading(said: str, intent: str) -> None:
    play = asked_to_cancel()
    play.say(said, intent)
    assert play.effects == []


@pytest.mark.parametrize(("confidence", "changes"), [(0.45, 0), (0.55, 1)])
def test_words_that_only_read_as_a_yes_must_read_so_surely(confidence: float, changes: int) -> None:
    play = asked_to_cancel()
    play.hear(a_message("没毛病", "affirm", confidence=confidence))
    assert len(play.effects) == changes


def test_the_wish_said_after_a_moment_to_think_still_needs_a_yes() -> None:
    play = asked_to_cancel()
    play.say("等我问问", "hold")
    assert play.say("我要取消", "order.cancel")[-1] == "cancel_confirm"
    assert play.effects == []


# Reasons given while the yes is awaited


@pytest.mark.parametrize(
    ("said", "intent"), [("买重了", "payment.problem"), ("其实就是买错了", "order.cancel"), ("拍错了嘛", "chat")]
)
def test_the_reason_said_again_at_the_confirm_only_shows_again_what_will_be_done(said: str, intent: str) -> None:
    play = asked_to_cancel()
    assert play.say(said, intent) == ["cancel_confirm"]
    assert (play.slots["reason"], play.effects) == ("wrong", [])


def test_another_reason_at_the_confirm_changes_it_and_needs_a_new_yes() -> None:
    play = asked_to_cancel()
    assert play.say("其实是贵了", "goods.price") == ["cancel_confirm"]
    assert (play.slots["reason"], play.effects) == ("price", [])
    play.say("好的")
    assert play.effects[0].arguments["reason"] == "price"


def test_a_remark_at_the_confirm_is_no_question_for_the_knowledge() -> None:
    play = asked_to_cancel()
    assert play.say("家里有优惠券剩着呢", "chat") == ["cancel_confirm"]


# Giving up


@pytest.mark.parametrize("said", ["算了", "算了。", "不办了"])
def test_a_task_is_given_up_in_words(said: str) -> None:
    play = asked_to_confirm()
    assert play.say(said) == ["flow_given_up"]
    assert (play.effects, play.state.frames) == ([], ())


@pytest.mark.parametrize("wish", ["return.request", "bulk.request"], ids=["look-up", "free text"])
def test_a_task_is_given_up_in_words_whatever_it_asks_for(wish: str) -> None:
    play = a_play()
    play.say("帮我办一下", wish)
    assert play.say("算了") == ["flow_given_up"]


def test_a_task_is_given_up_by_an_intent_of_its_own() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    assert play.say("又不想退了", "return.withdraw") == ["flow_given_up"]
    assert play.state.frames == ()


def test_an_unsure_reading_gives_nothing_up() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    play.hear(a_message("退不退呢", "return.withdraw", confidence=0.2))
    assert play.flow == "return.request"


def test_giving_up_without_a_task_is_let_go() -> None:
    assert a_play().say("算了") == ["nothing_more"]


# Offers


def refused_with_an_offer() -> Play:
    play = a_play(shop=little_shop(check=an_outcome("refused")))
    play.say("退[1001](order_id)的[黑色](colour)，太大", "return.request")
    assert [getattr(said, "reply", "") for said in play.spoken] == ["return_refused", "offer_exchange"]
    return play


def test_yes_to_an_offer_begins_the_other_task_with_the_slots_they_share() -> None:
    play = refused_with_an_offer()
    assert play.say("好的") == ["which_colour"]
    assert (play.flow, play.slots) == ("exchange.request", {"order": "1001"})
    assert len(play.state.frames) == 1


def test_an_offer_hands_over_what_the_other_task_calls_otherwise() -> None:
    play = a_play(shop=little_shop(check=an_outcome("refused")))
    play.say("退[1001](order_id)的[黑色](colour)，坏了", "return.request")
    play.say("好的")
    assert (play.flow, play.slots) == ("exchange.request", {"order": "1001", "fault": "faulty"})


def test_a_wish_for_the_task_that_is_offered_takes_the_offer() -> None:
    play = refused_with_an_offer()
    assert play.say("那就给我换货", "exchange.request") == ["which_colour"]
    assert (play.flow, play.slots) == ("exchange.request", {"order": "1001"})
    assert len(play.state.frames) == 1


def test_a_wish_for_that_task_of_another_thing_does_not_take_the_offer() -> None:
    play = refused_with_an_offer()
    play.say("[1002](order_id)给我换货", "exchange.request")
    assert (play.flow, play.slots["order"]) == ("exchange.request", "1002")
    assert len(play.state.frames) == 2  # the one refused, and the new one


def test_no_to_an_offer_goes_on_where_it_was_made() -> None:
    play = refused_with_an_offer()
    assert play.say("不要") == ["return_regrets"]
    assert play.state.frames == ()


def test_an_offered_task_needs_its_own_yes() -> None:
    play = refused_with_an_offer()
    play.say("好的")
    assert play.say("[白色](colour)") == ["exchange_confirm"]
    assert play.effects == []
    assert play.say("好的") == ["exchange_done"]
    assert [effect.action for effect in play.effects] == ["exchange.open"]


def test_an_offer_of_a_task_that_a_newer_pack_no_longer_has_does_not_break_the_turn() -> None:
    play = refused_with_an_offer()
    pack = little_pack()
    kept = {name: flow for name, flow in pack.flows.items() if name != "exchange.request"}
    play.release(type(pack)(pack.folder, "2.0.0+new", pack.manifest, flows=kept, phrases=pack.phrases))
    assert "flow_gone" in play.say("好的")


def test_a_reading_alone_says_neither_yes_nor_no_when_it_is_unsure() -> None:
    play = asked_to_confirm()
    play.hear(a_message("呵呵", "affirm", confidence=0.2))
    assert play.effects == []


def asked_to_return() -> Play:
    play = a_play()
    assert play.say("退[1001](order_id)的[黑色](colour)，太大", "return.request") == ["return_confirm"]
    return play


def test_a_moment_asked_for_with_another_thing_named_is_a_correction() -> None:
    play = asked_to_return()
    play.say("等等 我说的是[1002](order_id)", "hold")
    assert (play.slots["order"], play.effects) == ("1002", [])


def test_a_moment_asked_for_alone_leaves_the_summary_standing() -> None:
    play = asked_to_return()
    assert play.say("等等", "hold") == ["hold"]
    assert (play.slots["order"], play.effects) == ("1001", [])
