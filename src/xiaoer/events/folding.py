"""State as a fold over events: `fold(events)` is the only way in which a conversation gets its state."""

from collections.abc import Iterable, Mapping
from typing import TypeVar, assert_never

from msgspec.structs import replace

from xiaoer.events.records import (
    ActionFinished,
    Answered,
    AnyEvent,
    Confirmed,
    FlowEnded,
    FlowResumed,
    FlowStarted,
    HandedOver,
    IdentityProved,
    LanguageChanged,
    MessageReceived,
    NotUnderstood,
    ProofRefused,
    QuestionAsked,
    Rated,
    Replied,
    SlotCleared,
    SlotFilled,
    SlotMentioned,
    StepSaid,
    TurnFailed,
    Understood,
    WishDeferred,
    WishTaken,
)
from xiaoer.events.replies import Reply, Source
from xiaoer.events.state import (
    Confirmation,
    Conversation,
    Frame,
    Mention,
    Result,
    SentPicture,
    SlotValue,
    WaitingWish,
)
from xiaoer.ids import FrameId

_REMEMBERED_ANSWERS = 20
_REMEMBERED_MESSAGE_IDS = 50
_PICTURE_TURNS = 6
"""For how many turns a picture that no task has taken counts as just sent."""
_Value = TypeVar("_Value")
_FrameEvent = SlotMentioned | SlotFilled | SlotCleared | Confirmed | StepSaid | ActionFinished


def fold(events: Iterable[AnyEvent], start: Conversation | None = None) -> Conversation:
    """Apply events in order to a conversation (an empty one by default)."""
    state = start or Conversation()
    for event in events:
        state = apply(state, event)
    return state


def apply(state: Conversation, event: AnyEvent) -> Conversation:
    """Give the conversation as it stands after one more event."""
    state = replace(state, sequence=state.sequence + 1)
    match event:
        case MessageReceived() | Understood() | IdentityProved() | Replied() | Rated():
            return _apply_talk(state, event)
        case LanguageChanged():
            return _in_language(state, event)
        case FlowStarted() | FlowEnded() | FlowResumed():
            return _apply_stack(state, event)
        case SlotMentioned() | SlotFilled() | SlotCleared() | Confirmed() | StepSaid() | ActionFinished():
            return _apply_to_frame(state, event)
        case QuestionAsked() | WishDeferred() | WishTaken():
            return _apply_agenda(state, event)
        case Answered() | NotUnderstood() | HandedOver() | TurnFailed() | ProofRefused():
            return _apply_service(state, event)
        case other:
            assert_never(other)


def _apply_talk(
    state: Conversation, event: MessageReceived | Understood | IdentityProved | Replied | Rated
) -> Conversation:
    match event:
        case MessageReceived():
            return _with_message(state, event)
        case Understood(reading=reading):
            return replace(
                state,
                language=reading.language,
                last_intent=reading.intent.name,
                previous_intent=state.last_intent,
                spoken=Mention(state.last_text, reading.entities),
            )
        case IdentityProved(customer=customer):
            is_about_tasks = state.question is not None and state.question.kind in ("slot", "confirm", "offer")
            return replace(state, customer=customer, question=state.question if is_about_tasks else None)
        case Replied(replies=replies):
            said = dict(state.said_names)
            for reply in replies:
                said[reply.name] = said.get(reply.name, 0) + 1
            return replace(
                state,
                said_names=said,
                offered=replies[-1].yes_means if replies else "",
                rests_on=tuple(source.id for reply in replies for source in _decisive(reply))
                if state.is_refused
                else (),
            )
        case Rated(score=score):
            return replace(state, rating=score)
        case other:
            assert_never(other)


def _decisive(reply: Reply) -> tuple[Source, ...]:
    """Give the clauses that a reply rests on, if it is no answer of the knowledge."""
    return reply.sources if all(source.kind == "policy" for source in reply.sources) else ()


def _with_message(state: Conversation, event: MessageReceived) -> Conversation:
    ids = state.message_ids if event.message_id is None else (*state.message_ids, event.message_id)
    turn = state.turns + 1
    pictures = (picture for picture in state.pictures if picture.turn > turn - _PICTURE_TURNS)
    return replace(
        state,
        turns=turn,
        last_text=event.text,
        message_ids=ids[-_REMEMBERED_MESSAGE_IDS:],
        channel=event.channel,
        pictures=(*pictures, *(SentPicture(id, turn) for id in event.attachments)),
        spoken=None,
        unserved=state.spoken,
        is_refused=False,
    )


def _in_language(state: Conversation, event: LanguageChanged) -> Conversation:
    """Put everything that stands open into the new words; what was looked up in the old ones is forgotten."""
    frames = tuple(_in_words(frame, event.pack, event.shown.get(frame.id, {})) for frame in state.frames)
    question = state.question
    if question is not None and event.choices:
        question = replace(question, choices=event.choices)
    return replace(state, speaks=event.language, frames=frames, question=question)


def _in_words(frame: Frame, pack: str, shown: Mapping[str, str]) -> Frame:
    slots = {name: replace(slot, shown=shown.get(name, slot.shown)) for name, slot in frame.slots.items()}
    return replace(frame, pack=pack, slots=slots, results=_effects(frame))


