"""A thing that no known word names: its task is begun on trial, and what was wrong about it leaves no trace."""

from xiaoer.dialogue import Say
from xiaoer.events import FlowStarted
from xiaoer.testing import Play, a_message

from .corner_shop import a_corner


def told(play: Play) -> str:
    return play.slots.get("product", "") or str(play.state.carried["product"].value)


def test_a_misspelt_product_is_found_by_the_look_up() -> None:
    play = a_corner()
    assert play.say("空气炸祸多少", "goods.price") == ["product_facts"]
    assert told(play) == "空气炸锅"


def test_a_misspelt_product_is_found_even_where_the_reading_is_unsure() -> None:
    play = a_corner()
    assert play.hear(a_message("空气炸祸", "goods.price", confidence=0.15)) == ["product_facts"]


def test_what_names_no_product_is_served_as_if_there_had_been_no_guess() -> None:
    play = a_corner()
    assert play.say("有没有优惠券啊", "goods.price") == ["no_answer"]
    assert (play.state.frames, play.state.misunderstandings) == ((), 1)


def test_an_unsure_reading_that_names_no_product_is_not_understood() -> None:
    play = a_corner()
    assert play.hear(a_message("哒哒咕噜", "goods.price", confidence=0.15)) == ["not_understood"]
    assert (play.state.frames, play.state.misunderstandings) == ((), 1)


def test_misunderstandings_are_counted_though_guesses_were_made() -> None:
    play = a_corner()
    said = [play.hear(a_message("哒哒咕噜", "goods.price", confidence=0.15))[-1] for _ in range(3)]
    assert said == ["not_understood", "not_understood", "handed_over"]


def test_a_guess_is_about_what_is_said_now_and_not_about_the_product_before() -> None:
    play = a_corner()
    play.say("[电饭煲](product)多少", "goods.price")
    play.say("你好", "chat")
    assert play.say("满减有多少", "goods.price") == ["no_answer"]


def test_nothing_is_guessed_while_a_task_is_under_way() -> None:
    play = a_corner()
    play.say("取消[1001](order_id)", "order.cancel")
    play.say("空气炸祸多少", "goods.price")
    assert [event.flow for event in play.events if isinstance(event, FlowStarted)] == ["order.cancel"]


def test_a_task_stands_in_for_an_answer_that_the_knowledge_does_not_have() -> None:
    assert a_corner().say("[电饭煲](product)能煮多少米", "goods.usage") == ["product_facts"]


def test_a_task_does_not_stand_in_for_an_answer_that_is_there() -> None:
    assert a_corner().say("[电饭煲](product)怎么用", "goods.usage") == ["answer:how_to_use"]


def test_a_follow_up_that_names_only_an_option_is_about_the_product_before() -> None:
    play = a_corner()
    play.say("[电饭煲](product)多少", "goods.price")
    assert play.hear(a_message("那[4升](size)的呢", "chat", confidence=0.1)) == ["product_facts"]
    (facts,) = play.spoken
    assert isinstance(facts, Say)
    assert (facts.known["product"], facts.known["size"]) == ("电饭煲", "4升")
