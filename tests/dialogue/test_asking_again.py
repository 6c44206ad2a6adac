"""An answer that is not understood: the question is put differently each time, until a person is called."""

from xiaoer.dialogue import Say
from xiaoer.testing import Play

from .corner_shop import a_corner
from .little_shop import a_play


def why_asked(play: Play) -> object:
    (asked,) = play.spoken
    assert isinstance(asked, Say)
    return asked.known["found"]


def test_a_question_for_a_thing_says_whether_it_is_put_for_the_first_a_second_or_a_third_time() -> None:
    play = a_corner()
    assert play.say("取消订单", "order.cancel") == ["which_order"]
    assert why_asked(play) == "several"
    assert play.say("就那个嘛") == ["which_order"]
    assert why_asked(play) == "unclear"
    assert play.say("哎呀那个") == ["which_order"]
    assert why_asked(play) == "lost"
    assert play.say("就是它呀") == ["handed_over"]
    assert play.state.frames == ()


def test_a_question_that_was_answered_in_the_end_is_put_plainly_the_next_time() -> None:
    play = a_corner()
    play.say("取消订单", "order.cancel")
    play.say("就那个嘛")
    assert play.say("耳机") == ["why_cancel"]
    play.say("算了")
    play.say("取消订单", "order.cancel")
    assert play.state.misunderstandings == 0


def test_a_number_that_fits_nothing_is_told_so_however_often_it_is_given() -> None:
    play = a_play()
    play.say("我要退货", "return.request")
    for number in ("9999", "8888"):
        assert play.say(f"[{number}](order_id)") == ["which_order"]
        assert why_asked(play) == "unmatched"


def test_a_thing_is_chosen_by_a_piece_of_its_name() -> None:
    play = a_corner()
    play.say("取消订单", "order.cancel")
    assert play.say("电饭那个") == ["why_cancel"]
    assert play.slots["order"] == "1001"


def test_a_thing_is_chosen_by_a_feature_even_if_the_words_read_as_a_question_about_goods() -> None:
    play = a_play()
    play.say("退[1003](order_id)", "return.request")
    play.say("毛巾的那种", "delivery.fee")
    assert play.slots["line"] == "毛巾"
