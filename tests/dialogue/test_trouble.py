"""Trouble that is told: it begins a task of its own, unless it is the reason for another, or only supposed."""

from collections.abc import Sequence
from functools import cache

import pytest

from xiaoer.events import Hit
from xiaoer.pack import Pack
from xiaoer.testing import Outcome, Play, ScriptedShop, a_pack, an_outcome

_PHRASES = """
"yes": [好]
"no": [不]
give_up: [算了]
questions: [吗, 怎么]
supposes: [如果, 万一]
clause_ends: ["，", "。"]
"""
_ROUTES = """
routes:
  - {intent: goods.broken, title: 坏了, knowledge: true, reply: sorry}
  - {intent: goods.lost, title: 丢了, knowledge: true}
  - {intent: swap, title: 换一个, reply: swap_how}
"""
_FLOWS = """
flows:
  - name: back
    title: 退货
    about: 退货
    triggers: [back.request]
    absorbs: [goods.broken, money]
    slots:
      - {name: order, ask: which_order, look_up: order.find}
      - name: reason
        ask: why
        choices:
          - {value: broken, title: 坏了, intents: [goods.broken]}
          - {value: unwanted, title: 不想要}
    steps:
      - ask: order
      - ask: reason
      - do: back.check
        with: {order: order, reason: reason}
        as: check
        on:
          refused: [{say: back_refused}, {end: refused}]
      - say: back_done
  - name: claim
    title: 登记
    about: 登记
    triggers: [goods.broken]
    triggers_unanswered: [goods.lost]
    absorbs: [money, note]
    yields_to: [swap]
    slots:
      - {name: words, ask: what_happened, free_text: true, from_start: true, takes_all: true}
      - name: wanted
        ask: what_is_wanted
        choices:
          - {value: again, title: 再发一个}
          - {value: repair, title: 修好, when: {of: trigger, is: goods.broken}}
    steps:
      - ask: words
      - ask: wanted
      - say: claimed
  - name: money
    title: 退钱
    about: 退钱
    triggers: [money]
    absorbs: [goods.broken]
    only_stated: true
    steps:
      - say: money_back
  - name: offering
    title: 催一下
    about: 催一下
    triggers: [urge]
    steps:
      - {offer: claim, say: offer_claim}
  - name: note
    title: 备注
    about: 备注
    triggers: [note]
    slots:
      - {name: text, ask: which_note, free_text: true, takes_all: true}
    steps:
      - ask: text
      - say: noted
"""
_KNOWN = Hit(entry="broken", score=0.6, intents=("goods.broken", "goods.lost", "money"))


@cache
def trouble_pack() -> Pack:
    return a_pack(phrases=_PHRASES, routes=_ROUTES, flows=_FLOWS)


def known(question: str, intent: str) -> Sequence[Hit]:
    return [_KNOWN]


def a_play(*, check: Outcome | None = None, customer: str = "c1") -> Play:
    order = an_outcome("one", choices=[{"value": "1001", "title": "碗"}])
    shop = ScriptedShop(finds={"order.find": order, "back.check": check or an_outcome("allowed")})
    return Play(trouble_pack(), shop, search=known, customer=customer)


def test_trouble_begins_its_task_with_the_customers_own_words() -> None:
    play = a_play()
    assert play.say("碗碎了", "goods.broken") == ["what_is_wanted"]
    assert play.slots == {"words": "碗碎了"}


def test_trouble_that_is_only_supposed_is_answered() -> None:
    assert a_play().say("万一碗碎了", "goods.broken") == ["answer:broken"]


def test_a_task_that_begins_when_something_is_stated_leaves_questions_to_the_knowledge() -> None:
    assert a_play().say("钱怎么退", "money") == ["answer:broken"]
    assert a_play().say("退钱给我", "money") == ["money_back"]


def test_trouble_beside_a_request_for_something_else_is_its_reason() -> None:
    assert a_play().say("碗碎了|换一个", "goods.broken", "swap") == ["swap_how"]


@pytest.mark.parametrize(
    ("said", "intents", "replies"),
    [
        ("碗碎了|退钱", ("goods.broken", "money"), ["what_is_wanted"]),
        ("退钱|碗碎了", ("money", "goods.broken"), ["money_back"]),
    ],
)
def test_of_two_tasks_that_are_each_others_reason_the_first_is_served(
    said: str, intents: tuple[str, str], replies: list[str]
) -> None:
    assert a_play().say(said, *intents) == replies


def test_what_the_knowledge_answers_begins_the_task_when_the_customer_goes_on() -> None:
    play = a_play()
    assert play.say("包裹丢了", "goods.lost") == ["answer:broken"]
    assert play.say("怎么找", "goods.lost") == ["answer:broken"]
    assert play.say("都找过了", "goods.lost") == ["what_is_wanted"]


def test_who_is_not_signed_in_is_answered_each_time() -> None:
    play = a_play(customer="")
    assert [play.say("包裹丢了", "goods.lost") for _ in range(2)] == [["answer:broken"]] * 2


def test_a_task_that_was_offered_asks_what_happened_and_takes_any_words() -> None:
    play = a_play()
    assert play.say("催一下", "urge") == ["offer_claim"]
    assert play.say("好") == ["what_happened"]
    assert play.say("要退钱", "money") == ["what_is_wanted"]
    assert play.slots == {"words": "要退钱"}


def test_words_for_the_shop_are_taken_whatever_they_read_as_but_a_question() -> None:
    play = a_play()
    assert play.say("加个备注", "note") == ["which_note"]
    assert play.say("能加吗")[-1] == "which_note"
    assert play.say("怕碎了", "goods.broken") == ["noted"]


def test_a_question_inside_of_words_for_the_shop_is_a_part_of_them() -> None:
    play = a_play()
    assert play.say("加个备注", "note") == ["which_note"]
    assert play.say("送人的，看看怎么包好看，谢谢") == ["noted"]


def test_where_anything_may_be_the_answer_words_that_begin_like_dropping_the_task_are_one() -> None:
    play = a_play()
    assert play.say("加个备注", "note") == ["which_note"]
    assert play.say("算了两遍，钱没错") == ["noted"]


def test_where_anything_may_be_the_answer_the_task_is_dropped_by_words_that_say_only_that() -> None:
    play = a_play()
    assert play.say("加个备注", "note") == ["which_note"]
    assert play.say("算了") == ["flow_given_up"]


def test_a_choice_is_shown_only_where_it_holds() -> None:
    broken, lost = a_play(), a_play()
    broken.say("碗碎了", "goods.broken")
    lost.say("包裹丢了", "goods.lost")
    lost.say("都找过了", "goods.lost")
    shown = [[choice.value for choice in play.state.question.choices] for play in (broken, lost) if play.state.question]
    assert shown == [["again", "repair"], ["again"]]


def test_a_refused_task_is_taken_up_by_a_reason_that_another_task_would_serve() -> None:
    play = a_play(check=an_outcome("refused"))
    assert play.say("退货，不想要", "back.request") == ["back_refused"]
    assert play.say("是坏了", "goods.broken") == ["back_refused"]


def test_trouble_after_another_task_does_not_take_up_the_one_before() -> None:
    play = a_play(check=an_outcome("refused"))
    play.say("退货，不想要", "back.request")
    play.say("退钱给我", "money")
    assert play.say("碗坏了", "goods.broken") == ["what_is_wanted"]
