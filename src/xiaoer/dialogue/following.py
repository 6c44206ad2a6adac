"""Reading a message in the light of the one before it: the same is asked again, of another thing or another way."""

from msgspec import structs

from xiaoer.dialogue.filling import names_things
from xiaoer.dialogue.hearing import MUCH_LESS, Hearing
from xiaoer.dialogue.matching import corrects, opens_with_no
from xiaoer.dialogue.message import clause_spans
from xiaoer.dialogue.wishes import flow_before, gives_data
from xiaoer.events import Entity, Wish
from xiaoer.pack import says_any
from xiaoer.text import normalise

_LONGEST_POINTER = 4
"""Characters of what may stand before a thing that is only named: 那个, 我的, "the", "my"."""
_LONGEST_LEAD = 16
"""Characters of what may stand before that: "ok thanks and", no question of its own."""


def followed_up(hearing: Hearing) -> Wish | None:
    """Read an unclear message in the light of the one before it: the same is asked, of the thing that is named now."""
    wish, last = hearing.wishes[0], _last_wish(hearing)
    if len(hearing.wishes) == 1 and (own := _told_of_the_last(hearing, wish)):
        return structs.replace(wish, intent=own, confidence=hearing.limits.clarify_below, runner_up=None)
    if len(hearing.wishes) == 1 and _asks_of_another(hearing, last):
        return structs.replace(wish, intent=last, confidence=hearing.limits.clarify_below, runner_up=None)
    is_mere_data = hearing.flow is None and gives_data(hearing.pack, wish.intent)
    is_open = is_mere_data or not hearing.is_sure(wish)
    if len(hearing.wishes) != 1 or not is_open or hearing.state.previous_intent in hearing.pack.phrases.yes_intents:
        return None
    if not _is_next_likely(hearing, wish, last) and not _names_what_is_told(hearing, wish):
        return None
    return structs.replace(wish, intent=last, confidence=hearing.limits.clarify_below)


def asks_the_same_of_another(hearing: Hearing) -> str:
    """Give what starts the task under way, where a message only names another thing: "and the plates too"."""
    things = _things_named(hearing)
    is_only_named = bool(things) and _is_only_named(hearing, things[-1])
    return hearing.flow.triggers[0] if is_only_named and hearing.flow and hearing.flow.triggers else ""


def _last_wish(hearing: Hearing) -> str:
    """Give what was asked before; an answer to a question ("the second one") is part of the task that ended with it."""
    last, flow = hearing.state.previous_intent, hearing.pack.flows.get(hearing.state.last_flow)
    is_answer = gives_data(hearing.pack, last) or last in hearing.pack.phrases.yes_intents
    return flow.triggers[0] if flow is not None and is_answer and flow.triggers else last


def _told_of_the_last(hearing: Hearing, wish: Wish) -> str:
    """Give the intent of the task that ended last, where more of what that takes is given: a telephone number.

    Or another thing, or "the other one", instead of what it was about: "no, the dress".
    """
    flow, state, phrases = hearing.pack.flows.get(hearing.state.last_flow), hearing.state, hearing.pack.phrases
    text = hearing.message.text
    is_mere_no = wish.intent in phrases.no_intents
    is_mere_data = gives_data(hearing.pack, wish.intent) or is_mere_no or not hearing.is_sure(wish)
    is_no = is_mere_no or corrects(text, phrases) or opens_with_no(text, phrases)
    if flow is None or not flow.triggers or state.customer is None or state.frames or not is_mere_data:
        return ""
    given = {kind for kind in flow.kinds_taken if names_things(hearing.pack.entities.get(kind))}
    things = given | flow.kinds_looked_up if is_no else given
    is_given = not hearing.message.whole().kinds.isdisjoint(things)
    is_other = bool(flow.kinds_looked_up) and says_any(phrases.the_other, text)
    return flow.triggers[0] if (is_given or is_other) and not hearing.is_question else ""


def _is_next_likely(hearing: Hearing, wish: Wish, last: str) -> bool:
    """Say whether the wish before comes next to an unsure reading: "which day?" after the money or the parcel."""
    other = wish.runner_up
    if other is None or other.name != last or hearing.pack.flow_for(last) is None or hearing.is_sure(wish):
        return False
    is_likely = wish.confidence + other.confidence >= hearing.limits.minimum_confidence
    return is_likely and other.confidence >= MUCH_LESS * wish.confidence


def _names_what_is_told(hearing: Hearing, wish: Wish) -> bool:
    """Say whether a thing, or a colour or size of it, is named of which the task before told: "and the dumbbell?"."""
    flow = flow_before(hearing.state, hearing.pack)
    is_likely = wish.confidence >= hearing.limits.minimum_confidence
    if flow is None or not flow.only_with or (is_likely and hearing.flow_for(wish) not in (None, flow)):
        return False
    return not hearing.message.whole().kinds.isdisjoint({*flow.only_with, *flow.kinds_taken})


def _asks_of_another(hearing: Hearing, last: str) -> bool:
    """Say whether a message ends in no more than another thing to be asked of: "ok, and what about the wipes?"."""
    if hearing.flow is not None or hearing.state.question is not None:
        return False
    if hearing.pack.flow_for(last) is None and flow_before(hearing.state, hearing.pack) is None:
        return False
    things = _things_named(hearing)
    return _is_only_named(hearing, things[-1]) if things else _is_only_a_shelf(hearing)


def _is_only_a_shelf(hearing: Hearing) -> bool:
    """Say whether a message is one of the pack's forms ("{}呢", "what about {}") with a word for a kind of goods."""
    phrases, said = hearing.pack.phrases, normalise(hearing.message.text).text.strip(" ?!.~,")
    shelves = tuple(word for words in phrases.categories.values() for word in words)
    for opening, _, closing in (form.partition("{}") for form in phrases.what_of):
        start, end = opening.strip(), closing.strip()
        thing = said.removeprefix(start).removesuffix(end).strip()
        is_form = said.startswith(start) and said.endswith(end) and thing.endswith(shelves)
        if is_form and any(thing.endswith(word) and len(thing) - len(word) <= _LONGEST_POINTER for word in shelves):
            return True
    return False


def _things_named(hearing: Hearing) -> list[Entity]:
    """Give what a message names that is a thing, in the order in which it stands there."""
    kinds, entities = hearing.pack.entities, hearing.message.reading.entities
    things = [entity for entity in entities if names_things(kinds.get(entity.entity))]
    return sorted(things, key=lambda entity: entity.end)


def _is_only_named(hearing: Hearing, thing: Entity) -> bool:
    """Say whether the last clause is one of the pack's forms ("{}呢", "what about {}") with a thing in it."""
    phrases, text = hearing.pack.phrases, hearing.message.text
    start = max((start for start, _ in clause_spans(text, phrases) if start <= thing.start), default=0)
    before, after = normalise(text[start : thing.start]).text, normalise(text[thing.end :]).text.strip(" ?!.~")
    for form in phrases.what_of:
        opening, _, closing = form.partition("{}")
        opening = opening.strip()
        pointer = before.rpartition(opening)[2] if opening else before
        lead = before.rpartition(opening)[0] if opening else ""
        is_opened = (
            opening in before and len(pointer.strip()) <= _LONGEST_POINTER and len(lead.strip()) <= _LONGEST_LEAD
        )
        if is_opened and after == closing.strip():
            return True
    return False
