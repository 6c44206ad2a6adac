"""Two readings that are close: the customer is asked which of them was meant."""

import pytest

from xiaoer.dialogue import Message, Say
from xiaoer.events import IntentScore
from xiaoer.testing import Play, a_message

from .little_shop import a_play


def between(marked: str, first: str, second: str, *, confidence: float = 0.45, behind: float = 0.05) -> Message:
    return a_message(marked, first, confidence=confidence, runner_up=IntentScore(second, confidence - behind))


def asked_which() -> Play:
    play = a_play()
    assert play.hear(between("[1002](order_id)这个", "return.request", "exchange.request")) == ["clarify"]
    return play


def test_two_close_readings_are_put_to_the_customer_by_their_titles() -> None:
    (clarify,) = asked_which().spoken
    assert isinstance(clarify, Say)
    assert clarify.known == {"titles": ["退货", "换货"]}
    assert [choice.title for choice in clarify.choices] == ["退货", "换货", "都不是"]


@pytest.mark.parametrize(
    ("said", "flow"), [("第二个", "exchange.request"), ("换货", "exchange.request"), ("要退货", "return.request")]
)
def test_the_one_that_is_chosen_is_served_with_the_words_said_before(said: str, flow: str) -> None:
    play = asked_which()
    play.say(said)
    assert (play.flow, play.slots["order"]) == (flow, "1002")


def test_none_of_them_asks_for_other_words() -> None:
    play = asked_which()
    assert play.say("都不是") == ["say_it_differently"]
    assert (play.state.frames, play.state.misunderstandings) == ((), 1)


def test_a_new_wish_instead_of_a_choice_is_served() -> None:
    play = asked_which()
    assert play.say("我要改地址", "address.change") == ["which_region"]


@pytest.mark.parametrize(
    "message",
    [
        between("退", "return.request", "exchange.request", confidence=0.55),
        between("退", "return.request", "exchange.request", behind=0.2),
    ],
    ids=["sure", "far apart"],
)
def test_a_sure_or_a_clear_reading_is_not_questioned(message: Message) -> None:
    play = a_play()
    play.hear(message)
    assert play.flow == "return.request"


def test_a_reading_below_the_minimum_is_not_understood() -> None:
    play = a_play()
    assert play.hear(between("退", "return.request", "exchange.request", confidence=0.2)) == ["not_understood"]


def test_two_readings_with_an_answer_each_are_not_questioned() -> None:
    play = a_play()
    assert play.hear(between("运费多少", "delivery.fee", "wallet")) == ["answer:fee"]


def test_a_sure_answer_makes_the_question_needless() -> None:
    play = a_play()
    assert play.hear(between("多久发货", "shipping.time", "order.status")) == ["answer:shipping_time"]


def test_within_a_task_the_clarifying_question_stays_open_until_it_is_answered() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    assert play.hear(between("[1002](order_id)这个", "return.request", "exchange.request")) == ["clarify"]
    play.say("第二个")
    assert play.flow == "exchange.request"


def test_a_choice_that_was_served_closes_the_question() -> None:
    play = a_play()
    assert play.hear(between("退货的邮资", "return.request", "delivery.fee")) == ["clarify"]
    assert play.say("第二个") == ["answer:postage"]
    assert play.state.question is None
