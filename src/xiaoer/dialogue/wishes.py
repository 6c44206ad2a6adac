"""How one wish is served: by starting a task, by an answer from knowledge, by a reply, or by a person."""

from dataclasses import dataclass

from xiaoer.dialogue.hits import best_hit, suggestions
from xiaoer.dialogue.moves import GiveAnswer, Move, Record, Say
from xiaoer.dialogue.stage import Search
from xiaoer.events import (
    Choice,
    Conversation,
    Entity,
    FlowStarted,
    HandedOver,
    HandOverReason,
    NotUnderstood,
    SlotFilled,
    SlotMentioned,
)
from xiaoer.ids import FrameId
from xiaoer.pack import ChoiceOption, Flow, Pack, Route, Slot


@dataclass(frozen=True, slots=True)
class Heard:
    """The words that ask for something, the entities in them, and how sure the intent is (0 to 1)."""

    text: str
    entities: tuple[Entity, ...]
    confidence: float = 0.0

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of entities in the words."""
        return frozenset(entity.entity for entity in self.entities)


@dataclass(frozen=True, slots=True)
class Started:
    """A frame to be and the moves that begin it."""

    frame: FrameId
    moves: list[Move]


def serve_wish(state: Conversation, heard: Heard, intent: str, pack: Pack, search: Search) -> list[Move]:
    """Give the moves that serve a wish; an intent without flow and route is looked up in the knowledge."""
    flow = flow_of_wish(state, heard, intent, pack, search)
    if flow is not None:
        return start_flow(state, flow, pack, heard, trigger=intent).moves
    route = pack.routes.get(intent) or Route(intent=intent, title=intent, knowledge=True)
    if route.hand_over:
        return hand_over("asked", note=heard.text, reply=route.reply or "handed_over")
    is_looked_up = route.knowledge or pack.flow_for(intent) is not None
    hits = search(heard.text, intent) if is_looked_up else ()
    hit = best_hit(hits, intent, pack, confidence=heard.confidence)
    if hit is not None:
        return [GiveAnswer(heard.text, hit.entry, hit.score)]
    if route.reply is not None:
        return [Say(route.reply)]
    return _not_known(state, heard, pack, suggestions(hits, intent, pack))


def _not_known(state: Conversation, heard: Heard, pack: Pack, suggested: tuple[Choice, ...]) -> list[Move]:
    """Suggest what may be meant, or own up and, after too many of these, call a person."""
    if suggested:
        return [Say("suggest", choices=suggested)]
    missed = Record(NotUnderstood(text=heard.text))
    if state.misunderstandings + 1 >= pack.manifest.hand_over.after_misunderstandings:
        return [missed, *hand_over("not_understood", note=heard.text)]
    return [missed, Say("no_answer")]


def flow_of_wish(state: Conversation, heard: Heard, intent: str, pack: Pack, search: Search) -> Flow | None:
    """Find the task that serves a wish; a question that the knowledge surely answers needs none."""
    kinds = heard.kinds | _kinds_spoken_of(state, intent, pack)
    flow = pack.flow_for(intent, kinds, is_proved=state.customer is not None)
    if flow is None or not flow.knowledge_first or not pack.phrases.ask(heard.text):
        return flow
    limits = pack.manifest.knowledge
    # Who is not signed in asks in general more often than about an order of their own.
    enough = limits.sure_score if state.customer is not None else limits.likely_score
    hit = best_hit(search(heard.text, intent), intent, pack, confidence=heard.confidence)
    is_answered = hit is not None and hit.score >= enough and intent in hit.intents
    return None if is_answered else flow


def _kinds_spoken_of(state: Conversation, intent: str, pack: Pack) -> frozenset[str]:
    """Give the kinds of things that the task before was about, if it served the same kind of wish."""
    flow = pack.flow_for(state.previous_intent, pack.entities)
    if flow is None or intent not in (*flow.triggers, *flow.triggers_when_proved):
        return frozenset()
    return frozenset(
        kind for slot in flow.slots if slot.look_up and slot.name in state.carried for kind in slot.entities
    )


def start_flow(state: Conversation, flow: Flow, pack: Pack, heard: Heard, *, trigger: str) -> Started:
    """Lay a frame for a flow on the stack and fill what the message already says."""
    frame = FrameId(f"f{state.frames_started + 1}")
    started = FlowStarted(frame=frame, flow=flow.name, pack=pack.version, trigger=trigger)
    said = Heard(heard.text, tuple(e for e in heard.entities if not names_a_choice(e, flow)), heard.confidence)
    filled = [record for slot in flow.slots for record in fill(frame, slot, said)]
    return Started(frame, [Record(started), *filled])


def fill(frame: FrameId, slot: Slot, heard: Heard) -> list[Move]:
    """Give the moves by which a message fills a slot without having been asked for it."""
    if slot.look_up is not None:
        if not heard.text:
            return []
        return [Record(SlotMentioned(frame=frame, slot=slot.name, text=heard.text, entities=heard.entities))]
    for entity in heard.entities:
        if entity.entity in slot.entities:
            return [Record(SlotFilled(frame=frame, slot=slot.name, value=entity.value, shown=entity.value))]
    option = chosen(slot, heard.text)
    if option is None:
        return []
    return [Record(SlotFilled(frame=frame, slot=slot.name, value=option.value, shown=option.title))]


def chosen(slot: Slot, text: str) -> ChoiceOption | None:
    """Find the option of a slot whose words (two characters or more) stand in a text, the longest words counting."""
    said = [(len(word), option) for option in slot.choices for word in (option.title, *option.says)]
    named = [(length, option) for length, option in said if length > 1 and _stands_in(option, length, text)]
    longest = max((length for length, _ in named), default=0)
    best = {option.value: option for length, option in named if length == longest}
    return next(iter(best.values())) if len(best) == 1 else None


def _stands_in(option: ChoiceOption, length: int, text: str) -> bool:
    return any(len(word) == length and word in text for word in (option.title, *option.says))


def names_a_choice(entity: Entity, flow: Flow) -> bool:
    """Say whether an entity is but the name of an option: "personal" is a kind of invoice before it is its title."""
    options = [option for slot in flow.slots for option in slot.choices]
    return any(entity.value in (option.title, *option.says) for option in options)


def hand_over(reason: HandOverReason, *, note: str, reply: str = "handed_over") -> list[Move]:
    """Call a person and say so."""
    return [Record(HandedOver(reason=reason, note=note)), Say(reply)]
