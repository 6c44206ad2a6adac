"""Reading a message as the answer to the open question, and as a correction of what was said before."""

from dataclasses import dataclass

from xiaoer.dialogue.matching import choose, corrects, denies, says_no, says_yes
from xiaoer.dialogue.moves import Move, Record
from xiaoer.dialogue.wishes import Heard
from xiaoer.events import (
    Confirmed,
    Frame,
    NotUnderstood,
    QuestionAsked,
    SlotCleared,
    SlotFilled,
    SlotMentioned,
)
from xiaoer.pack import Flow, Phrases, Slot


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question of a task, and what is known of the message that may answer it."""

    question: QuestionAsked
    frame: Frame
    flow: Flow
    phrases: Phrases
    intent: str
    has_new_wish: bool


def answer(asked: Asked, heard: Heard) -> list[Move] | None:
    """Give the moves of an answer; None if the message does not answer the question."""
    match asked.question.kind:
        case "confirm" | "offer":
            return _yes_or_no(asked, heard)
        case "slot":
            slot = asked.flow.slot(asked.question.slot)
            return None if slot is None else _slot_answer(asked, slot, heard)
        case "proof" | "clarify":
            return None


def _yes_or_no(asked: Asked, heard: Heard) -> list[Move] | None:
    """Take only a plain yes: a yes with a reservation ("yes, but …") is none."""
    phrases = asked.phrases
    if says_no(heard.text, phrases):
        return [_confirmed(asked, yes=False)]
    agrees = asked.intent in phrases.yes_intents
    repeats = asked.intent in asked.flow.triggers and not denies(heard.text, phrases)
    is_reserved = phrases.ask(heard.text) or bool(corrections(asked, heard))
    if says_yes(heard.text, phrases) or ((agrees or repeats) and not is_reserved):
        return [_confirmed(asked, yes=True)]
    if asked.intent in phrases.no_intents and not corrections(asked, heard):
        return [_confirmed(asked, yes=False)]
    return None


def _confirmed(asked: Asked, *, yes: bool) -> Move:
    question = asked.question
    return Record(Confirmed(frame=asked.frame.id, step=question.step, digest=question.digest, yes=yes))


def _slot_answer(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    frame = asked.frame.id
    if not (slot.look_up and heard.kinds.intersection(slot.entities)):
        choice = choose(heard.text, asked.question.choices, asked.phrases)
        if choice is not None:
            return [Record(SlotFilled(frame=frame, slot=slot.name, value=choice.value, shown=choice.title))]
    if slot.look_up is not None:
        return _mention(asked, slot, heard)
    for entity in heard.entities:
        if entity.entity in slot.entities:
            return [Record(SlotFilled(frame=frame, slot=slot.name, value=entity.value, shown=entity.value))]
    said = heard.text.strip()
    if corrects(said, asked.phrases) and corrections(asked, heard):
        return []
    if slot.free_text and said and not asked.has_new_wish and not _is_mere_yes_or_no(asked, said):
        return [Record(SlotFilled(frame=frame, slot=slot.name, value=said, shown=said))]
    return None


def _is_mere_yes_or_no(asked: Asked, said: str) -> bool:
    is_meant = asked.intent in (*asked.phrases.yes_intents, *asked.phrases.no_intents)
    return is_meant or says_yes(said, asked.phrases) or says_no(said, asked.phrases)


def _mention(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    """Look up what the customer points at; words that may point at nothing count as not understood until they do."""
    is_named = bool(heard.kinds.intersection(slot.entities))
    if asked.has_new_wish and not is_named:
        return None
    mentioned = SlotMentioned(frame=asked.frame.id, slot=slot.name, text=heard.text, entities=heard.entities)
    return [Record(mentioned)] if is_named else [Record(NotUnderstood(text=heard.text)), Record(mentioned)]


def corrections(asked: Asked, heard: Heard) -> list[Move]:
    """Give the moves by which entities of the message fill or change slots other than the one asked for.

    A thing named beside a new wish ("what does the oven cost?") is not taken for a thing of this task.
    """
    return _corrections(asked, heard, with_look_ups=not asked.has_new_wish)


def direct_corrections(asked: Asked, heard: Heard) -> list[Move]:
    """Give the corrections of slots whose values are said as they are: a phone number, an address, a name."""
    return _corrections(asked, heard, with_look_ups=False)


def _corrections(asked: Asked, heard: Heard, *, with_look_ups: bool) -> list[Move]:
    moves: list[Move] = []
    answered = asked.flow.slot(asked.question.slot) if asked.question.kind == "slot" else None
    taken: set[str] = set(answered.entities) if answered else set()
    for slot in asked.flow.slots:
        if asked.question.kind == "slot" and slot.name == asked.question.slot:
            continue
        if slot.look_up is not None and not with_look_ups:
            continue
        entity = next((e for e in heard.entities if e.entity in slot.entities and e.entity not in taken), None)
        if entity is not None:
            taken.add(entity.entity)
            moves.extend(_corrected(asked.frame, slot, entity.value, heard))
    return moves


def _corrected(frame: Frame, slot: Slot, value: str, heard: Heard) -> list[Move]:
    if slot.look_up is not None:
        mention = frame.mentions.get(slot.name)
        if (mention is not None and mention.text == heard.text) or _is_same(frame, slot, value):
            return []
        mentioned = SlotMentioned(frame=frame.id, slot=slot.name, text=heard.text, entities=heard.entities)
        return [Record(SlotCleared(frame=frame.id, slot=slot.name)), Record(mentioned)]
    if _is_same(frame, slot, value):
        return []
    return [Record(SlotFilled(frame=frame.id, slot=slot.name, value=value, shown=value))]


def _is_same(frame: Frame, slot: Slot, value: str) -> bool:
    filled = frame.slots.get(slot.name)
    return filled is not None and value in (filled.value, filled.shown)
