"""Whatever a customer says, in whatever order, and however it is read: what holds for every dialogue."""

from collections.abc import Iterator, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.dialogue import Message
from xiaoer.events import (
    ActionFinished,
    AnyEvent,
    Confirmed,
    Conversation,
    Frame,
    IdentityProved,
    IntentScore,
    QuestionAsked,
    fold,
)
from xiaoer.testing import Play, a_message, a_reading, an_outcome

from .little_shop import a_play, little_shop

TASKS = ("return.request", "exchange.request", "address.change", "order.status", "bulk.request", "return.withdraw")
TALK = ("greet", "affirm", "deny", "inform", "hold", "human", "delivery.fee", "wallet", "unheard_of")
intents = st.sampled_from([*TASKS, *TASKS, *TALK])
parts = st.sampled_from(
    [
        *("好的", "好的，但是", "不要", "算了", "第一个", "第二个", "最后一个", "嗯", "", "？"),
        *("坏了", "太大", "退货", "换货", "都不是", "运费多少", "多久发货"),
        *("[1001](order_id)", "[1002](order_id)", "[1003](order_id)", "[9999](order_id)"),
        *("[白色](colour)", "[黑色](colour)", "[台灯](product)", "[白色T恤](product)"),
        *("[杭州](region)", "[宁波](region)", "[文三路9号](street)", "[13800000000](phone)", "[13900000000](phone)"),
    ]
)
phrases = st.lists(parts, min_size=1, max_size=4).map("".join)
confidences = st.sampled_from([0.1, 0.35, 0.45, 0.6, 0.95])


@st.composite
def messages(draw: st.DrawFn) -> Message:
    wanted = draw(st.lists(intents, min_size=1, max_size=2))
    marked = "|".join(draw(phrases) for _ in wanted)
    confidence = draw(confidences)
    runner_up = draw(st.none() | st.builds(IntentScore, intents, st.just(confidence - 0.02)))
    message = a_message(marked, *wanted, confidence=confidence, runner_up=runner_up)
    reading = a_reading(
        wanted[0],
        confidence,
        entities=message.reading.entities,
        wishes=message.reading.wishes,
        sentiment=draw(st.sampled_from([0.0, 0.0, 0.0, -0.9])),
        is_in_scope=draw(st.sampled_from([True, True, True, False])),
    )
    return Message(message.text, reading)


plays = st.builds(
    lambda *, customer, check: a_play(customer=customer, shop=little_shop(check=an_outcome(check))),
    customer=st.sampled_from(["", "c1"]),
    check=st.sampled_from(["allowed", "allowed", "refused"]),
)
thorough = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
ANSWERS = {
    "order": "[1001](order_id)",
    "line": "[黑色](colour)",
    "reason": "太大",
    "colour": "[白色](colour)",
    "region": "[杭州](region)",
    "street": "[文三路9号](street)",
    "phone": "[13800000000](phone)",
    "wanted": "两百条毛巾",
}


def cooperative(state: Conversation) -> Message:
    """What a customer says who only answers what is asked, so that tasks get done now and then."""
    question = state.question
    match question.kind if question else "":
        case "confirm" | "offer":
            return a_message("好的", "affirm")
        case "slot" if question:
            return a_message(ANSWERS[question.slot])
        case "clarify":
            return a_message("第一个")
        case _:
            return a_message("改到[杭州](region)[文三路9号](street)[13800000000](phone)", "address.change")


def played(data: st.DataObject, play: Play, *, may_sign_in: bool = True) -> Iterator[list[str]]:
    """Play up to twelve turns, half of them cooperative; give what each turn said."""
    for cooperates in data.draw(st.lists(st.booleans(), min_size=1, max_size=12)):
        yield play.hear(cooperative(play.state) if cooperates else data.draw(messages()))
        if may_sign_in and play.state.customer is None and data.draw(st.booleans()):
            yield play.sign_in("c1")


def done(data: st.DataObject, play: Play, *, may_sign_in: bool = True) -> Play:
    for _ in played(data, play, may_sign_in=may_sign_in):
        pass
    return play


def frame_of(state: Conversation, effect: ActionFinished) -> Frame:
    return next(frame for frame in state.frames if frame.id == effect.frame)


def shown_and_agreed(before: Sequence[AnyEvent], effect: ActionFinished) -> bool:
    """Say whether the last word on some confirm question of the frame is a yes to what was shown last."""
    shown = {e.step: e.digest for e in before if isinstance(e, QuestionAsked) and e.frame == effect.frame}
    words = {e.step: e for e in before if isinstance(e, Confirmed) and e.frame == effect.frame}
    return any(word.yes and word.digest == shown.get(step) for step, word in words.items())


@thorough
@given(plays, st.data())
def test_every_turn_ends_and_every_change_of_the_shop_was_agreed_to(play: Play, data: st.DataObject) -> None:
    events = done(data, play).events
    for index, event in enumerate(events):
        if isinstance(event, ActionFinished) and event.key is not None:
            assert shown_and_agreed(events[:index], event)


@thorough
@given(plays, st.data())
def test_what_is_done_is_what_was_shown(play: Play, data: st.DataObject) -> None:
    events = done(data, play).events
    for index, event in enumerate(events):
        if not isinstance(event, ActionFinished) or event.key is None:
            continue
        asked = max(
            at
            for at, e in enumerate(events[:index])
            if isinstance(e, QuestionAsked) and e.kind == "confirm" and e.frame == event.frame
        )
        slots = frame_of(fold(events[:asked]), event).slots
        assert event.arguments == {name: slots[name].value for name in event.arguments}


@thorough
@given(plays, st.data())
def test_no_change_of_the_shop_is_made_twice(play: Play, data: st.DataObject) -> None:
    keys = [effect.key for effect in done(data, play).effects]
    assert len(keys) == len(set(keys))


@thorough
@given(plays, st.data())
def test_only_the_task_on_top_runs_and_its_question_is_the_open_one(play: Play, data: st.DataObject) -> None:
    state = done(data, play).state
    assert all(frame.is_suspended for frame in state.frames[:-1])
    if state.frame is not None:
        assert not state.frame.is_suspended
        assert state.question is not None
        assert state.question.kind == "clarify" or state.question.frame == state.frame.id
    assert len({frame.id for frame in state.frames}) == len(state.frames)


@thorough
@given(st.data())
def test_nothing_that_needs_proof_is_done_or_looked_up_for_a_stranger(data: st.DataObject) -> None:
    play = done(data, a_play(customer=""), may_sign_in=False)
    assert {action.action for action in play.actions} <= {"address.change"}


@thorough
@given(plays, st.data())
def test_the_state_is_the_fold_of_the_log(play: Play, data: st.DataObject) -> None:
    done(data, play)
    assert fold(play.events) == play.state


@thorough
@given(plays, st.data())
def test_no_message_is_left_without_a_word_but_a_plain_no(play: Play, data: st.DataObject) -> None:
    before = 0
    for said in played(data, play):
        refused = any(isinstance(event, Confirmed) and not event.yes for event in play.events[before:])
        signed_in = isinstance(play.events[before], IdentityProved)
        assert said or refused or signed_in
        before = len(play.events)
