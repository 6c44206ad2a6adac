"""What each event does to the state of a conversation."""

from xiaoer.events import (
    ActionFinished,
    Answered,
    AnyEvent,
    Choice,
    Confirmation,
    Confirmed,
    Conversation,
    FlowEnded,
    FlowResumed,
    FlowStarted,
    Frame,
    HandedOver,
    IdentityProved,
    Mention,
    MessageReceived,
    NotUnderstood,
    QuestionAsked,
    Rated,
    Replied,
    Reply,
    Result,
    SlotCleared,
    SlotFilled,
    SlotMentioned,
    SlotValue,
    StepSaid,
    TurnFailed,
    Understood,
    WaitingWish,
    WishDeferred,
    WishTaken,
    fold,
)
from xiaoer.ids import ActionKey, CustomerId, FrameId, MessageId
from xiaoer.testing import a_reading, an_entity

F1, F2, F3 = FrameId("f1"), FrameId("f2"), FrameId("f3")


def started(frame: FrameId = F1, flow: str = "return") -> FlowStarted:
    return FlowStarted(frame=frame, flow=flow, pack="1.0.0+abc", trigger="return.request")


def filled(slot: str, value: str, *, frame: FrameId = F1) -> SlotFilled:
    return SlotFilled(frame=frame, slot=slot, value=value)


def found(step: str, *, key: str | None = None, frame: FrameId = F1, name: str = "") -> ActionFinished:
    return ActionFinished(
        frame=frame,
        step=step,
        action="order.find",
        arguments={"mention": "1001"},
        outcome="one",
        facts={"state": "paid"},
        name=name,
        key=ActionKey(key) if key else None,
    )


def asked(frame: FrameId = F1) -> QuestionAsked:
    return QuestionAsked(kind="slot", frame=frame, step="0", slot="order")


def the_frame(*events: AnyEvent) -> Frame:
    frame = fold(events).frame
    assert frame is not None
    return frame


# Talk


def test_a_message_is_a_turn_and_its_id_is_remembered() -> None:
    state = fold([MessageReceived(text="在吗", channel="web", message_id=MessageId("m1"))])
    assert (state.turns, state.last_text, state.message_ids) == (1, "在吗", ("m1",))


def test_a_message_without_an_id_leaves_none() -> None:
    assert fold([MessageReceived(text="在吗", channel="web")]).message_ids == ()


def test_only_the_last_fifty_message_ids_are_remembered() -> None:
    log = [MessageReceived(text="", channel="web", message_id=MessageId(f"m{n}")) for n in range(60)]
    assert fold(log).message_ids == tuple(f"m{n}" for n in range(10, 60))


def test_what_was_understood_last_is_kept() -> None:
    assert (
        fold([Understood(reading=a_reading("greet")), Understood(reading=a_reading("wallet"))]).last_intent == "wallet"
    )


def test_a_proof_names_the_customer() -> None:
    assert fold([IdentityProved(customer=CustomerId("c1"), by="token")]).customer == "c1"


def test_replies_are_counted_by_name() -> None:
    log = [Replied(replies=(Reply(text="您好", name="greet"),)), Replied(replies=(Reply(text="在", name="greet"),))]
    assert fold(log).said_names == {"greet": 2}


def test_a_rating_is_kept() -> None:
    assert fold([Rated(score=4)]).rating == 4


def test_a_failed_turn_changes_nothing_but_the_sequence() -> None:
    assert fold([TurnFailed(error="TimeoutError")]) == Conversation(sequence=1)


# The stack of frames


def test_a_task_lies_on_top_of_the_one_it_interrupts() -> None:
    state = fold([started(F1), started(F2, "invoice")])
    assert [(f.id, f.is_suspended) for f in state.frames] == [(F1, True), (F2, False)]
    assert state.frames_started == 2


def test_a_new_task_closes_the_open_question_and_forgives_misunderstandings() -> None:
    state = fold([started(F1), asked(), NotUnderstood(text="?"), started(F2)])
    assert (state.question, state.misunderstandings) == (None, 0)


def test_an_ended_task_leaves_the_stack_and_the_one_below_stays_suspended() -> None:
    state = fold([started(F1), started(F2), asked(F2), FlowEnded(frame=F2, how="completed")])
    assert [(f.id, f.is_suspended) for f in state.frames] == [(F1, True)]
    assert state.question is None


def test_a_task_may_end_in_the_middle_of_the_stack() -> None:
    state = fold([started(F1), started(F2), started(F3), FlowEnded(frame=F2, how="given_up")])
    assert [f.id for f in state.frames] == [F1, F3]


def test_a_resumed_task_comes_to_the_top_and_the_others_wait() -> None:
    state = fold([started(F1), started(F2), FlowResumed(frame=F1)])
    assert [(f.id, f.is_suspended) for f in state.frames] == [(F2, True), (F1, False)]


def test_a_resumed_task_forgets_what_was_looked_up_but_not_what_was_done() -> None:
    frame = the_frame(started(), found("0"), found("1", key="k1"), started(F2), FlowResumed(frame=F1))
    assert set(frame.results) == {"1"}


def test_the_number_of_frames_started_never_goes_back() -> None:
    assert fold([started(F1), FlowEnded(frame=F1, how="completed"), started(F2)]).frames_started == 2


def test_slots_of_an_ended_task_are_carried() -> None:
    log: list[AnyEvent] = [started(), filled("order", "1001"), FlowEnded(frame=F1, how="completed")]
    assert fold(log).carried == {"order": SlotValue("1001", "1001")}


