"""Serving the wishes of a message: answers first, then the first task; further tasks wait."""

from collections.abc import Sequence

from xiaoer.dialogue.hearing import MUCH_LESS, Hearing
from xiaoer.dialogue.moves import Move, Record, Say
from xiaoer.dialogue.walk import known
from xiaoer.dialogue.wishes import answer_wish, fill, flow_to_guess, kinds_spoken_of, start_flow
from xiaoer.events import FlowResumed, Wish, WishDeferred


def serve(hearing: Hearing, wishes: Sequence[Wish], *, may_start: bool) -> list[Move]:
    """Give the moves that serve wishes; with `may_start` a task among them begins, otherwise all of them wait."""
    wishes = [w for w in wishes if not _is_reason_for_another(hearing, w, wishes) and not hearing.is_cared_for(w)]
    asked = [w for w in wishes if not hearing.pack.phrases.remark(hearing.message.part(w).text)]
    wishes = asked or wishes
    # Of two wishes for one task the later is what is wanted: "nothing moves, press the courier". Two of one intent are
    # about different things.
    tasks = {(flow.name, _thing(wish, wishes)): wish for wish in wishes if (flow := hearing.flow_for(wish)) is not None}
    instants = _different([wish for wish in wishes if hearing.flow_for(wish) is None], hearing)
    moves = [move for wish in instants for move in _instant(hearing, wish)]
    ordered = [wish for wish in wishes if wish in tasks.values()]
    if ordered and may_start:
        later = (_deferred(hearing, wish) for wish in ordered[1:] if not _waits(hearing, wish))
        return [*moves, *_start(hearing, ordered[0]), *later]
    moves.extend(_deferred(hearing, wish) for wish in ordered if not _waits(hearing, wish))
    return [*moves, *back_to_task(hearing, instants)] if may_start else moves


def _thing(wish: Wish, wishes: Sequence[Wish]) -> int:
    """Tell wishes of one intent apart by where they stand."""
    return wish.start if sum(other.intent == wish.intent for other in wishes) > 1 else 0


def back_to_task(hearing: Hearing, instants: Sequence[Wish]) -> list[Move]:
    """After a question in between: name the task that goes on, or leave its question standing."""
    question, flow = hearing.state.question, hearing.flow
    if flow is None:
        return []
    routes = [hearing.pack.routes.get(wish.intent) for wish in instants]
    if question is not None and routes and all(route is not None and route.waits for route in routes):
        return [Record(question)]
    return [Say("flow_continues", {"title": flow.title})]


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
    others = [other for other in wishes if other is not wish and not hearing.is_apart(wish, other)]
    if own is not None and any(other.intent in own.yields_to for other in others):
        return True
    taken = () if own is None else own.absorbs
    return any(
        wish.intent in flow.absorbs and (other.intent not in taken or other.start < wish.start)
        for other in others
        if (flow := hearing.flow_for(other)) is not None
    )


def _different(wishes: Sequence[Wish], hearing: Hearing) -> list[Wish]:
    """Leave out what only asks again, in other words, for what another wish asks."""
    return [wish for wish in wishes if not any(_asks_the_same(wish, other, hearing) for other in wishes)]


def _asks_the_same(wish: Wish, other: Wish, hearing: Hearing) -> bool:
    """Say whether a wish, next likeliest read as another, is answered by what fits the whole message far less well."""
    if wish is other or wish.runner_up is None or wish.runner_up.name != other.intent:
        return False
    return _fit(hearing, wish) < MUCH_LESS * _fit(hearing, other)


def _fit(hearing: Hearing, wish: Wish) -> float:
    """Say how well the whole message fits what answers a wish (0 to 1)."""
    hits = hearing.stage.search(hearing.message.text, wish.intent)
    return max((hit.score for hit in hits if wish.intent in hit.intents), default=0.0)


def _instant(hearing: Hearing, wish: Wish) -> list[Move]:
    told, frame = hearing.told_by_task(wish), hearing.state.frame
    if told and frame is not None:
        return [Say(told, known(frame))]
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


def _waits(hearing: Hearing, wish: Wish) -> bool:
    """Say whether a wish waits already, for all that it names now: it is only said again."""
    named = {entity.value for entity in hearing.heard(wish).entities}
    return bool(named) and any(
        waiting.intent == wish.intent and named <= {entity.value for entity in waiting.entities}
        for waiting in hearing.state.waiting
    )


def _deferred(hearing: Hearing, wish: Wish) -> Move:
    heard = hearing.heard(wish)
    return Record(WishDeferred(intent=wish.intent, text=heard.text, entities=heard.entities))
