"""Whether words are served by a task or by an answer: what is asked in general, and what is to be done."""

from collections.abc import Sequence

from xiaoer.dialogue import Search
from xiaoer.events import Hit, IntentScore
from xiaoer.testing import Play, ScriptedShop, a_message, an_outcome

from .little_shop import a_play, little_pack, little_shop


def knowing(entry: str, score: float, *intents: str) -> Search:
    def search(question: str, intent: str) -> Sequence[Hit]:
        return [Hit(entry=entry, score=score, intents=intents)]

    return search


def without_orders() -> ScriptedShop:
    shop = little_shop()
    return ScriptedShop(finds={**shop.finds, "order.find": an_outcome("none", choices=[])}, effects=shop.effects)


def test_a_question_about_a_thing_one_has_not_got_is_answered_in_general() -> None:
    play = Play(little_pack(), without_orders(), search=knowing("how_long", 0.8, "order.status"), customer="c1")
    assert play.say("多久能到", "order.status") == ["answer:how_long"]
    assert play.state.frames == ()


def test_where_no_answer_is_likely_the_customer_is_told_that_there_is_no_such_thing() -> None:
    play = Play(little_pack(), without_orders(), search=knowing("how_long", 0.3, "order.status"), customer="c1")
    assert play.say("多久能到", "order.status") == ["no_orders"]


def test_a_statement_about_a_thing_one_has_not_got_is_no_question() -> None:
    play = Play(little_pack(), without_orders(), search=knowing("how_long", 0.8, "order.status"), customer="c1")
    assert play.say("我的还没到", "order.status") == ["no_orders"]


def test_a_request_put_as_a_question_begins_the_task_however_sure_the_answer() -> None:
    sure = knowing("how_to_return", 0.99, "return.request")
    asked = Play(little_pack(), little_shop(), search=sure, customer="c1")
    assert asked.say("怎么退货", "return.request") == ["answer:how_to_return"]
    requested = Play(little_pack(), little_shop(), search=sure, customer="c1")
    assert requested.say("帮我退货可以吗", "return.request") == ["which_order"]


def test_who_is_not_signed_in_is_answered_even_so() -> None:
    play = Play(little_pack(), little_shop(), search=knowing("how_to_return", 0.99, "return.request"))
    assert play.say("帮我退货可以吗", "return.request") == ["answer:how_to_return"]


def test_an_unsure_question_is_read_as_what_the_knowledge_answers() -> None:
    play = Play(little_pack(), little_shop(), search=knowing("instalments", 0.7, "wallet"), customer="c1")
    unsure = a_message("有点贵 多久还", "order.status", confidence=0.45, runner_up=IntentScore("wallet", 0.3))
    assert play.hear(unsure) == ["answer:instalments"]


def test_a_sure_question_is_read_as_it_is() -> None:
    play = Play(little_pack(), little_shop(), search=knowing("instalments", 0.7, "wallet"), customer="c1")
    sure = a_message("多久到", "order.status", confidence=0.9, runner_up=IntentScore("wallet", 0.05))
    assert play.hear(sure) == ["which_order"]


def test_a_statement_that_nothing_answers_is_an_answer_in_free_words() -> None:
    play = a_play()
    play.say("团购", "bulk.request")
    assert play.say("家里还有一个能用", "wallet") == ["handed_over"]


def test_a_question_that_nothing_answers_is_no_answer_in_free_words() -> None:
    play = a_play()
    play.say("团购", "bulk.request")
    assert play.say("余额有多少", "wallet")[0] == "no_answer"


def test_a_remark_beside_a_question_is_no_wish() -> None:
    play = Play(little_pack(), little_shop(), search=knowing("instalments", 0.99, "wallet"), customer="c1")
    said = play.say("电饭煲有点贵|余额多少", "order.status", "wallet")
    assert said == ["answer:instalments"]


def test_a_remark_alone_is_served_as_it_reads() -> None:
    assert a_play().say("电饭煲有点贵", "order.status") == ["which_order"]
