"""What happens next without another word of the customer: run the active task, take it up again, serve what waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from xiaoer.dialogue.message import Heard
from xiaoer.dialogue.moves import Act, GiveAnswer, Move, Record, Say, Wait
from xiaoer.dialogue.pictures import pictures_taken
from xiaoer.dialogue.proof import asked_for_proof, proved_at_once, ways_shown
from xiaoer.dialogue.stage import Stage, title_of
from xiaoer.dialogue.walk import (
    DropSlot,
    Need,
    NeedAction,
    NeedPerson,
    NeedProof,
    NeedSay,
    NeedSlot,
    NeedYes,
    Over,
    StartOffered,
    TakeSlot,
    is_look_up,
    known,
    next_need,
)
from xiaoer.dialogue.wishes import (
    answer_wish,
    fill,
    flow_of_wish,
    hand_over,
    kinds_spoken_of,
    serve_wish,
    start_flow,
)
from xiaoer.events import (
    Choice,
    Conversation,
    Entity,
    FlowEnded,
    FlowResumed,
    Frame,
    HandedOver,
    Hit,
    IntentScore,
    NotUnderstood,
    QuestionAsked,
    SlotCleared,
    SlotFilled,
    SlotValue,
    StepSaid,
    WishDeferred,
    WishTaken,
)
from xiaoer.ids import FrameId
from xiaoer.pack import Flow, Slot


def advance(state: Conversation, stage: Stage) -> list[Move]:
    """Give the next moves; the turn carries them out and asks again, until one is `Wait`."""
    frame = state.frame
    if state.question is not None and state.question.kind == "clarify" and state.question_turn == state.turns:
        return [Wait()]
    if state.waiting and (frame is None or frame.is_suspended):
        return _serve_waiting(state, stage)
    if frame is None:
        return [Wait()]
    flow = stage.flow_of(frame)
    if flow is None:
        return [Record(FlowEnded(frame=frame.id, how="given_up")), Say("flow_gone")]
    if frame.is_suspended:
        return [Record(FlowResumed(frame=frame.id)), Say("flow_resumed", {"title": flow.title})]
    taken = pictures_taken(state, frame, flow)
    if taken is not None:
        return [Record(taken)]
    scene = _Scene(state, frame, flow, stage)
    is_guess = _is_guess(scene)
    if _has_found_nothing(frame):
        hit = _answer_instead(scene)
        if hit is not None:
            return [Record(FlowEnded(frame=frame.id, how="refused")), GiveAnswer(state.last_text, hit.entry, hit.score)]
        if is_guess:
            return _served_otherwise(scene)
    # A guess is about what was just said; the thing spoken of before would always be found.
    known_before = {} if is_guess else _carried(scene)
    need = next_need(
        flow,
        frame,
        stage.specs,
        is_proved=state.customer is not None,
        carried=known_before,
        takes_pictures=stage.takes_pictures,
    )
    return _moves(need, scene)


@dataclass(frozen=True, slots=True)
class _Scene:
    state: Conversation
    frame: Frame
    flow: Flow
    stage: Stage

    def is_asked(self, kind: str, step: str, digest: str = "") -> bool:
        """Say whether this very question was put in this turn already."""
        asked = self.state.question
        return (
            asked is not None
            and self.state.question_turn == self.state.turns
            and (asked.kind, asked.frame, asked.step, asked.digest) == (kind, self.frame.id, step, digest)
        )


def _carried(scene: _Scene) -> dict[str, SlotValue]:
    """Give what slots held before; one that looks up the same under another name ("lines" for "line") knows it too."""
    state, found = scene.state, scene.state.carried
    before = {**found, **{name: value for frame in state.frames[:-1] for name, value in frame.slots.items()}}
    for slot in scene.flow.slots:
        if slot.look_up is None or slot.name in before:
            continue
        names = scene.stage.pack.names_of_look_up.get(slot.look_up, ())
        other = next((before[name] for name in names if name in before), None)
        if other is not None and "," not in other.value:
            before[slot.name] = other
    return before


def _is_guess(scene: _Scene) -> bool:
    """Say whether a task was begun for a thing that no known word names."""
    if not scene.flow.guesses:
        return False
    kinds = {e.entity for mention in scene.frame.mentions.values() for e in mention.entities}
    kinds |= kinds_spoken_of(scene.state, scene.frame.trigger, scene.stage.pack)
    return kinds.isdisjoint(scene.flow.only_with)


def _has_found_nothing(frame: Frame) -> bool:
    return any(is_look_up(step) and result.outcome == "none" for step, result in frame.results.items())


def _answer_instead(scene: _Scene) -> Hit | None:
    """Find what answers the question that began a task about a thing that the customer has not got."""
    text, pack = scene.state.last_text, scene.stage.pack
    mentioned = any(mention.text == text for mention in scene.frame.mentions.values())
    if not mentioned or not scene.flow.knowledge_first or not pack.phrases.ask(text):
        return None
    best = max(scene.stage.search(text, scene.frame.trigger), key=lambda hit: hit.score, default=None)
    return best if best is not None and best.score >= pack.manifest.knowledge.minimum_score else None


def _served_otherwise(scene: _Scene) -> list[Move]:
    """Drop a guess that was wrong, and serve its wish, if there was a sure one, as if it had not been made."""
    state, frame, pack = scene.state, scene.frame, scene.stage.pack
    ended = Record(FlowEnded(frame=frame.id, how="refused"))
    if not frame.trigger:
        return [ended, Record(NotUnderstood(text=state.last_text)), Say("not_understood")]
    heard = Heard(state.last_text, (), pack.manifest.understanding.clarify_below)
    return [ended, *answer_wish(state, heard, frame.trigger, pack, scene.stage.search)]


def _moves(need: Need, scene: _Scene) -> list[Move]:
    frame = scene.frame
    match need:
        case NeedAction(step=step, action=action, arguments=arguments, name=name, is_effect=is_effect):
            return [Act(frame.id, step, action, arguments, name, is_effect)]
        case NeedSay(step=step, digest=digest, reply=reply):
            return [Say(reply, known(frame)), Record(StepSaid(frame=frame.id, step=step, digest=digest))]
        case TakeSlot(slot=slot, choices=choices) if slot.each and len(choices) > 1:
            titles = [str(choice.get("title", "")) for choice in choices]
            later = (_wish_for(choice, slot, scene) for choice in choices[1:])
            return [Say(slot.each, {"titles": titles}), _slot_move(TakeSlot(slot, choices[:1]), scene), *later]
        case TakeSlot() | DropSlot():
            return [_slot_move(need, scene)]
        case NeedSlot() | NeedYes() | NeedProof():
            return _ask(need, scene)
        case StartOffered(flow=name, given=given):
            return _start_offered(name, given, scene)
        case NeedPerson(note=note):
            ended = Record(FlowEnded(frame=frame.id, how="handed_over"))
            called = HandedOver(reason="flow", note=_summary(note, scene))
            return [Record(called), Say("handed_over", known(frame)), ended]
        case Over(how=how):
            needless = _needless(scene) if how == "completed" else ()
            return [*needless, Record(FlowEnded(frame=frame.id, how=how))]
        case other:
            assert_never(other)


def _needless(scene: _Scene) -> Iterator[Move]:
    """End what waits below a task that was done in its stead, for the same thing: a return, once that is exchanged."""
    own = _looked_up(scene.frame, scene.flow)
    for other in scene.state.frames[:-1]:
        flow = scene.stage.flow_of(other)
        if flow is None or flow.name not in scene.flow.instead_of:
            continue
        theirs = _looked_up(other, flow)
        shared = own.keys() & theirs.keys()
        if shared and all(not own[name].isdisjoint(theirs[name]) for name in shared):
            yield Record(FlowEnded(frame=other.id, how="given_up"))


def _looked_up(frame: Frame, flow: Flow) -> dict[str, set[str]]:
    """Give what a task is about, by the look-ups that found it."""
    about = [slot for slot in flow.slots if slot.look_up and slot.name in frame.slots]
    return {str(slot.look_up): set(frame.slots[slot.name].value.split(",")) for slot in about}


def _summary(why: str, scene: _Scene) -> str:
    """Tell the person who goes on what was wanted, what is known of it, and what the shop noted about it."""
    slots = (f"{name}: {slot.shown}" for name, slot in scene.frame.slots.items())
    noted = (str(facts["note"]) for facts in scene.frame.facts.values() if facts.get("note"))
    return "\n".join((f"{scene.flow.title} ({why})", *slots, *dict.fromkeys(noted)))


def _slot_move(need: TakeSlot | DropSlot, scene: _Scene) -> Move:
    frame = scene.frame
    match need:
        case TakeSlot(slot=slot, choices=choices):
            value = ",".join(str(choice["value"]) for choice in choices)
            shown = scene.stage.pack.words.get("format.list", ", ").join(str(c.get("title", "")) for c in choices)
            return Record(SlotFilled(frame=frame.id, slot=slot.name, value=value, shown=shown, source="shop"))
        case DropSlot(slot=slot):
            return Record(SlotCleared(frame=frame.id, slot=slot.name))
        case other:
            assert_never(other)


def _wish_for(choice: Mapping[str, Any], slot: Slot, scene: _Scene) -> Move:
    """Keep for later that the same is wanted for another thing, which is named by its value alone."""
    value = str(choice["value"])
    named = Entity(entity=slot.entities[0], value=value, start=0, end=len(value))
    return Record(WishDeferred(intent=scene.frame.trigger, text=value, entities=(named,)))


def _ask(need: NeedSlot | NeedYes | NeedProof, scene: _Scene) -> list[Move]:
    frame, facts = scene.frame, known(scene.frame)
    match need:
        case NeedProof():
            if proves := proved_at_once(scene.state, frame, scene.flow, scene.stage):
                return [proves]
            question, reply = asked_for_proof(scene.state, frame), "sign_in_needed"
            facts |= {"ways": ways} if (ways := ways_shown(scene.stage)) else {}
        case NeedYes(step=step, digest=digest, reply=reply, offer=offer):
            kind: Literal["offer", "confirm"] = "offer" if offer else "confirm"
            question = QuestionAsked(kind=kind, frame=frame.id, step=step, digest=digest)
        case NeedSlot(step=step, slot=slot, found=found):
            choices = _choices_of(slot, frame, step, scene.stage.pack.words)
            question = QuestionAsked(kind="slot", frame=frame.id, step=step, slot=slot.name, choices=choices)
            reply = slot.question
            facts |= {"found": _found(found, scene), "choices": frame.facts.get(f"{step}.find", {}).get("choices", [])}
        case other:
            assert_never(other)
    if scene.is_asked(question.kind, question.step, question.digest):
        return [Wait()]
    if scene.state.misunderstandings >= scene.stage.pack.manifest.hand_over.after_misunderstandings:
        ended = Record(FlowEnded(frame=frame.id, how="handed_over"))
        return [*hand_over("not_understood", note=scene.flow.title), ended]
    return [Say(reply, facts, question.choices), Record(question)]


def _found(outcome: str, scene: _Scene) -> str:
    """Say why a slot is asked for: the outcome of its look-up, or that the answers before were not understood."""
    missed = scene.state.misunderstandings
    return outcome if not missed else "unclear" if missed == 1 else "lost"


def _choices_of(slot: Slot, frame: Frame, step: str, words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Give what a slot may be filled with: its own choices, or those that its look-up found, codes in the words."""
    if slot.look_up is None:
        shown = (c for c in slot.choices if c.when is None or c.when.holds(known(frame)))
        return tuple(Choice(value=c.value, title=c.title, says=c.says) for c in shown)
    found = frame.facts.get(f"{step}.find", {}).get("choices", [])
    titles = (words.get(str(c["title"]), str(c["title"])) for c in found)
    return tuple(
        Choice(value=str(c["value"]), title=title, says=tuple(c.get("says", ())))
        for c, title in zip(found, titles, strict=True)
    )


