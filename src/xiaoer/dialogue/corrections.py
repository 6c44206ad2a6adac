"""Reading what a message says of slots that were not asked for: data given early, and data taken back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.filling import chosen, meant
from xiaoer.dialogue.matching import corrects, leaves_some_out, place_named, stands_in
from xiaoer.dialogue.message import Heard
from xiaoer.dialogue.moves import Move, Record
from xiaoer.dialogue.walk import is_look_up, step_at
from xiaoer.events import Entity, Frame, SlotCleared, SlotFilled, SlotMentioned, SlotValue
from xiaoer.pack import AskStep, Slot

_TAKEN = ("one", "these")
"""Outcomes of a look-up after which nothing is asked; after others the candidates are shown in a list."""
_SURELY_A_NAME = 0.9


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a message changes in a task; `is_told`: it says something of its slots, be it what they hold already."""

    moves: list[Move]
    is_told: bool


def corrections(asked: Asked, heard: Heard) -> Corrections:
    """Give what a message fills or changes in slots other than the one asked for.

    A thing named beside a new wish ("what does the oven cost?") is not taken for a thing of this task.
    """
    may_point = not asked.has_new_wish and not asked.is_of_another and not asked.phrases.ask(heard.text)
    read = _read(asked, [slot for slot in _others(asked) if slot.look_up is None or may_point], heard)
    placed = _placed_otherwise(asked, heard) if may_point and not read.moves else []
    return Corrections([*read.moves, *placed], read.is_told or bool(placed))


def direct_corrections(asked: Asked, heard: Heard) -> Corrections:
    """Give the corrections of slots whose values are said as they are: a phone number, an address, a name."""
    return _read(asked, [slot for slot in _others(asked) if slot.look_up is None], heard)


def widened(asked: Asked, heard: Heard) -> list[Move]:
    """Give the moves by which a summary of some things is corrected: all of them are meant, or all but some."""
    if asked.question.kind != "confirm":
        return []
    words = (*asked.phrases.all_of_them, *asked.phrases.whole_order)
    if not any(stands_in(word, heard.text) for word in words) and not leaves_some_out(heard.text, asked.phrases):
        return []
    narrow = [slot for slot in asked.flow.slots if slot.several and slot.name in asked.frame.slots]
    return [move for slot in narrow for move in _mentioned_anew(asked.frame, slot, heard)]


def _placed_otherwise(asked: Asked, heard: Heard) -> list[Move]:
    """At a summary, take another of the things that were shown in a list last: "no, the second one"."""
    if asked.question.kind != "confirm":
        return []
    for slot in reversed(asked.flow.slots):
        choices = _choices_shown(asked, slot)
        place = place_named(heard.text, asked.phrases, len(choices)) if choices else None
        if place is not None:
            choice = choices[place]
            return list(_said(asked.frame, slot, SlotValue(str(choice["value"]), str(choice["title"]))))
    return []


def _choices_shown(asked: Asked, slot: Slot) -> list[dict[str, Any]]:  # plain JSON, as the look-up found it
    if slot.look_up is None or slot.name not in asked.frame.slots:
        return []
    for path, result in asked.frame.results.items():
        step = step_at(asked.flow, path.rpartition(".")[0]) if is_look_up(path) else None
        if isinstance(step, AskStep) and step.ask == slot.name and result.outcome not in _TAKEN:
            return list(asked.frame.facts.get(path, {}).get("choices", ()))
    return []


def _others(asked: Asked) -> Iterator[Slot]:
    return (slot for slot in asked.flow.slots if slot.name != asked.slot)


def _read(asked: Asked, slots: list[Slot], heard: Heard) -> Corrections:
    moves: list[Move] = []
    is_told = False
    values = asked.values_in(heard)
    answered = asked.flow.slot(asked.slot)
    taken = frozenset(answered.entities if answered else ())
    for slot in slots:
        if slot.look_up is not None:
            able = (e for e in heard.entities if e.entity not in taken and not _is_chosen(asked, e))
            entity = next((e for e in able if _points(asked, slot, e, heard)), None)
            found = [] if entity is None else list(_pointed_at(asked, slot, entity, heard))
        else:
            value = values.get(slot.name) or _chosen_again(asked, slot, heard)
            is_told = is_told or value is not None
            found = [] if value is None else list(_said(asked.frame, slot, value))
        moves.extend(found)
    return Corrections(moves, is_told or bool(moves))


