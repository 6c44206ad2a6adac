"""Pictures that the customer sends: taken into the task that wants them, otherwise acknowledged and asked about.

Nothing here looks into a picture, so none is ever answered as if it had been understood.
"""

from xiaoer.dialogue.clarifying import NONE_OF_THEM
from xiaoer.dialogue.hearing import Hearing
from xiaoer.dialogue.moves import Move, Record, Say
from xiaoer.events import (
    Choice,
    Conversation,
    FlowEnded,
    FlowResumed,
    FlowStarted,
    Frame,
    NotUnderstood,
    QuestionAsked,
    SlotFilled,
)
from xiaoer.pack import NO_PICTURES, Flow, Slot


def acknowledged(hearing: Hearing, moves: list[Move]) -> list[Move]:
    """Say what becomes of the pictures of a message; `moves` are what its words bring about, none without words."""
    known = {"pictures": hearing.message.pictures}
    if _are_taken(hearing, moves):
        return [Say("pictures_received", known), *moves]
    is_missed = any(isinstance(move, Record) and isinstance(move.event, NotUnderstood) for move in moves)
    served = [] if is_missed else moves
    if hearing.state.is_with_person:
        return [Say("pictures_for_person", known), *served]
    if served or hearing.flow is not None:
        return [Say("pictures_unread", known), *served]
    return _asked_about(hearing)


def pictures_taken(state: Conversation, frame: Frame, flow: Flow) -> SlotFilled | None:
    """Give the task under way the pictures sent lately; None where it wants none, or has them all."""
    slot = _slot_for_pictures(flow)
    if slot is None:
        return None
    held = frame.slots.get(slot.name)
    before = [id for id in held.value.split(",") if id != NO_PICTURES] if held else []
    sent = [picture.id for picture in state.pictures if picture.id not in before]
    if not sent:
        return None
    pictures = list(dict.fromkeys([*before, *sent]))
    return SlotFilled(frame=frame.id, slot=slot.name, value=",".join(pictures), shown=str(len(pictures)))


def _slot_for_pictures(flow: Flow) -> Slot | None:
    return next((slot for slot in flow.slots if slot.pictures), None)


def _are_taken(hearing: Hearing, moves: list[Move]) -> bool:
    """Say whether the task under way, once the words have had their effect, wants the pictures."""
    flow = hearing.flow
    for event in (move.event for move in moves if isinstance(move, Record)):
        if isinstance(event, FlowStarted):
            flow = hearing.pack.flows.get(event.flow)
        elif isinstance(event, FlowResumed):
            frame = next((frame for frame in hearing.state.frames if frame.id == event.frame), None)
            flow = hearing.stage.flow_of(frame) if frame else flow
        elif isinstance(event, FlowEnded):
            flow = None
    return flow is not None and _slot_for_pictures(flow) is not None


def _asked_about(hearing: Hearing) -> list[Move]:
    """Ask what the pictures are about, and offer the tasks that want some."""
    pack = hearing.pack
    wanting = [flow for flow in pack.flows.values() if flow.triggers and _slot_for_pictures(flow) is not None]
    yes = pack.phrases.yes if len(wanting) == 1 else ()
    choices = (
        *(Choice(value=flow.triggers[0], title=flow.title, says=tuple(yes)) for flow in wanting),
        Choice(value=NONE_OF_THEM, title=pack.words.get(NONE_OF_THEM, NONE_OF_THEM), says=tuple(pack.phrases.no)),
    )
    said = Say("pictures_alone", {"pictures": hearing.message.pictures}, choices if wanting else ())
    return [said, Record(QuestionAsked(kind="clarify", choices=choices))] if wanting else [said]
