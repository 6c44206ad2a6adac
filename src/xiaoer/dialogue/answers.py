"""Reading a message as the answer to the open question."""

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.consent import consents, is_all_yes
from xiaoer.dialogue.corrections import corrections
from xiaoer.dialogue.filling import chosen, meant
from xiaoer.dialogue.matching import (
    choose,
    choose_several,
    corrects,
    has_question_mark,
    leaves_some_out,
    plain,
    says_no,
    stands_in,
)
from xiaoer.dialogue.message import Heard, clause_spans
from xiaoer.dialogue.moves import Move, Record
from xiaoer.events import Choice, Confirmed, Entity, NotUnderstood, SlotFilled, SlotMentioned
from xiaoer.pack import NO_PICTURES, Slot
from xiaoer.text import lead_of, trail_of

_CODES = ("digits", "upper", "lower")
_CLOSING = " ,，.。;；!！?？、~～…"
"""Marks that close what is said and are no part of a value."""
_AROUND = 2
"""Characters that may stand around the words for an option: 开专票, 抬头公司."""


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
    yes = consents(asked, heard.text, has_corrections=bool(corrections(asked, heard).moves))
    if yes is None:
        return None
    question = asked.question
    return [Record(Confirmed(frame=asked.frame.id, step=question.step, digest=question.digest, yes=yes))]


