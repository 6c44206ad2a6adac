"""Whatever is said at the corner shop, with its values in parts, guesses and reasons: what holds for every dialogue."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.dialogue import Message
from xiaoer.events import ActionFinished, Confirmed, IntentScore, fold
from xiaoer.testing import Play, a_message, a_reading, an_outcome

from .corner_shop import a_corner, corner_shop
from .test_any_dialogue import shown_and_agreed

YES = ("好的", "行 取消", "取消吧", "改吧", "确定取消")
TASKS = ("address.change", "order.cancel", "refund.status", "goods.price", "goods.usage", "goods.broken")
TALK = ("inform", "affirm", "deny", "complaint", "chat", "coupon.back", "unheard_of")
intents = st.sampled_from([*TASKS, *TALK])
parts = st.sampled_from(
    [
        *(*YES, "取消", "要取消", "我要取消订单", "好的？", "好的，但是", "不要", "算了", "算了不要", "嗯", "？"),
        *("买错了", "贵了", "坏了", "几天到账", "券呢", "怎么用", "空气炸祸", "电饭那个", "李晓雯"),
        *("[1001](order_id)", "[1002](order_id)", "[耳机](product)", "[电饭煲](product)", "[昨天](day)", "[4升](size)"),
        *("[江苏省苏州市](region)", "[姑苏区麦浪路66号](address)", "[浙江省宁波市](address)", "[13900000000](phone)"),
    ]
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    wanted = draw(st.lists(intents, min_size=1, max_size=2))
    marked = "|".join("，".join(draw(st.lists(parts, min_size=1, max_size=3))) for _ in wanted)
    confidence = draw(st.sampled_from([0.1, 0.35, 0.6, 0.95]))
    runner_up = draw(st.none() | st.builds(IntentScore, intents, st.just(confidence - 0.02)))
    message = a_message(marked, *wanted, confidence=confidence, runner_up=runner_up)
    read = message.reading
    sentiment = draw(st.sampled_from([0.0, 0.0, -0.9]))
    reading = a_reading(wanted[0], confidence, entities=read.entities, wishes=read.wishes, sentiment=sentiment)
    return Message(message.text, reading)


def cooperative(play: Play) -> Message:
    """What a customer says who answers what is asked, so that tasks get done now and then."""
    question = play.state.question
    answers = {"order": "[1001](order_id)", "reason": "买错了", "street": "[姑苏区麦浪路66号](address)", "product": "1"}
    match question.kind if question else "":
        case "confirm" | "offer":
            return a_message("好的", "affirm")
        case "slot" if question:
            return a_message(answers[question.slot])
        case "clarify":
            return a_message("第一个")
        case _:
            return a_message("取消[1002](order_id)", "order.cancel")


def played(data: st.DataObject, check: str) -> Play:
    play = a_corner(customer=data.draw(st.sampled_from(["", "c1"])), shop=corner_shop(check=an_outcome(check)))
    for cooperates in data.draw(st.lists(st.booleans(), min_size=1, max_size=12)):
        play.hear(cooperative(play) if cooperates else data.draw(messages()))
        if play.state.customer is None and data.draw(st.booleans()):
            play.sign_in("c1")
    return play


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["allowed", "allowed", "refused"]))
def test_every_turn_ends_and_every_change_was_agreed_to_once(data: st.DataObject, check: str) -> None:
    play = played(data, check)
    for index, event in enumerate(play.events):
        if isinstance(event, ActionFinished) and event.key is not None:
            assert shown_and_agreed(play.events[:index], event)
    keys = [effect.key for effect in play.effects]
    assert len(keys) == len(set(keys))
    assert fold(play.events) == play.state


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_nothing_without_a_yes_in_it_is_a_yes_unless_it_surely_reads_as_one(message: Message) -> None:
    play = a_corner()
    play.say("取消[1001](order_id)，买错了", "order.cancel")
    play.hear(message)
    agreed = [event for event in play.events if isinstance(event, Confirmed) and event.yes]
    reads_as_yes = message.reading.intent.name == "affirm" and message.reading.intent.confidence >= 0.5
    assert not agreed or reads_as_yes or any(yes in message.text for yes in (*YES, "取消"))
