from typing import Any, Never

import pytest
from pydantic import ValidationError

from xiaoer.pack import ConversationTest, Pack
from xiaoer.testing.reader import a_shop_reader
from xiaoer.trial import TrialStage, Verdict, rehearse, trial_stage

ORDER = "20260612000001"
_PAID = {"number": ORDER, "state": "paid", "lines": [{"sku": "any"}]}


def a_test(*talk: dict[str, Any], name: str = "a test", **given: Any) -> ConversationTest:  # noqa: ANN401 - as in a file
    return ConversationTest.model_validate({"name": name, "given": {"orders": [_PAID]} | given, "talk": list(talk)})


def say(text: str) -> dict[str, str]:
    return {"say": text}


def expect(**expected: Any) -> dict[str, Any]:  # noqa: ANN401 - as in a file
    return {"expect": expected}


async def verdict_on(stage: TrialStage, *talk: dict[str, Any], **given: Any) -> Verdict:  # noqa: ANN401 - as in a file
    (verdict,) = [verdict async for verdict in rehearse(stage, [a_test(*talk, **given)])]
    return verdict


FULFILLED: tuple[tuple[str, dict[str, Any]], ...] = (
    (f"取消订单{ORDER}", expect(replies=["why_cancel"])),
    (f"取消订单{ORDER}", expect(includes=["why_cancel"], flow="order.cancel", slots={"order": ORDER})),
    (f"取消订单{ORDER}", expect(orders={ORDER: "paid"}, cards=0, with_person=False)),
    ("满多少包邮", expect(source="delivery.fee", flow="none")),
    ("你好", expect(replies=["greet"], never_says=["不用谢"])),
    ("转人工", expect(says=["同事"], with_person=True)),
)
MISSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("你好", expect(replies=["thanks"]), "should say thanks; said greet"),
    ("你好", expect(replies=[]), "said greet"),
    ("你好", expect(includes=["thanks"]), "should say thanks; said greet"),
    ("你好", expect(says=["这句话没有人说"]), "should mention '这句话没有人说'"),
    ("转人工", expect(never_says=["同事"]), "must not mention '同事'"),
    ("你好", expect(flow="order.cancel"), "should be in the flow order.cancel; is in none"),
    (f"取消订单{ORDER}", expect(flow="none"), "should be in the flow none; is in order.cancel"),
    (f"取消订单{ORDER}", expect(slots={"order": "1"}), f"slot order should be 1; is {ORDER}"),
    ("你好", expect(slots={"order": "1"}), "slot order should be 1; is empty"),
    ("你好", expect(orders={ORDER: "cancelled"}), f"order {ORDER} should be cancelled, is paid"),
    ("你好", expect(orders={"20260612000009": "paid"}), "order 20260612000009 should be paid, is absent"),
    ("你好", expect(balances={"G1": 100}), "there should be 100 on G1, is nothing"),
    ("你好", expect(source="delivery.fee"), "should rest on delivery.fee; rests on nothing"),
    ("你好", expect(cards=2), "should show 2 cards; showed 0"),
    ("你好", expect(with_person=True), "a person should have been called"),
    ("转人工", expect(with_person=False), "a person should not have been called"),
)


@pytest.mark.parametrize(("text", "expected"), FULFILLED)
async def test_what_came_as_expected_is_no_complaint(stage: TrialStage, text: str, expected: dict[str, Any]) -> None:
    verdict = await verdict_on(stage, say(text), expected)
    assert verdict.complaints == ()
    assert verdict.has_passed


@pytest.mark.parametrize(("text", "expected", "complaint"), MISSED)
async def test_what_came_otherwise_is_a_complaint_that_names_it(
    stage: TrialStage, text: str, expected: dict[str, Any], complaint: str
) -> None:
    verdict = await verdict_on(stage, say(text), expected)
    assert not verdict.has_passed
    assert len(verdict.complaints) == 1
    assert verdict.complaints[0].startswith("turn 2: ")
    assert complaint in verdict.complaints[0]


async def test_every_difference_of_a_turn_is_told(stage: TrialStage) -> None:
    verdict = await verdict_on(stage, say("你好"), expect(replies=["thanks"], cards=3, flow="order.cancel"))
    assert len(verdict.complaints) == 3


