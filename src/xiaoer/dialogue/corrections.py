"""Reading what a message says of slots that were not asked for: data given early, and data taken back."""

from collections.abc import Iterator

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.matching import corrects
from xiaoer.dialogue.moves import Move, Record
from xiaoer.dialogue.wishes import Heard, chosen, names_a_choice
from xiaoer.events import Entity, Frame, SlotCleared, SlotFilled, SlotMentioned
from xiaoer.pack import Slot


def corrections(asked: Asked, heard: Heard) -> list[Move]:
    """Give the moves by which a message fills or changes slots other than the one asked for.

    A thing named beside a new wish ("what does the oven cost?") is not taken for a thing of this task.
    """
    may_point = not asked.has_new_wish and not asked.phrases.ask(heard.text)
    slots = [slot for slot in _others(asked) if slot.look_up is None or may_point]
    return list(_corrections(asked, slots, heard))


def direct_corrections(asked: Asked, heard: Heard) -> list[Move]:
    """Give the corrections of slots whose values are said as they are: a phone number, an address, a name."""
    return list(_corrections(asked, [slot for slot in _others(asked) if slot.look_up is None], heard))


def _others(asked: Asked) -> Iterator[Slot]:
    is_slot = asked.question.kind == "slot"
    return (slot for slot in asked.flow.slots if not (is_slot and slot.name == asked.question.slot))


def _corrections(asked: Asked, slots: list[Slot], heard: Heard) -> Iterator[Move]:
    answered = asked.flow.slot(asked.question.slot) if asked.question.kind == "slot" else None
    taken = set(answered.entities) if answered else set()
    for slot in slots:
        entity = next((e for e in heard.entities if _fits(e, slot, asked, taken)), None)
        if entity is not None and slot.look_up is not None:
            yield from _pointed_at(asked.frame, slot, entity, heard)
        elif entity is not None:
            taken.add(entity.entity)
            yield from _said(asked.frame, slot, entity.value, entity.value)
        elif _may_choose_again(asked, heard) and (option := chosen(slot, heard.text)) is not None:
            yield from _said(asked.frame, slot, option.value, option.title)


def _may_choose_again(asked: Asked, heard: Heard) -> bool:
    """The words of an option change it where a summary is shown or something is taken back, not in any answer."""
    is_open = asked.question.kind != "slot" or corrects(heard.text, asked.phrases)
    return is_open and not asked.phrases.ask(heard.text)


def _fits(entity: Entity, slot: Slot, asked: Asked, taken: set[str]) -> bool:
    is_kind = entity.entity in slot.entities and entity.entity not in taken
    return is_kind and not names_a_choice(entity, asked.flow)


def _pointed_at(frame: Frame, slot: Slot, entity: Entity, heard: Heard) -> Iterator[Move]:
    mention = frame.mentions.get(slot.name)
    if (mention is not None and mention.text == heard.text) or _is_same(frame, slot, entity.value):
        return
    yield Record(SlotCleared(frame=frame.id, slot=slot.name))
    yield Record(SlotMentioned(frame=frame.id, slot=slot.name, text=heard.text, entities=heard.entities))


def _said(frame: Frame, slot: Slot, value: str, shown: str) -> Iterator[Move]:
    if not _is_same(frame, slot, value):
        yield Record(SlotFilled(frame=frame.id, slot=slot.name, value=value, shown=shown))


def _is_same(frame: Frame, slot: Slot, value: str) -> bool:
    filled = frame.slots.get(slot.name)
    return filled is not None and value in (filled.value, filled.shown)