def test_the_last_value_of_a_carried_slot_wins_and_the_others_stay() -> None:
    log: list[AnyEvent] = [
        *(started(F1), filled("order", "1001"), filled("reason", "faulty"), FlowEnded(frame=F1, how="completed")),
        *(started(F2), filled("order", "1002", frame=F2), FlowEnded(frame=F2, how="given_up")),
    ]
    carried = fold(log).carried
    assert {name: slot.value for name, slot in carried.items()} == {"order": "1002", "reason": "faulty"}


def test_slots_of_a_running_task_are_not_carried() -> None:
    assert fold([started(), filled("order", "1001")]).carried == {}


# Inside a frame


def test_a_filled_slot_is_shown_as_its_value_if_nothing_else_is_said() -> None:
    frame = the_frame(
        started(), filled("order", "1001"), SlotFilled(frame=F1, slot="reason", value="bad", shown="坏了")
    )
    assert frame.slots == {"order": SlotValue("1001", "1001"), "reason": SlotValue("bad", "坏了")}


def test_a_slot_filled_again_has_the_new_value() -> None:
    assert the_frame(started(), filled("order", "1"), filled("order", "2")).slots["order"].value == "2"


def test_a_cleared_slot_loses_its_value_and_its_mention() -> None:
    mentioned = SlotMentioned(frame=F1, slot="order", text="那件")
    frame = the_frame(started(), mentioned, filled("order", "1"), SlotCleared(frame=F1, slot="order"))
    assert (frame.slots, frame.mentions) == ({}, {})


def test_a_mention_keeps_words_and_entities() -> None:
    entity = an_entity("order_id", "1001")
    frame = the_frame(started(), SlotMentioned(frame=F1, slot="order", text="1001", entities=(entity,)))
    assert frame.mentions == {"order": Mention("1001", (entity,))}


def test_an_event_of_one_frame_leaves_the_others_alone() -> None:
    state = fold([started(F1), started(F2), filled("order", "1001", frame=F1)])
    assert [set(frame.slots) for frame in state.frames] == [{"order"}, set()]


def test_an_event_of_an_unknown_frame_changes_no_frame() -> None:
    assert the_frame(started(F1), filled("order", "1001", frame=F3)).slots == {}


def test_a_confirmation_keeps_what_it_was_said_to() -> None:
    frame = the_frame(started(), Confirmed(frame=F1, step="4", digest="d1", yes=True))
    assert frame.confirmations == {"4": Confirmation(digest="d1", yes=True)}


def test_a_step_that_spoke_is_noted_with_its_facts() -> None:
    assert the_frame(started(), StepSaid(frame=F1, step="2", digest="d1")).said == {"2": "d1"}


def test_a_result_is_kept_by_its_step_and_its_facts_by_their_name() -> None:
    frame = the_frame(started(), found("0", name="order_read"), found("1", key="k1"))
    assert frame.results == {
        "0": Result({"mention": "1001"}, "one", is_effect=False),
        "1": Result({"mention": "1001"}, "one", is_effect=True),
    }
    assert frame.facts == {"order_read": {"state": "paid"}}


# The open question


def test_a_question_stays_open_and_knows_its_turn() -> None:
    message = MessageReceived(text="退货", channel="web")
    state = fold([message, started(), asked(), message])
    assert (state.question, state.question_turn, state.turns) == (asked(), 1, 2)


def test_a_filled_slot_or_a_yes_of_its_task_answers_the_question() -> None:
    answers: list[AnyEvent] = [filled("order", "1"), Confirmed(frame=F1, step="0", digest="", yes=False)]
    for answer in answers:
        state = fold([started(), asked(), NotUnderstood(text="?"), answer])
        assert (state.question, state.misunderstandings) == (None, 0)


def test_a_mention_alone_leaves_the_question_open() -> None:
    state = fold([started(), asked(), NotUnderstood(text="?"), SlotMentioned(frame=F1, slot="order", text="?")])
    assert (state.question, state.misunderstandings) == (asked(), 1)


def test_a_slot_of_another_task_leaves_the_question_open() -> None:
    state = fold([started(F1), started(F2), asked(F2), filled("order", "1", frame=F1)])
    assert state.question == asked(F2)


def test_a_later_question_takes_the_place_of_the_open_one() -> None:
    clarify = QuestionAsked(kind="clarify", choices=(Choice(value="a", title="甲"),), text="那个")
    assert fold([started(), asked(), clarify]).question == clarify


# Wishes, answers, persons


def test_deferred_wishes_wait_in_order_and_the_oldest_is_taken() -> None:
    deferred = [WishDeferred(intent=intent, text=intent) for intent in ("one", "two", "three")]
    assert fold([*deferred, WishTaken()]).waiting == (WaitingWish("two", "two"), WaitingWish("three", "three"))


def test_taking_a_wish_when_none_waits_changes_nothing_else() -> None:
    assert fold([WishTaken()]) == Conversation(sequence=1)


def test_misunderstandings_add_up_until_an_answer() -> None:
    missed = NotUnderstood(text="?")
    answered = Answered(question="运费", entry="fee", score=0.9)
    assert fold([missed, missed]).misunderstandings == 2
    assert fold([missed, missed, answered]).misunderstandings == 0


def test_a_hand_over_brings_a_person_and_starts_counting_anew() -> None:
    state = fold([NotUnderstood(text="?"), HandedOver(reason="asked")])
    assert (state.is_with_person, state.misunderstandings) == (True, 0)
