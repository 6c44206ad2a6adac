"""What is said within a task: the reason for it, a question about it, or something else altogether."""

import pytest

from xiaoer.dialogue import Message
from xiaoer.events import HandedOver, IntentScore
from xiaoer.testing import Play, a_message, a_reading, an_outcome

from .corner_shop import a_corner, corner_shop


def asked_why() -> Play:
    play = a_corner()
    assert play.say("取消[1002](order_id)", "order.cancel") == ["why_cancel"]
    return play


def test_a_remark_is_taken_for_the_reason_that_is_asked_for() -> None:
    play = asked_why()
    assert play.say("我老公也买了一个", "chat") == ["cancel_confirm"]
    assert play.slots["reason"] == "我老公也买了一个"


def test_a_question_is_not_taken_for_the_reason() -> None:
    play = asked_why()
    assert play.say("你是真人吗", "chat") == ["chat", "flow_continues", "why_cancel"]


@pytest.mark.parametrize("intent", ["goods.price", "goods.broken"])
def test_a_reason_that_names_another_thing_is_no_reason(intent: str) -> None:
    play = asked_why()
    assert play.say("[电饭煲](product)怎么回事", intent)[-2:] != ["cancel_confirm"]
    assert "reason" not in play.slots


def test_a_wish_about_another_thing_in_the_same_message_is_no_reason_and_is_served_next() -> None:
    play = a_corner()
    assert play.say("取消[耳机](product)|[电饭煲](product)多少钱", "order.cancel", "goods.price") == ["why_cancel"]
    assert play.say("买错了") == ["cancel_confirm"]
    assert play.say("好") == ["cancel_done", "next_wish", "product_facts"]


def test_a_wish_about_the_same_thing_in_the_same_message_is_the_reason() -> None:
    play = a_corner()
    said = play.say("取消[耳机](product)|[耳机](product)贵了", "order.cancel", "goods.price")
    assert (said, play.slots["reason"]) == (["cancel_confirm"], "price")


def test_a_question_of_the_same_message_that_is_only_to_be_told_something_is_no_reason() -> None:
    play = a_corner()
    assert play.say("取消[耳机](product)|[耳机](product)多少钱", "order.cancel", "goods.price") == ["why_cancel"]
    assert [wish.intent for wish in play.state.waiting] == ["goods.price"]


def test_a_day_in_a_reason_names_no_other_thing() -> None:
    play = asked_why()
    assert play.say("[昨天](day)就坏了", "goods.broken") == ["cancel_confirm"]


def test_a_question_about_what_the_task_will_bring_is_answered_and_begins_no_other() -> None:
    play = asked_why()
    assert play.say("退款要几天", "refund.status") == ["answer:refund_time", "flow_continues", "why_cancel"]


def test_a_question_is_told_from_what_the_task_knows() -> None:
    play = asked_why()
    assert play.say("退多少", "money.back") == ["amount_told", "flow_continues", "why_cancel"]
    assert "reason" not in play.slots


def test_what_the_task_tells_is_told_only_where_it_is_asked() -> None:
    assert "amount_told" not in asked_why().say("退十块", "money.back")


@pytest.mark.parametrize(
    ("words", "reason"), [("没有别的意思", "wrong"), ("不对，降了", "price"), ("还嫌贵了", "price")]
)
def test_a_reason_that_was_given_is_changed_only_by_words(words: str, reason: str) -> None:
    play = asked_why()
    play.say("买错了")
    play.say(words, "goods.price")
    assert play.slots["reason"] == reason


def test_the_same_question_about_another_order_is_a_task_of_its_own() -> None:
    play = asked_why()
    assert play.say("[1001](order_id)的退款到哪了", "refund.status")[:2] == ["flow_switched", "refund_progress"]


def test_a_question_that_reads_as_the_task_itself_is_answered_by_its_next_likely_reading() -> None:
    play = a_corner()
    play.say("取消[1002](order_id)，买错了", "order.cancel")
    message = a_message("取消以后券还在吗", "order.cancel", confidence=0.5)
    wish = message.reading.wishes[0]
    runner_up = a_message("x", "coupon.back", confidence=0.45).reading.intent
    closer = type(wish)(intent=wish.intent, confidence=0.5, start=0, end=wish.end, runner_up=runner_up)
    heard = Message(message.text, a_reading("order.cancel", 0.5, wishes=(closer,)))
    assert play.hear(heard) == ["answer:coupons", "flow_continues", "cancel_confirm"]


