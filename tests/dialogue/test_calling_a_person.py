"""When a person is called: on request, in anger, after misunderstandings, by a flow."""

import pytest

from xiaoer.dialogue import Message
from xiaoer.events import FlowEnded, HandedOver
from xiaoer.pack import Alarm, Phrases
from xiaoer.testing import Play, a_message, a_reading

from .little_shop import a_play


def angry(text: str, intent: str, sentiment: float = -0.9) -> Message:
    return Message(text, a_reading(intent, sentiment=sentiment))


def hand_overs(play: Play) -> list[HandedOver]:
    return [event for event in play.events if isinstance(event, HandedOver)]


def test_a_person_is_called_on_request() -> None:
    play = a_play()
    assert play.say("转人工", "human") == ["handed_over"]
    assert hand_overs(play) == [HandedOver(reason="asked", note="转人工")]
    assert play.state.is_with_person


def test_open_tasks_end_when_a_person_is_asked_for() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    play.say("我要改地址", "address.change")
    assert play.say("转人工", "human") == ["handed_over"]
    assert play.state.frames == ()
    assert [event.how for event in play.events if isinstance(event, FlowEnded)] == ["handed_over"] * 2


def test_nothing_waits_any_more_when_a_person_is_asked_for() -> None:
    play = a_play()
    play.say("退[1002](order_id)|再改下地址", "return.request", "address.change")
    assert play.say("转人工", "human") == ["handed_over"]
    assert play.state.frames == ()


@pytest.mark.parametrize("said", ["不想活了", "我触电了！"])
def test_a_person_is_called_for_who_may_be_in_danger_whatever_is_under_way(said: str) -> None:
    play = a_play()
    play.say("我要退货", "return.request")

    assert play.hear(angry(said, "return.request")) == ["alarm"]
    assert [event.reason for event in hand_overs(play)] == ["alarm"]
    assert play.state.frames == ()


def test_what_stands_beside_in_the_clause_or_is_only_supposed_may_make_it_no_alarm() -> None:
    hurt = Alarm(words=("触电了",), reply="hurt", not_with=("猫",), has_happened=True)
    distress = Alarm(words=("不想活",), reply="distress")
    phrases = Phrases(alarms=(distress, hurt), supposes=("如果", "万一"), clause_ends=("，",))

    assert phrases.alarm("我触电了") == phrases.alarm("猫没事，我触电了") == "hurt"
    assert phrases.alarm("猫触电了") == phrases.alarm("万一触电了呢") == ""
    assert phrases.alarm("如果不退款，我就不想活了") == "distress"


def test_an_unsure_reading_calls_nobody() -> None:
    play = a_play()
    play.hear(a_message("人呢", "human", confidence=0.2))
    assert not play.state.is_with_person


def test_a_person_is_called_for_an_angry_customer_and_the_wish_is_served() -> None:
    play = a_play()
    assert play.hear(angry("什么破店，我要改地址", "address.change")) == ["calm", "which_region"]
    assert [event.reason for event in hand_overs(play)] == ["angry"]


def test_an_angry_customer_who_asks_for_a_person_gets_one_word_of_it() -> None:
    play = a_play()
    assert play.hear(angry("气死了，叫人来", "human")) == ["handed_over"]
    assert [event.reason for event in hand_overs(play)] == ["angry"]


def test_a_person_is_called_for_anger_only_once() -> None:
    play = a_play()
    play.hear(angry("什么破店，我要改地址", "address.change"))
    play.hear(angry("快点", "address.change"))
    assert len(hand_overs(play)) == 1


def test_displeasure_is_not_anger() -> None:
    play = a_play()
    play.hear(angry("有点慢，我要改地址", "address.change", sentiment=-0.5))
    assert hand_overs(play) == []


def test_the_third_misunderstanding_calls_a_person() -> None:
    play = a_play()
    assert play.say("啊啊") == ["not_understood"]
    assert play.say("哦哦") == ["not_understood"]
    assert play.say("嗯嗯") == ["handed_over"]
    assert [event.reason for event in hand_overs(play)] == ["not_understood"]


def test_the_third_misunderstanding_within_a_task_ends_it() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.say("啊啊") == ["not_understood", "which_region"]
    assert play.say("哦哦") == ["not_understood", "which_region"]
    assert play.say("嗯嗯") == ["handed_over"]
    assert play.state.frames == ()


def test_three_mentions_of_nothing_call_a_person() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    assert play.say("那个") == ["which_order"]
    assert play.say("就那个") == ["which_order"]
    assert play.say("那个嘛") == ["handed_over"]
    assert play.state.frames == ()


def test_an_understood_message_in_between_starts_counting_anew() -> None:
    play = a_play()
    play.say("啊啊")
    play.say("哦哦")
    play.say("运费多少", "delivery.fee")
    assert play.say("嗯嗯") == ["not_understood"]


def test_an_answered_question_starts_counting_anew() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    play.say("啊啊")
    play.say("哦哦")
    play.say("[杭州](region)")
    assert play.say("嗯嗯") == ["not_understood", "which_street"]


def test_the_third_wish_that_nothing_answers_calls_a_person() -> None:
    play = a_play()
    for _ in range(3):
        play.say("余额能提现吗", "wallet")
    assert play.state.is_with_person


def test_a_message_calls_a_person_once_at_most() -> None:
    play = a_play()
    play.say("啊啊")
    play.say("哦哦")
    play.hear(Message("气死", a_reading("unclear", 0.1, sentiment=-0.9)))
    assert len(hand_overs(play)) == 1


def test_a_message_that_has_nothing_to_do_with_the_shop_is_told_so() -> None:
    play = a_play()
    message = Message("今天股市如何", a_reading("unclear", 0.5, is_in_scope=False))
    assert play.hear(message) == ["out_of_scope"]


def test_a_flow_hands_over_with_what_was_wanted_and_what_is_known() -> None:
    play = a_play()
    play.say("想团购", "bulk.request")
    assert play.say("两百条毛巾") == ["handed_over"]
    assert hand_overs(play) == [HandedOver(reason="flow", note="团购 (bulk)\nwanted: 两百条毛巾")]


def test_after_a_person_is_called_new_wishes_are_still_served() -> None:
    play = a_play()
    play.say("转人工", "human")
    assert play.say("运费多少", "delivery.fee") == ["answer:fee"]