def _start_offered(name: str, given: Mapping[str, str], scene: _Scene) -> list[Move]:
    """End this task and begin the one that was offered, with what it is given, the slots of both and options named."""
    flow = scene.stage.pack.flows.get(name)
    if flow is None:
        return [Record(FlowEnded(frame=scene.frame.id, how="given_up")), Say("flow_gone")]
    started = start_flow(scene.state, flow, scene.stage.pack, Heard(text="", entities=()), trigger="")
    frame = started.frame
    shared: list[Move] = [
        Record(SlotFilled(frame=frame, slot=slot, value=value.value, shown=value.shown, source="carried"))
        for slot, value in scene.frame.slots.items()
        if flow.slot(slot) is not None
    ]
    shared += [
        Record(SlotFilled(frame=frame, slot=slot.name, value=option.value, shown=option.title, source="carried"))
        for slot in flow.slots
        for option in slot.choices
        if given.get(slot.name) == option.value
    ]
    said = scene.state.spoken
    options = tuple(slot for slot in flow.slots if slot.choices)
    named = fill(frame, flow, options, Heard(said.text, said.entities), scene.stage.pack) if said else []
    return [Record(FlowEnded(frame=scene.frame.id, how="refused")), *started.moves, *shared, *named]


def _as_for_the_last(state: Conversation, heard: Heard, flow: Flow | None) -> list[Move]:
    """Where the same is done for the next thing, take what was chosen for the one before: why it is wanted."""
    is_thing_alone = any((e.start, e.end) == (0, len(heard.text)) for e in heard.entities)
    if flow is None or flow.name != state.last_flow or not is_thing_alone:
        return []
    frame = FrameId(f"f{state.frames_started + 1}")
    chosen = ((slot.name, state.carried.get(slot.name)) for slot in flow.slots if slot.choices)
    return [
        Record(SlotFilled(frame=frame, slot=name, value=value.value, shown=value.shown, source="carried"))
        for name, value in chosen
        if value is not None
    ]


def _serve_waiting(state: Conversation, stage: Stage) -> list[Move]:
    wish = state.waiting[0]
    heard = Heard(wish.text, wish.entities, intents=(IntentScore(wish.intent, 1.0),))
    flow = flow_of_wish(state, heard, wish.intent, stage.pack, stage.search)
    begun = next((f for f in state.frames if flow is not None and f.flow == flow.name), None)
    if flow is not None and begun is not None:
        return [Record(WishTaken()), Record(FlowResumed(frame=begun.id)), Say("flow_resumed", {"title": flow.title})]
    served = [*serve_wish(state, heard, wish.intent, stage.pack, stage.search), *_as_for_the_last(state, heard, flow)]
    return [Record(WishTaken()), Say("next_wish", {"title": title_of(stage.pack, wish.intent)}), *served]