def test_an_unsure_statement_within_a_task_gets_no_answer_from_the_knowledge() -> None:
    play = asked_why()
    play.say("买错了")
    assert play.hear(a_message("券也没用上", "coupon.back", confidence=0.4)) == ["not_understood", "cancel_confirm"]


def test_a_task_that_was_refused_is_taken_up_by_another_reason_for_it() -> None:
    play = a_corner(shop=corner_shop(check=an_outcome("refused")))
    assert play.say("取消[1002](order_id)，买错了", "order.cancel") == ["cancel_refused"]
    assert play.say("已经坏了呀", "goods.broken") == ["why_cancel"]
    assert play.slots["order"] == "1002"


def test_a_reason_out_of_the_blue_begins_no_task() -> None:
    assert a_corner().say("已经坏了呀", "goods.broken") == ["sorry"]


def test_an_angry_answer_is_an_answer_and_a_person_is_called_for_the_anger() -> None:
    play = asked_why()
    furious = Message("买错了！气死人", a_reading("complaint", sentiment=-0.9))
    assert play.hear(furious) == ["calm", "cancel_confirm"]
    assert [event.reason for event in play.events if isinstance(event, HandedOver)] == ["angry"]


def test_anger_that_answers_nothing_ends_the_task() -> None:
    play = asked_why()
    assert play.hear(Message("气死人了", a_reading("complaint", sentiment=-0.9))) == ["complaint"]
    assert play.state.frames == ()


def test_a_reason_said_in_anger_is_heard_with_the_wish() -> None:
    play = a_corner()
    said = a_message("气死我了，贵了|[1002](order_id)取消", "complaint", "order.cancel")
    reading = a_reading("complaint", entities=said.reading.entities, wishes=said.reading.wishes, sentiment=-0.9)
    assert play.hear(Message(said.text, reading)) == ["calm", "cancel_confirm"]
    assert play.slots["reason"] == "price"


def test_of_two_wishes_for_one_task_the_later_is_its_trigger_and_the_words_of_both_count() -> None:
    play = a_corner()
    play.say("[1002](order_id)退款呢|催一下|[电饭煲](product)多少", "refund.status", "refund.status", "goods.price")
    assert any(action.arguments.get("mention.order_id") == "1002" for action in play.actions)


def test_an_option_is_meant_by_what_a_message_reads_as_where_no_words_name_it() -> None:
    play = asked_why()
    assert play.say("便宜点呗", "goods.price") == ["cancel_confirm"]
    assert play.slots["reason"] == "price"


def test_an_unsure_reading_means_no_option() -> None:
    play = asked_why()
    play.hear(a_message("便宜点呗", "goods.price", confidence=0.4))
    assert play.slots["reason"] == "便宜点呗"


def test_the_wish_said_again_in_one_clause_is_no_reason() -> None:
    play = asked_why()
    assert play.say("还是取消", "order.cancel") == ["why_cancel"]
    assert play.say("取消，家里有了", "order.cancel") == ["cancel_confirm"]


@pytest.mark.parametrize("said", ["算了", "算了不要", "算了，不要", "好吧 算了"])
def test_a_task_is_dropped_with_or_without_a_no_behind_it(said: str) -> None:
    play = asked_why()
    assert play.say(said) == ["flow_given_up"]


def test_an_unsure_reading_is_settled_by_the_turn_before() -> None:
    play = a_corner()
    assert play.say("[1002](order_id)退款到哪了", "refund.status") == ["refund_progress"]
    runner_up = IntentScore("refund.status", 0.25)
    unsure = a_message("到底哪天到", "coupon.back", confidence=0.36, runner_up=runner_up)
    assert play.hear(unsure) == ["refund_progress"]


def test_the_turn_before_settles_nothing_that_is_sure_or_far_off() -> None:
    play = a_corner()
    play.say("[1002](order_id)退款到哪了", "refund.status")
    runner_up = IntentScore("refund.status", 0.05)
    assert play.hear(a_message("券呢", "coupon.back", confidence=0.45, runner_up=runner_up)) == ["answer:coupons"]
