"""How one wish is served: by starting a task, by an answer from knowledge, by a reply, or by a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from xiaoer.dialogue.filling import Filling, meant, names_things
from xiaoer.dialogue.hits import best_hit, suggestions
from xiaoer.dialogue.matching import stands_in
from xiaoer.dialogue.message import Heard, clause_spans
from xiaoer.dialogue.moves import GiveAnswer, Move, Record, Say
from xiaoer.dialogue.stage import Search
from xiaoer.events import (
    Choice,
    Conversation,
    FlowStarted,
    HandedOver,
    HandOverReason,
    Hit,
    NotUnderstood,
    SlotFilled,
    SlotMentioned,
    SlotValue,
)
from xiaoer.ids import FrameId
from xiaoer.pack import ConfirmStep, Flow, Pack, Phrases, Route, Slot


@dataclass(frozen=True, slots=True)
class Started:
    """A frame to be and the moves that begin it."""

    frame: FrameId
    moves: list[Move]


def serve_wish(state: Conversation, heard: Heard, intent: str, pack: Pack, search: Search) -> list[Move]:
    """Give the moves that serve a wish: the beginning of a task, or an answer."""
    flow = flow_of_wish(state, heard, intent, pack, search)
    if flow is not None:
        return start_flow(state, flow, pack, heard, trigger=intent).moves
    return answer_wish(state, heard, intent, pack, search)


def answer_wish(state: Conversation, heard: Heard, intent: str, pack: Pack, search: Search) -> list[Move]:
    """Serve a wish without a task: by a person, an entry of the knowledge, the route's reply, or what may be meant.

    An intent without flow and route is looked up in the knowledge.
    """
    route = route_of(pack, intent)
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


def route_of(pack: Pack, intent: str) -> Route:
    """Give the route of an intent; without one of its own it is looked up."""
    return pack.routes.get(intent) or Route(intent=intent, title=intent, knowledge=True)


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
    spoken_of = kinds_spoken_of(state, intent, pack)
    is_proved = state.customer is not None
    flow = pack.flow_for(intent, heard.kinds | spoken_of, is_proved=is_proved, also=heard.kinds_also)
    taken_up = _flow_taken_up(state, heard, intent, pack)
    if flow is None:
        return (
            _flow_of_data(state, heard, intent, pack) or taken_up or flow_unanswered(state, heard, intent, pack, search)
        )
    if taken_up is not None and any(_option(slot, heard, pack) for slot in taken_up.slots):
        return taken_up
    is_supposed = pack.phrases.suppose(heard.text)
    is_question = is_supposed or pack.phrases.ask(heard.text)
    is_told_first = not flow.knowledge_first and not is_supposed  # what only might be, the knowledge may say
    if is_told_first or not is_question or _is_of_own_thing(state, heard, flow, pack):
        return flow
    if spoken_of and _is_of_an_option(heard, flow):
        return flow
    if state.customer is not None and pack.phrases.request(heard.text):
        return flow
    hit = _hit(heard, intent, pack, search)
    if hit is not None and flow.only_stated:
        return None
    if is_supposed and (hit is not None or route_of(pack, intent).reply is not None):
        return None
    limits = pack.manifest.knowledge
    # Who is not signed in asks in general more often than about an order of their own; so does who names no thing.
    names_a_thing = any(not heard.kinds.isdisjoint(slot.entities) for slot in flow.slots)
    is_special = state.customer is not None and (flow.needs_proof or names_a_thing)
    enough = limits.sure_score if is_special else limits.likely_score
    is_answered = hit is not None and hit.score >= enough and intent in hit.intents
    return None if is_answered else flow


def _hit(heard: Heard, intent: str, pack: Pack, search: Search) -> Hit | None:
    return best_hit(search(heard.text, intent), intent, pack, confidence=heard.confidence)


def _is_of_own_thing(state: Conversation, heard: Heard, flow: Flow, pack: Pack) -> bool:
    """Say whether a question is asked of one of the customer's own things, and the task only tells about it."""
    if state.customer is None or not flow.only_tells:
        return False
    return any(names_things(pack.entities.get(kind)) for kind in heard.kinds & flow.kinds_looked_up)


def _is_of_an_option(heard: Heard, flow: Flow) -> bool:
    """Say whether words name an option of the thing spoken of ("in black?"), and the task only tells about that."""
    only_tells = not any(isinstance(step, ConfirmStep) for step in flow.walk())
    return only_tells and not heard.kinds.isdisjoint(flow.kinds_taken)


def _flow_of_data(state: Conversation, heard: Heard, intent: str, pack: Pack) -> Flow | None:
    """Find the task that data given out of the blue are for."""
    if state.customer is None or state.frames or not gives_data(pack, intent):
        return None
    return next((flow for flow in pack.flows.values() if not heard.kinds.isdisjoint(flow.opened_by)), None)


def _flow_taken_up(state: Conversation, heard: Heard, intent: str, pack: Pack) -> Flow | None:
    """Find the task that was just refused or dropped and is taken up again by another reason for it."""
    flow = pack.flows.get(state.last_flow)
    if flow is None or intent not in flow.absorbs or state.customer is None or state.frames:
        return None
    was_it = state.previous_intent in (*flow.triggers, *flow.absorbs)
    is_known = all(slot.name in state.carried for slot in flow.slots if slot.look_up and not slot.optional)
    return flow if was_it and is_known and not pack.phrases.ask(heard.text) else None


