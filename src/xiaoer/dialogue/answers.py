"""Reading a message as the answer to the open question."""

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.corrections import corrections
from xiaoer.dialogue.matching import choose, corrects, denies, opens_with_yes, says_no, says_yes
from xiaoer.dialogue.moves import Move, Record
from xiaoer.dialogue.wishes import Heard
from xiaoer.events import Confirmed, NotUnderstood, SlotFilled, SlotMentioned
from xiaoer.pack import Slot


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
    is_said = opens_with_yes(heard.text, phrases) and not denies(heard.text, phrases)
    repeats = asked.intent in asked.flow.triggers and is_said
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
    is_data = not asked.has_new_wish and not asked.phrases.ask(said)
    if slot.free_text and said and is_data and not _is_mere_yes_or_no(asked, said):
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
