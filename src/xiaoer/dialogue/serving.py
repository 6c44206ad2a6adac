"""Serving the wishes of a message: answers first, then the first task; further tasks wait."""

from collections.abc import Sequence

from msgspec import structs

from xiaoer.dialogue.hearing import Hearing
from xiaoer.dialogue.moves import Move, Record, Say
from xiaoer.dialogue.wishes import (
    answer_wish,
    fill,
    flow_before,
    flow_to_guess,
    gives_data,
    kinds_spoken_of,
    start_flow,
)
from xiaoer.events import FlowResumed, Wish, WishDeferred

_MUCH_LESS = 0.5


def serve(hearing: Hearing, wishes: Sequence[Wish], *, may_start: bool) -> list[Move]:
    """Give the moves that serve wishes; with `may_start` a task among them begins, otherwise all of them wait."""
    wishes = [w for w in wishes if not _is_reason_for_another(hearing, w, wishes) and not hearing.is_cared_for(w)]
    asked = [w for w in wishes if not hearing.pack.phrases.remark(hearing.message.part(w).text)]
    wishes = asked or wishes
    # Of two wishes for one task the later is what is wanted: "nothing moves, press the courier".
    tasks = {flow.name: wish for wish in wishes if (flow := hearing.flow_for(wish)) is not None}
    instants = _different([wish for wish in wishes if hearing.flow_for(wish) is None], hearing)
    moves = [move for wish in instants for move in _instant(hearing, wish)]
    ordered = [wish for wish in wishes if wish in tasks.values()]
    if ordered and may_start:
        return [*moves, *_start(hearing, ordered[0]), *(_deferred(hearing, wish) for wish in ordered[1:])]
    moves.extend(_deferred(hearing, wish) for wish in ordered)
    return [*moves, *back_to_task(hearing, instants)] if may_start else moves


def back_to_task(hearing: Hearing, instants: Sequence[Wish]) -> list[Move]:
    """After a question in between: name the task that goes on, or leave its question standing."""
    question, flow = hearing.state.question, hearing.flow
    if flow is None:
        return []
    routes = [hearing.pack.routes.get(wish.intent) for wish in instants]
    if question is not None and routes and all(route is not None and route.waits for route in routes):
        return [Record(question)]
    return [Say("flow_continues", {"title": flow.title})]


def followed_up(hearing: Hearing) -> Wish | None:
    """Read an unclear message in the light of the one before it: the same is asked, of the thing that is named now."""
    wish, last = hearing.wishes[0], hearing.state.previous_intent
    is_mere_data = hearing.flow is None and gives_data(hearing.pack, wish.intent)
    is_open = is_mere_data or not hearing.is_sure(wish)
    if len(hearing.wishes) != 1 or not is_open or last in hearing.pack.phrases.yes_intents:
        return None
    if not _is_next_likely(hearing, wish, last) and not _names_what_is_told(hearing, wish):
        return None
    return structs.replace(wish, intent=last, confidence=hearing.limits.clarify_below)


def _is_next_likely(hearing: Hearing, wish: Wish, last: str) -> bool:
    """Say whether the wish before comes next to an unsure reading: "which day?" after the money or the parcel."""
    other = wish.runner_up
    if other is None or other.name != last or hearing.pack.flow_for(last) is None or hearing.is_sure(wish):
        return False
    is_likely = wish.confidence + other.confidence >= hearing.limits.minimum_confidence
    return is_likely and other.confidence >= _MUCH_LESS * wish.confidence


def _names_what_is_told(hearing: Hearing, wish: Wish) -> bool:
    """Say whether a thing, or a colour or size of it, is named of which the task before told: "and the dumbbell?"."""
    flow = flow_before(hearing.state, hearing.pack)
    is_likely = wish.confidence >= hearing.limits.minimum_confidence
    if flow is None or not flow.only_with or (is_likely and hearing.flow_for(wish) not in (None, flow)):
        return False
    told = {*flow.only_with, *(kind for slot in flow.slots if slot.look_up is None for kind in slot.entities)}
    return not hearing.message.whole().kinds.isdisjoint(told)