def _slot_answer(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    frame = asked.frame.id
    if slot.pictures:
        return _without_pictures(asked, slot, heard)
    several = choose_several(heard.text, asked.question.choices, asked.phrases) if slot.several else ()
    if several:
        values, titles = ",".join(choice.value for choice in several), asked.joined(c.title for c in several)
        return [Record(SlotFilled(frame=frame, slot=slot.name, value=values, shown=titles))]
    if slot.look_up is not None and asked.is_elsewhere and not gives_a_code(asked, slot, heard):
        return None
    leaves_out = slot.several and leaves_some_out(heard.text, asked.phrases)
    if not leaves_out and not (slot.look_up and heard.kinds.intersection(slot.entities)):
        is_loose = slot.look_up is not None and not asked.phrases.ask(heard.text)
        choice = choose(heard.text, asked.question.choices, asked.phrases, is_loose=is_loose) or _only_one(asked, heard)
        if choice is not None:
            return [Record(SlotFilled(frame=frame, slot=slot.name, value=choice.value, shown=choice.title))]
    if slot.look_up is not None:
        return _mention(asked, slot, heard)
    # "Is shipping to Texas free?" asks something else, though Texas might be where the parcel goes.
    is_about_else = asked.has_new_wish and asked.phrases.ask(heard.text)
    value = None if is_about_else else asked.values_in(heard).get(slot.name)
    if value is not None:
        return [Record(SlotFilled(frame=frame, slot=slot.name, value=value.value, shown=value.shown))]
    option = None if asked.phrases.ask(heard.text) else meant(slot, heard, asked.phrases, least=asked.least)
    if option is not None:
        return [Record(SlotFilled(frame=frame, slot=slot.name, value=option.value, shown=option.title))]
    return _free_text(asked, slot, heard)


def gives_a_code(asked: Asked, slot: Slot, heard: Heard) -> bool:
    """Say whether a message holds a number or code by which the thing that is asked for is known, whatever else."""
    kinds = (asked.kinds.get(kind) for kind in heard.kinds.intersection(slot.entities))
    return any(kind is not None and kind.normal in _CODES for kind in kinds)


def _only_one(asked: Asked, heard: Heard) -> Choice | None:
    """Give the one thing that is left to choose, if the message is a yes to it."""
    choices = asked.question.choices
    return choices[0] if len(choices) == 1 and is_all_yes(asked, heard.text) else None


def _without_pictures(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    """Go on without pictures, whatever is said instead of sending one; nobody is pressed for them."""
    option = chosen(slot, heard.text, asked.phrases)
    is_no = option is not None or says_no(heard.text, asked.phrases)
    if not is_no and (asked.has_new_wish or asked.phrases.ask(heard.text)):
        return None
    shown = option.title if option else next((choice.title for choice in slot.choices), NO_PICTURES)
    return [Record(SlotFilled(frame=asked.frame.id, slot=slot.name, value=NO_PICTURES, shown=shown))]


def _free_text(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    words = heard.text.strip() if slot.takes_all else _own_words(asked, slot, heard)
    said = _bare(asked, slot, words)
    if corrects(said, asked.phrases) and corrections(asked, heard).moves:
        return []
    is_labelled = not words.startswith(said)
    is_wish = asked.has_new_wish or asked.is_of_another or asked.names_another
    is_besides = asked.is_plainly_elsewhere or (asked.is_elsewhere and _is_besides(asked, words))
    takes_it = slot.takes_all and not is_besides
    is_statement = (is_labelled or takes_it or not is_wish) and not _asks(asked, slot, said)
    is_mere = _is_mere_yes_or_no(asked, heard, said) or (not slot.takes_all and _is_mere_wish(asked, said))
    is_other_data = not is_labelled and not slot.takes_all and _is_other_data(asked, slot, heard)
    if slot.free_text and said and is_statement and not is_mere and not is_other_data:
        return [Record(SlotFilled(frame=asked.frame.id, slot=slot.name, value=said, shown=said))]
    return None


def _is_besides(asked: Asked, words: str) -> bool:
    """Say whether a message says by itself that it wants something besides: "also change the address"."""
    said = words.casefold()
    return asked.phrases.adds(words) or any(said.startswith(join) for join in asked.phrases.joins)


def _asks(asked: Asked, slot: Slot, said: str) -> bool:
    """Say whether words are a question; where anything may be said, only if they begin as one or have its mark.

    Later a question may be what the shop shall look at: "it is a present, see whether it is whole, then send it".
    """
    if not slot.takes_all:
        return asked.phrases.ask(said)
    clauses = (said[start:end] for start, end in clause_spans(said, asked.phrases))
    first = next((clause for clause in clauses if not asked.phrases.open(clause)), said)
    return has_question_mark(said, asked.phrases) or asked.phrases.ask(first)


def _bare(asked: Asked, slot: Slot, said: str) -> str:
    """Cut off what only names the slot or rounds it off, as far as the pack's entities say it: "title: ABC, please"."""
    kinds = [asked.kinds[kind] for kind in slot.entities if kind in asked.kinds]
    leads = [lead for kind in kinds for lead in kind.leads]
    trails = [trail for kind in kinds for trail in kind.trails]
    unbroken = [word for kind in kinds for word in kind.unbroken]
    while (lead := lead_of(said, leads, unbroken)) and len(said) > len(lead):
        said = said[len(lead) :].strip()
    said = said.rstrip(_CLOSING)
    while (trail := trail_of(said, trails)) and len(said) > len(trail):
        said = said[: -len(trail)].rstrip(_CLOSING)
    return said


def _own_words(asked: Asked, slot: Slot, heard: Heard) -> str:
    """Leave out the data that other slots of the task take: of "tax number 91…, ABC Ltd" the name is left.

    Where nothing but words for options of theirs is left then ("a special one, for the company"), nothing is.
    """
    others = [one for one in asked.flow.slots if one is not slot and not one.look_up]
    taken = {kind for one in others for kind in one.entities} - set(slot.entities)
    text = heard.text
    for entity in sorted(heard.entities, key=lambda each: -each.start):
        if entity.entity in taken:
            before, kind = text[: entity.start].rstrip(" :："), asked.kinds.get(entity.entity)
            lead = max((lead for lead in kind.leads if before.endswith(lead)), key=len, default="") if kind else ""
            text = f"{before.removesuffix(lead)} {text[entity.end :]}"
    is_all_theirs = all(any(_is_an_option(one, piece, asked) for one in others) for piece in text.split())
    return "" if text != heard.text and is_all_theirs else text.strip()


def _is_an_option(slot: Slot, piece: str, asked: Asked) -> bool:
    """Say whether a piece is little more than the words for an option of a slot."""
    option = chosen(slot, piece, asked.phrases)
    words = (option.title, *option.says) if option else ()
    return any(word in piece and len(piece) - len(word) <= _AROUND for word in words)


def _is_other_data(asked: Asked, slot: Slot, heard: Heard) -> bool:
    """Say whether a message is nothing but data that another slot of the task takes: an e-mail address is no name."""
    other = {kind for one in asked.flow.slots if one is not slot and not one.look_up for kind in one.entities}
    words = [heard.words(entity) for entity in heard.entities if entity.entity in other - set(slot.entities)]
    return any(plain(word) == plain(heard.text) for word in words)


def _is_mere_yes_or_no(asked: Asked, heard: Heard, said: str) -> bool:
    is_meant = not heard.entities and asked.intent in (*asked.phrases.yes_intents, *asked.phrases.no_intents)
    return is_meant or is_all_yes(asked, said) or says_no(said, asked.phrases)


def _is_mere_wish(asked: Asked, said: str) -> bool:
    """Say whether one clause only says again that the task is wanted."""
    is_one = not any(mark in said for mark in asked.phrases.clause_ends)
    return is_one and asked.is_certain and asked.intent in (*asked.flow.triggers, *asked.flow.triggers_when_proved)


def _mention(asked: Asked, slot: Slot, heard: Heard) -> list[Move] | None:
    """Look up what the customer points at; words that may point at nothing count as not understood until they do."""
    named = heard.kinds.intersection(slot.entities)
    is_named = bool(named)
    # Beside another wish a day belongs to that: "can it come tomorrow?"; so does a thing that is not offered here.
    if asked.has_new_wish and not any(_is_offered(asked, e, heard) for e in heard.entities if e.entity in named):
        return None
    mentioned = SlotMentioned(frame=asked.frame.id, slot=slot.name, text=heard.text, entities=heard.entities)
    if not is_named and corrections(asked, heard).moves:
        # "It is broken, I want a new one" tells why, and which as well; so does "the last one, for a company".
        pointing = (*asked.phrases.same_again, *asked.phrases.pointing)
        return [Record(mentioned)] if any(stands_in(word, heard.text) for word in pointing) else []
    return [Record(mentioned)] if is_named else [Record(NotUnderstood(text=heard.text)), Record(mentioned)]


def _is_offered(asked: Asked, entity: Entity, heard: Heard) -> bool:
    """Say whether a thing that is named is one of those to choose from, as far as they are listed."""
    if not asked.names_things(entity.entity):
        return False
    return not asked.question.choices or asked.offers(heard.words(entity), entity.value)