def _is_chosen(asked: Asked, entity: Entity) -> bool:
    """Say whether an entity is the end of a number by which one of the things to choose from is called: the answer."""
    answered = asked.flow.slot(asked.slot)
    is_other = answered is not None and answered.look_up is not None and entity.entity not in answered.entities
    return is_other and entity.value.isdecimal() and asked.offers(entity.value)


def _chosen_again(asked: Asked, slot: Slot, heard: Heard) -> SlotValue | None:
    """The words of an option fill it early; they change it where a summary is shown or something is taken back.

    What sounds like a question changes nothing; it may only say again what is filled in. What a message merely reads as
    changes nothing either: of what is filled in, words that name another option do, or that take something back.
    """
    is_free = slot.name not in asked.frame.slots or corrects(heard.text, asked.phrases)
    option = None
    if is_free:
        option = meant(slot, heard, asked.phrases, least=asked.least)
    elif not asked.slot:
        option = chosen(slot, heard.text, asked.phrases)
    value = None if option is None else SlotValue(option.value, option.title)
    is_said_again = value == asked.frame.slots.get(slot.name) and not asked.has_new_wish
    return value if is_said_again or not asked.phrases.ask(heard.text) else None


def _points(asked: Asked, slot: Slot, entity: Entity, heard: Heard) -> bool:
    """A day or a colour only points at another thing where something is taken back: "it broke yesterday" does not.

    Nor does what may not be the name of a thing at all: "it holds too little coffee".
    At a summary it does where the slot is of such things alone: which colour is wanted.
    """
    is_free = slot.name not in asked.frame.slots or corrects(heard.text, asked.phrases)
    is_of_options = not asked.slot and not any(asked.names_things(kind) for kind in slot.entities)
    is_thing = asked.names_things(entity.entity) and entity.confidence >= _SURELY_A_NAME and _is_about_this(asked)
    return entity.entity in slot.entities and (is_free or is_of_options or is_thing)


def _is_about_this(asked: Asked) -> bool:
    """Say whether a message may be about what the task is for; beside another question it has to read so."""
    own = (*asked.flow.triggers, *asked.flow.triggers_when_proved, *asked.flow.absorbs)
    return not asked.slot or asked.is_data or asked.intent in own


def _pointed_at(asked: Asked, slot: Slot, entity: Entity, heard: Heard) -> Iterator[Move]:
    mention = asked.frame.mentions.get(slot.name)
    filled = asked.frame.slots.get(slot.name)
    is_same = filled is not None and entity.value in (filled.value, filled.shown)
    if is_same or (mention is not None and mention.text == heard.text):
        return
    # "The plates too" and "I keep the mug" say what is to be added to what is held, or left out of it.
    is_beside = slot.several and (asked.phrases.adds(heard.text) or asked.phrases.keep(heard.text))
    yield from _mentioned_anew(asked.frame, slot, _behind(filled.shown, heard) if filled and is_beside else heard)


def _behind(before: str, heard: Heard) -> Heard:
    """Give words behind others: what is wanted as well or not at all, behind what is held already."""
    shift = len(before) + 1
    moved = (structs.replace(e, start=e.start + shift, end=e.end + shift) for e in heard.entities)
    return replace(heard, text=f"{before} {heard.text}", entities=tuple(moved))


def _mentioned_anew(frame: Frame, slot: Slot, heard: Heard) -> Iterator[Move]:
    yield Record(SlotCleared(frame=frame.id, slot=slot.name))
    yield Record(SlotMentioned(frame=frame.id, slot=slot.name, text=heard.text, entities=heard.entities))


def _said(frame: Frame, slot: Slot, value: SlotValue) -> Iterator[Move]:
    if frame.slots.get(slot.name) != value:
        yield Record(SlotFilled(frame=frame.id, slot=slot.name, value=value.value, shown=value.shown))