def guessed(hearing: Hearing) -> list[Move] | None:
    """Begin a task whose thing the message may name with a typo; it is dropped again if its look-up finds nothing.

    Only a sure reading is its trigger, to be served otherwise then. Right after something was not understood none is
    begun: a task that begins would clear the count of that.
    """
    if len(hearing.wishes) != 1 or hearing.flow_for(hearing.wishes[0]) is not None:
        return None
    wish, pack = hearing.wishes[0], hearing.pack
    flow, is_sure = flow_to_guess(hearing.state, wish.intent, pack), hearing.is_sure(wish)
    if flow is None or hearing.state.misunderstandings:
        return None
    hit = hearing.best_hit(wish)
    limits = pack.manifest.knowledge
    enough = limits.minimum_score if kinds_spoken_of(hearing.state, wish.intent, pack) else limits.sure_score
    if hit is not None and (not is_sure or hit.score >= enough):
        return None
    trigger = wish.intent if is_sure else ""
    return start_flow(hearing.state, flow, pack, hearing.message.whole(), trigger=trigger).moves


def _is_reason_for_another(hearing: Hearing, wish: Wish, wishes: Sequence[Wish]) -> bool:
    """Say whether a wish is the reason for another; of two tasks that are each other's the first is served."""
    own = hearing.flow_for(wish)
    if own is not None and any(other.intent in own.yields_to for other in wishes):
        return True
    taken = () if own is None else own.absorbs
    return any(
        wish.intent in flow.absorbs and (other.intent not in taken or other.start < wish.start)
        for other in wishes
        if other is not wish and (flow := hearing.flow_for(other)) is not None
    )


def _different(wishes: Sequence[Wish], hearing: Hearing) -> list[Wish]:
    """Leave out what only asks again, in other words, for what another wish asks."""
    return [wish for wish in wishes if not any(_asks_the_same(wish, other, hearing) for other in wishes)]


def _asks_the_same(wish: Wish, other: Wish, hearing: Hearing) -> bool:
    """Say whether a wish, next likeliest read as another, is answered by what fits the whole message far less well."""
    if wish is other or wish.runner_up is None or wish.runner_up.name != other.intent:
        return False
    return _fit(hearing, wish) < _MUCH_LESS * _fit(hearing, other)


def _fit(hearing: Hearing, wish: Wish) -> float:
    """Say how well the whole message fits what answers a wish (0 to 1)."""
    hits = hearing.stage.search(hearing.message.text, wish.intent)
    return max((hit.score for hit in hits if wish.intent in hit.intents), default=0.0)


def _instant(hearing: Hearing, wish: Wish) -> list[Move]:
    return answer_wish(hearing.state, hearing.heard(wish), wish.intent, hearing.pack, hearing.stage.search)


def _start(hearing: Hearing, wish: Wish) -> list[Move]:
    flow = hearing.flow_for(wish)
    if flow is None:
        return []
    heard = hearing.heard(wish)
    open_frame = next((frame for frame in hearing.state.frames if frame.flow == flow.name), None)
    if open_frame is not None:
        unfilled = tuple(slot for slot in flow.slots if slot.name not in open_frame.slots)
        filled = fill(open_frame.id, flow, unfilled, heard, hearing.pack)
        return [Record(FlowResumed(frame=open_frame.id)), *filled]
    begun = start_flow(hearing.state, flow, hearing.pack, heard, trigger=wish.intent).moves
    if hearing.flow is None:
        return begun
    return [Say("flow_switched", {"title": flow.title, "waiting": hearing.flow.title}), *begun]


def _deferred(hearing: Hearing, wish: Wish) -> Move:
    heard = hearing.heard(wish)
    return Record(WishDeferred(intent=wish.intent, text=heard.text, entities=heard.entities))
