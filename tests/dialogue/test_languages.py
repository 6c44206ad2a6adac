"""What stands open when a conversation goes on in another language."""

import dataclasses
from pathlib import Path

from msgspec.structs import replace

from xiaoer.dialogue import changed_language, is_offered
from xiaoer.events import (
    ActionFinished,
    Choice,
    Conversation,
    FlowStarted,
    QuestionAsked,
    SlotFilled,
    apply,
    fold,
)
from xiaoer.ids import ActionKey, FrameId
from xiaoer.pack import Pack, read_pack

FRAME = FrameId("f1")
PACKS = Path(__file__).parents[2] / "packs"


def english() -> Pack:
    return read_pack(PACKS / "shop_en")


def cancelling() -> Conversation:
    return fold(
        [
            FlowStarted(frame=FRAME, flow="order.cancel", pack="chinese"),
            SlotFilled(frame=FRAME, slot="order", value="20260612000461", shown="四件套"),
            SlotFilled(frame=FRAME, slot="reason", value="wrong_choice", shown="拍错了"),
            ActionFinished(frame=FRAME, step="2", action="order.check_cancel", arguments={}, outcome="allowed"),
            ActionFinished(
                frame=FRAME, step="5", action="order.cancel", arguments={}, outcome="done", key=ActionKey("k")
            ),
        ]
    )


def test_open_tasks_go_on_with_their_slots_in_the_new_words() -> None:
    pack = english()
    event = changed_language(cancelling(), pack)
    assert event is not None
    frame = apply(cancelling(), event).frame
    assert frame is not None
    assert frame.pack == pack.version
    reason = pack.flows["order.cancel"].slot("reason")
    assert reason is not None
    titles = {choice.value: choice.title for choice in reason.choices}
    assert frame.slots["reason"].value == "wrong_choice"
    assert frame.slots["reason"].shown == titles["wrong_choice"]
    assert frame.slots["order"].shown == "四件套", "the shop's own name of a thing stays"


def test_what_was_looked_up_is_asked_again_and_what_was_done_stays_done() -> None:
    event = changed_language(cancelling(), english())
    assert event is not None
    frame = apply(cancelling(), event).frame
    assert frame is not None
    assert list(frame.results) == ["5"]


def test_an_open_question_offers_its_answers_in_the_new_words() -> None:
    asked = QuestionAsked(
        kind="slot", frame=FRAME, slot="reason", choices=(Choice(value="price", title="价格原因", says=("太贵",)),)
    )
    state = replace(apply(cancelling(), asked), turns=3)
    event = changed_language(state, english())
    assert event is not None
    question = apply(state, event).question
    assert question is not None
    assert [choice.value for choice in question.choices] == ["price"]
    assert question.choices[0].title.isascii()


def test_things_of_the_shop_that_are_offered_keep_their_names() -> None:
    asked = QuestionAsked(kind="slot", frame=FRAME, slot="order", choices=(Choice(value="1", title="四件套"),))
    state = apply(cancelling(), asked)
    event = changed_language(state, english())
    assert event is not None
    question = apply(state, event).question
    assert question is not None
    assert question.choices == asked.choices
    assert is_offered("四件套", question)
    assert not is_offered("where is it", question)


def test_a_task_that_the_other_pack_has_not_got_ends_in_its_own_language() -> None:
    smaller = {name: flow for name, flow in english().flows.items() if name != "order.cancel"}
    assert changed_language(cancelling(), dataclasses.replace(english(), flows=smaller)) is None