def flow_unanswered(state: Conversation, heard: Heard, intent: str, pack: Pack, search: Search) -> Flow | None:
    """Find the task that stands in for an answer where the knowledge has none, or where its answer did not help.

    It did not where the customer, whose identity is proved, goes on stating what the task is for, or asking it of a
    thing of their own, or would be told once more what was told before.
    """
    kinds = heard.kinds | kinds_spoken_of(state, intent, pack)
    flow = pack.flow_unanswered(intent, kinds)
    if flow is None:
        return None
    hit = _hit(heard, intent, pack, search)
    is_of_own_thing = not heard.kinds.isdisjoint(flow.kinds_looked_up)
    is_stated = is_of_own_thing or _states(heard.text, pack.phrases)
    if flow.needs_proof and state.customer is not None and is_stated:
        goes_on = state.previous_intent in (*flow.triggers, *flow.triggers_unanswered)
        if goes_on or (hit is not None and hit.entry in state.told):
            return flow
    return flow if hit is None else None


def _states(text: str, phrases: Phrases) -> bool:
    """Say whether a clause of a message is no question."""
    return not all(phrases.ask(text[start:end]) for start, end in clause_spans(text, phrases))


def gives_data(pack: Pack, intent: str) -> bool:
    """Say whether an intent gives data and asks for nothing, and is no yes or no."""
    route = pack.routes.get(intent)
    is_answer = intent in (*pack.phrases.yes_intents, *pack.phrases.no_intents)
    return route is not None and route.only_idle and not is_answer


def flow_to_guess(state: Conversation, intent: str, pack: Pack) -> Flow | None:
    """Find the task for a wish that names none of the things it needs in words that are known, with a typo perhaps."""
    if state.frames:
        return None
    proved = state.customer is not None
    guessing = (flow for flow in pack.flows.values() if flow.guesses)
    return next((f for f in guessing if intent in f.triggers or (proved and intent in f.triggers_when_proved)), None)


def kinds_spoken_of(state: Conversation, intent: str, pack: Pack) -> frozenset[str]:
    """Give the kinds of things that the task before was about, if it served the same kind of wish."""
    flow = flow_before(state, pack)
    if flow is None or intent not in (*flow.triggers, *flow.triggers_when_proved):
        return frozenset()
    return frozenset(
        kind for slot in flow.slots if slot.look_up and slot.name in state.carried for kind in slot.entities
    )


def flow_before(state: Conversation, pack: Pack) -> Flow | None:
    """Find the task that the wish before was served by, of several that share its intent the one that ended last."""
    intent, last = state.previous_intent, pack.flows.get(state.last_flow)
    if last is not None and intent in (*last.triggers, *last.triggers_when_proved):
        return last
    return pack.flow_for(intent, pack.entities)


def start_flow(state: Conversation, flow: Flow, pack: Pack, heard: Heard, *, trigger: str) -> Started:
    """Lay a frame for a flow on the stack and fill what the message already says."""
    frame = FrameId(f"f{state.frames_started + 1}")
    started = FlowStarted(frame=frame, flow=flow.name, pack=pack.version, trigger=trigger)
    filled = fill(frame, flow, flow.slots, heard, pack)
    pointed = _pointed_before(state, frame, flow, heard, pack)
    return Started(frame, [Record(started), *_as_before(state, frame, flow, heard), *filled, *pointed])


def _as_before(state: Conversation, frame: FrameId, flow: Flow, heard: Heard) -> Iterator[Move]:
    """Fill what the message says to be the same as in the task before; what it says anew comes after."""
    is_meant = any(stands_in(word, heard.text) for word in flow.as_before)
    for slot in flow.slots if is_meant else ():
        value = None if slot.look_up else state.carried.get(slot.name)
        if value is not None:
            filled = SlotFilled(frame=frame, slot=slot.name, value=value.value, shown=value.shown, source="carried")
            yield Record(filled)


def _pointed_before(state: Conversation, frame: FrameId, flow: Flow, heard: Heard, pack: Pack) -> Iterator[Move]:
    """Take the thing that the message before named, if no task was about it, for one that is begun without a thing."""
    before = state.unserved
    for slot in flow.slots if before is not None else ():
        pointing = {kind for kind in slot.entities if names_things(pack.entities.get(kind))}
        if slot.look_up is None or before is None or not heard.kinds.isdisjoint(slot.entities):
            continue
        if not pointing.isdisjoint(entity.entity for entity in before.entities):
            text = f"{before.text} {heard.text}"
            yield Record(SlotMentioned(frame=frame, slot=slot.name, text=text, entities=before.entities))


def fill(frame: FrameId, flow: Flow, slots: tuple[Slot, ...], heard: Heard, pack: Pack) -> list[Move]:
    """Give the moves by which a message fills empty slots of a flow without having been asked for them."""
    said = Filling(flow, pack.entities, filled={}).said(heard)
    moves: list[Move] = []
    for slot in slots:
        if slot.look_up is not None:
            mentioned = SlotMentioned(frame=frame, slot=slot.name, text=heard.text, entities=heard.entities)
            moves.extend([Record(mentioned)] if heard.text else [])
            continue
        value = said.get(slot.name) or _option(slot, heard, pack) or _own_words(slot, heard)
        if value is not None:
            moves.append(Record(SlotFilled(frame=frame, slot=slot.name, value=value.value, shown=value.shown)))
    return moves


def _option(slot: Slot, heard: Heard, pack: Pack) -> SlotValue | None:
    option = meant(slot, heard, pack.phrases, least=pack.manifest.understanding.clarify_below)
    return None if option is None else SlotValue(option.value, option.title)


def _own_words(slot: Slot, heard: Heard) -> SlotValue | None:
    words = heard.text.strip()
    return SlotValue(words, words) if slot.from_start and words else None


def hand_over(reason: HandOverReason, *, note: str, reply: str = "handed_over") -> list[Move]:
    """Call a person and say so."""
    return [Record(HandedOver(reason=reason, note=note)), Say(reply)]
