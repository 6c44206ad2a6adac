"""Dropping a task, and what else the message says."""

from dataclasses import replace

import pytest
from msgspec import structs

from xiaoer.dialogue import Message
from xiaoer.testing import a_message

from .little_shop import a_play


@pytest.mark.parametrize("said", ["算了还是等吧", "算了，以后再说吧", "算了吧"])
def test_a_message_that_begins_by_dropping_the_task_drops_it(said: str) -> None:
    play = a_play()
    play.say("退货", "return.request")
    assert play.say(said) == ["flow_given_up"]


def test_what_chooses_an_answer_drops_nothing() -> None:
    play = a_play()
    play.say("退货", "return.request")
    assert play.say("算了就第二个") != ["flow_given_up"]
    assert play.flow == "return.request"


def test_a_question_beside_it_is_answered() -> None:
    play = a_play()
    play.say("退货", "return.request")
    assert play.say("不退了|运费多少", "return.withdraw", "delivery.fee") == ["flow_given_up", "answer:fee"]
    assert play.state.frames == ()


def test_another_task_beside_it_begins() -> None:
    play = a_play()
    play.say("退货", "return.request")
    said = play.say("不退了|给我换货", "return.withdraw", "exchange.request")
    assert said[:1] == ["flow_given_up"]
    assert play.flow == "exchange.request"


def behind(drop: str, rest: str, intent: str, confidence: float = 0.95) -> Message:
    """Give a message that is read by what stands behind the words that drop a task."""
    message = a_message(drop + rest, intent)
    (wish,) = message.reading.wishes
    wish = structs.replace(wish, start=len(drop), confidence=confidence)
    return replace(message, reading=structs.replace(message.reading, wishes=(wish,)))


@pytest.mark.parametrize(
    ("rest", "intent", "confidence", "flow"),
    [
        ("给我换货", "exchange.request", 0.95, "exchange.request"),
        ("给我换货", "exchange.request", 0.2, ""),
        ("不要换货", "exchange.request", 0.95, ""),
        ("运费多少", "delivery.fee", 0.95, ""),
        ("退货", "return.request", 0.95, ""),
    ],
)
def test_another_task_behind_the_words_that_drop_one_begins(
    rest: str, intent: str, confidence: float, flow: str
) -> None:
    play = a_play()
    play.say("退货", "return.request")
    assert play.hear(behind("算了，", rest, intent, confidence))[:1] == ["flow_given_up"]
    assert play.flow == flow


@pytest.mark.parametrize(
    ("said", "intent", "flow"),
    [
        ("算了给我换货", "exchange.request", "exchange.request"),
        ("算了不要换货", "exchange.request", ""),
        ("算了算了", "exchange.request", ""),
        ("算了", "exchange.request", ""),
    ],
)
def test_nothing_need_part_the_words_that_drop_a_task_from_another_one(said: str, intent: str, flow: str) -> None:
    play = a_play()
    play.say("退货", "return.request")
    assert play.say(said, intent)[:1] == ["flow_given_up"]
    assert play.flow == flow


def test_a_reason_said_before_the_thing_is_kept() -> None:
    play = a_play()
    assert play.say("退货", "return.request") == ["which_order"]
    assert play.say("坏了", "inform") == ["which_order"]
    assert play.slots == {"reason": "faulty"}
    assert play.state.misunderstandings == 0


def test_what_takes_back_another_thing_leaves_the_task_as_it_is() -> None:
    play = a_play()
    play.say("退[台灯](product)", "return.request")
    assert "flow_given_up" not in play.say("[毛巾](product)的退货撤销", "return.withdraw")
    assert play.flow == "return.request"


def test_what_takes_back_the_thing_itself_drops_the_task() -> None:
    play = a_play()
    play.say("退[台灯](product)", "return.request")
    assert play.say("[台灯](product)不退了吧", "return.withdraw") == ["flow_given_up"]