def _apply_stack(state: Conversation, event: FlowStarted | FlowEnded | FlowResumed) -> Conversation:
    match event:
        case FlowStarted(frame=frame, flow=flow, pack=pack, trigger=trigger):
            opened = Frame(id=frame, flow=flow, pack=pack, trigger=trigger)
            waiting = tuple(replace(f, is_suspended=True) for f in state.frames)
            return replace(
                state,
                frames=(*waiting, opened),
                frames_started=state.frames_started + 1,
                question=None,
                misunderstandings=0,
                spoken=None,
            )
        case FlowEnded(frame=frame, how=how):
            ended = next((f for f in state.frames if f.id == frame), None)
            carried = state.carried if ended is None else {**state.carried, **ended.slots}
            frames = tuple(f for f in state.frames if f.id != frame)
            last_flow = state.last_flow if ended is None else ended.flow
            used = {id for slot in ended.slots.values() for id in slot.value.split(",")} if ended else set()
            pictures = tuple(picture for picture in state.pictures if picture.id not in used)
            return replace(
                state,
                frames=frames,
                carried=carried,
                last_flow=last_flow,
                question=None,
                pictures=pictures,
                is_refused=how == "refused",
            )
        case FlowResumed(frame=frame):
            resumed = [_resumed(f) for f in state.frames if f.id == frame]
            others = [replace(f, is_suspended=True) for f in state.frames if f.id != frame]
            return replace(state, frames=(*others, *resumed), question=None)
        case other:
            assert_never(other)


def _resumed(frame: Frame) -> Frame:
    """Forget what was looked up before the interruption: the shop may have changed since."""
    return replace(frame, results=_effects(frame), is_suspended=False)


def _effects(frame: Frame) -> dict[str, Result]:
    return {step: result for step, result in frame.results.items() if result.is_effect}


def _apply_to_frame(state: Conversation, event: _FrameEvent) -> Conversation:
    frames = tuple(_changed(frame, event) if frame.id == event.frame else frame for frame in state.frames)
    answered = isinstance(event, SlotFilled | Confirmed) and _answers(state, event.frame)
    is_taken = isinstance(event, SlotFilled | SlotMentioned)
    return replace(
        state,
        frames=frames,
        question=None if answered else state.question,
        misunderstandings=0 if answered else state.misunderstandings,
        spoken=None if is_taken else state.spoken,
    )


def _answers(state: Conversation, frame: FrameId) -> bool:
    return state.question is not None and state.question.frame == frame


def _changed(frame: Frame, event: _FrameEvent) -> Frame:
    match event:
        case SlotMentioned(slot=slot, text=text, entities=entities):
            return replace(frame, mentions={**frame.mentions, slot: Mention(text, entities)})
        case SlotFilled(slot=slot, value=value, shown=shown):
            return replace(frame, slots={**frame.slots, slot: SlotValue(value, shown or value)})
        case SlotCleared(slot=slot):
            return replace(frame, slots=_without(frame.slots, slot), mentions=_without(frame.mentions, slot))
        case Confirmed(step=step, digest=digest, yes=yes):
            return replace(frame, confirmations={**frame.confirmations, step: Confirmation(digest=digest, yes=yes)})
        case StepSaid(step=step, digest=digest):
            return replace(frame, said={**frame.said, step: digest})
        case ActionFinished():
            return _with_result(frame, event)
        case other:
            assert_never(other)


def _with_result(frame: Frame, event: ActionFinished) -> Frame:
    result = Result(event.arguments, event.outcome, is_effect=event.key is not None)
    facts = {**frame.facts, event.name: event.facts} if event.name else frame.facts
    return replace(frame, results={**frame.results, event.step: result}, facts=facts)


def _without(values: Mapping[str, _Value], name: str) -> dict[str, _Value]:
    return {key: value for key, value in values.items() if key != name}


def _apply_agenda(state: Conversation, event: QuestionAsked | WishDeferred | WishTaken) -> Conversation:
    match event:
        case QuestionAsked():
            return replace(state, question=event, question_turn=state.turns)
        case WishDeferred(intent=intent, text=text, entities=entities):
            return replace(state, waiting=(*state.waiting, WaitingWish(intent, text, entities)))
        case WishTaken():
            return replace(state, waiting=state.waiting[1:])
        case other:
            assert_never(other)


def _apply_service(
    state: Conversation, event: Answered | NotUnderstood | HandedOver | TurnFailed | ProofRefused
) -> Conversation:
    match event:
        case Answered(entry=entry):
            is_chosen = state.question is not None and state.question.kind == "clarify"
            told = (*(one for one in state.told if one != entry), entry)[-_REMEMBERED_ANSWERS:]
            return replace(state, misunderstandings=0, question=None if is_chosen else state.question, told=told)
        case NotUnderstood():
            return replace(state, misunderstandings=state.misunderstandings + 1)
        case HandedOver():
            return replace(state, is_with_person=True, misunderstandings=0)
        case TurnFailed() | ProofRefused():
            return state
        case other:
            assert_never(other)
