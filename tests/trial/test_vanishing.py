from xiaoer.pack import ExpectTurn, Meanwhile, MeanwhileTurn, SayTurn, TalkTurn
from xiaoer.trial import TrialStage, rehearse, vanishing

from .test_rehearsal import ORDER, a_test, expect, say

_GONE = MeanwhileTurn(meanwhile=Meanwhile(gone=(ORDER,)))


def shown(talk: tuple[TalkTurn, ...]) -> list[str]:
    return [turn.say if isinstance(turn, SayTurn) else "gone" if turn == _GONE else "else" for turn in talk]


def test_the_orders_are_gone_once_before_each_message_but_the_first() -> None:
    test = a_test(say("取消"), expect(cards=0), say("拍错了"), expect(cards=0), say("好"), expect(cards=0))
    assert [shown(one.talk) for one in vanishing([test])] == [
        ["取消", "gone", "拍错了", "好"],
        ["取消", "拍错了", "gone", "好"],
    ]


def test_nothing_is_expected_and_each_is_named_by_the_message() -> None:
    test = a_test(say("取消"), expect(cards=0), say("拍错了"), expect(cards=0)).model_copy(update={"not_yet": "no"})
    (one,) = vanishing([test])
    assert not any(isinstance(turn, ExpectTurn) for turn in one.talk)
    assert (one.name, one.not_yet) == ("a test (拍错了)", None)


def test_what_was_gone_before_is_not_gone_again_and_what_happens_later_is_left_out() -> None:
    gone, stock = {"meanwhile": {"gone": [ORDER]}}, {"meanwhile": {"stock": {"P1030-01": 0}}}
    first, second = vanishing([a_test(say("取消"), gone, say("拍错了"), stock, say("好"))])
    assert shown(first.talk) == ["取消", "gone", "else", "拍错了", "好"]
    assert first.talk[2] == MeanwhileTurn(meanwhile=Meanwhile())
    assert shown(second.talk) == ["取消", "gone", "拍错了", "else", "else", "好"]


def test_without_orders_nothing_vanishes() -> None:
    assert list(vanishing([a_test(say("你好"), say("谢谢"), orders=[])])) == []


async def test_a_vanished_order_is_missed_in_words(stage: TrialStage) -> None:
    test = a_test(say(f"取消订单{ORDER}"), expect(), say("拍错了"), expect(), say("确认"), expect())
    verdicts = [verdict async for verdict in rehearse(stage, vanishing([test]))]
    assert [verdict.complaints for verdict in verdicts] == [(), ()]
    assert verdicts[-1].dialogue[-1].names == ("gone",)