async def test_a_whole_task_is_played_on_the_orders_given(stage: TrialStage) -> None:
    talk = (say(f"取消订单{ORDER}"), say("拍错了"), say("确认"), expect(orders={ORDER: "cancelled"}, flow="none"))
    verdict = await verdict_on(stage, *talk)
    assert verdict.has_passed
    assert [spoken.who for spoken in verdict.dialogue] == ["customer", "shop"] * 3
    assert verdict.dialogue[-1].names == ("cancel_done",)


async def test_a_visitor_signs_in_in_the_middle(stage: TrialStage) -> None:
    talk = (
        say(f"取消订单{ORDER}"),
        expect(replies=["sign_in_needed"]),
        {"sign_in": True},
        expect(replies=["signed_in", "why_cancel"]),
    )
    assert (await verdict_on(stage, *talk, signed_in=False)).complaints == ()


async def test_each_test_has_a_shop_of_its_own(stage: TrialStage) -> None:
    cancel = a_test(say(f"取消订单{ORDER}"), say("拍错了"), say("确认"), expect(orders={ORDER: "cancelled"}))
    verdicts = [verdict async for verdict in rehearse(stage, [cancel, cancel])]
    assert [verdict.complaints for verdict in verdicts] == [(), ()]


async def test_a_test_that_cannot_be_set_up_complains_and_the_next_one_is_played(stage: TrialStage) -> None:
    wrong = {"number": "1", "state": "paid", "lines": [{"sku": "no such thing"}]}
    tests = [
        a_test(say("你好"), expect(), name="wrong", orders=[wrong]),
        a_test(say("你好"), expect(replies=["greet"]), name="right"),
    ]
    verdicts = [verdict async for verdict in rehearse(stage, tests)]
    assert [verdict.name for verdict in verdicts] == ["wrong", "right"]
    assert "no such thing" in verdicts[0].complaints[0]
    assert verdicts[1].has_passed


async def test_a_turn_that_fails_fails_the_test_whatever_it_expects(shop_pack: Pack) -> None:
    def search(*_: object, **__: object) -> Never:
        raise ZeroDivisionError

    async with trial_stage(shop_pack, lambda words: (a_shop_reader(), None), search) as stage:
        verdict = await verdict_on(stage, say("满多少包邮"), expect())

    assert [complaint[:17] for complaint in verdict.complaints] == ["turn 1: it failed"]


# What a test lays down that was understood


async def test_a_message_is_understood_as_the_test_says_whatever_the_reader_makes_of_it(stage: TrialStage) -> None:
    said = {"say": "你好", "reading": {"intents": {"order.cancel": 0.9}}}
    assert (await verdict_on(stage, said, expect(flow="order.cancel"))).complaints == ()


async def test_two_readings_that_a_test_makes_close_are_put_to_the_customer(stage: TrialStage) -> None:
    close = {"say": "订单的票", "reading": {"intents": {"invoice.request": 0.45, "order.cancel": 0.42}}}
    verdict = await verdict_on(stage, close, expect(replies=["clarify"]), say("第二个"), expect(flow="order.cancel"))
    assert verdict.complaints == ()


async def test_the_next_message_is_read_by_the_reader_again(stage: TrialStage) -> None:
    said = {"say": "谢谢", "reading": {"intents": {"greet": 0.9}}}
    verdict = await verdict_on(stage, said, expect(replies=["greet"]), say("谢谢"), expect(replies=["thanks"]))
    assert verdict.complaints == ()


async def test_entities_and_several_wishes_can_be_laid_down(stage: TrialStage) -> None:
    wishes = [
        {"words": "满多少包邮", "intents": {"delivery.fee": 0.9}},
        {"words": "那单不要了", "intents": {"order.cancel": 0.8}},
    ]
    said = {"say": "满多少包邮，那单不要了", "reading": {"wishes": wishes, "entities": {"product": "那单"}}}
    verdict = await verdict_on(stage, said, expect(flow="order.cancel", source="delivery.fee"))
    assert verdict.complaints == ()


async def test_entities_that_are_not_given_are_read(stage: TrialStage) -> None:
    said = {"say": f"{ORDER}不要了", "reading": {"intents": {"order.cancel": 0.9}}}
    assert (await verdict_on(stage, said, expect(slots={"order": ORDER}))).complaints == ()


@pytest.mark.parametrize(
    "reading",
    [
        {"entities": {"product": "耳机"}},
        {"wishes": [{"words": "耳机", "intents": {"greet": 1}}]},
        {"intents": {}},
        {"intents": {"greet": 1.5}},
    ],
)
def test_a_reading_that_cannot_be_is_refused(reading: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_test({"say": "你好", "reading": reading}, expect())
