"""Proof by words of who the customer is: asking for it, hearing it, and what follows from it."""

from collections.abc import Iterator

from xiaoer.dialogue.hearing import Hearing
from xiaoer.dialogue.matching import gives_up
from xiaoer.dialogue.message import Heard
from xiaoer.dialogue.moves import Move, Prove, Record, Say
from xiaoer.dialogue.pieces import claims_of, missing, pieces_in, pieces_told
from xiaoer.dialogue.serving import serve
from xiaoer.dialogue.stage import Stage
from xiaoer.dialogue.wishes import gives_data
from xiaoer.events import Conversation, Entity, Frame, IdentityProved, ProofRefused, QuestionAsked, SlotMentioned
from xiaoer.pack import Flow, Slot

_ORDER = "order_id"


def ways_shown(stage: Stage) -> list[str]:
    """Give how the open ways are called, if there are any."""
    return [stage.pack.words.get(f"proof.{way}", way) for way in stage.ways]


def asked_for_proof(state: Conversation, frame: Frame) -> QuestionAsked:
    """Give the question who the customer is; what was told of it already stays known."""
    asked = state.question
    is_open = asked is not None and asked.kind == "proof" and asked.frame == frame.id
    facts = asked.facts if asked is not None and is_open else {}
    return QuestionAsked(kind="proof", frame=frame.id, facts=facts)


def proved_at_once(state: Conversation, frame: Frame, flow: Flow, stage: Stage) -> Prove | None:
    """Take a proof that stands in the very message that began the task, but for data that the task itself takes."""
    if state.question is not None or not stage.ways:
        return None
    taken = flow.kinds_taken
    mention = next((m for m in frame.mentions.values() if m.text == state.last_text), None)
    if mention is None:
        return None
    heard = Heard(mention.text, tuple(e for e in mention.entities if e.entity not in taken))
    if gives_data(stage.pack, frame.trigger):
        pieces = pieces_told(heard, stage.ways, stage.pack.manifest.identity, {})
    else:
        pieces = pieces_in(heard, stage.ways)
    claims = claims_of(pieces, stage.ways, pieces)
    return Prove(claims, QuestionAsked(kind="proof", frame=frame.id, facts=pieces)) if claims else None


def proof(hearing: Hearing) -> list[Move] | None:
    """Read a message as an answer to who the customer is; None if it tells nothing of that."""
    state, stage, frame, flow = hearing.state, hearing.stage, hearing.state.frame, hearing.flow
    question = state.question
    if question is None or question.kind != "proof" or frame is None or flow is None or not stage.ways:
        return None
    heard = hearing.message.whole()
    if state.customer is not None or _is_for_the_task(flow, heard):
        return None
    held = {**_order_meant(frame), **question.facts}
    told = pieces_told(heard, stage.ways, stage.pack.manifest.identity, held, asks_nothing=_asks_nothing(hearing))
    if not told:
        return None
    pieces = {**held, **told}
    asked = QuestionAsked(kind="proof", frame=frame.id, facts=pieces)
    others = [wish for wish in hearing.new_wishes if hearing.is_sure(wish)] if len(hearing.wishes) > 1 else []
    beside = [*_pointed_at(frame, flow, heard), *serve(hearing, others, may_start=False)]
    if claims := claims_of(pieces, stage.ways, told):
        return [*beside, Prove(claims, asked)]
    kinds = missing(pieces, stage.ways)
    return [*beside, Say("proof_more", {"missing": [_called(kind, stage) for kind in kinds]}), Record(asked)]


def after_proof(move: Prove, outcome: IdentityProved | ProofRefused, stage: Stage) -> list[Move]:
    """Say what came of a proof; one that proves nobody may be tried again, as long as the tries last."""
    match outcome:
        case IdentityProved():
            return [Say("proved")]
        case ProofRefused(why="wrong"):
            return [Say("proof_wrong", {"ways": ways_shown(stage)}), Record(move.question)]
        case ProofRefused():
            return [Say("proof_blocked"), Record(move.question)]


def another_customer(hearing: Hearing) -> list[Move] | None:
    """Refuse to take a customer who is proved for another one, whatever they say, without looking at it."""
    state, stage = hearing.state, hearing.stage
    if state.customer is None or not stage.ways or hearing.is_question:
        return None
    if hearing.pack.phrases.wants_another_account(hearing.message.text):
        return [Say("another_customer")]
    if state.frame is not None or not _is_data(hearing) or any(map(hearing.flow_for, hearing.wishes)):
        return None
    pieces = pieces_told(hearing.message.whole(), stage.ways, stage.pack.manifest.identity, {})
    return [Say("another_customer")] if claims_of(pieces, stage.ways, pieces) else None


def _called(kind: str, stage: Stage) -> str:
    return stage.pack.words.get(f"proof.{kind}", kind)


def _is_data(hearing: Hearing) -> bool:
    return all(not hearing.is_sure(wish) or gives_data(hearing.pack, wish.intent) for wish in hearing.wishes)


def _asks_nothing(hearing: Hearing) -> bool:
    """Say whether a message may be mere data: it is surely read as nothing else, and takes nothing back."""
    return _is_data(hearing) and not hearing.is_question and not gives_up(hearing.message.text, hearing.pack.phrases)


def _is_for_the_task(flow: Flow, heard: Heard) -> bool:
    """Say whether a message gives data that only the task takes: a new address with its name and telephone."""
    taken = flow.kinds_taken
    return any(e.entity in taken and e.entity in ("address", "region") for e in heard.entities)


def _order_meant(frame: Frame) -> dict[str, str]:
    """Give the order that the task is about, as the customer named it."""
    for mention in frame.mentions.values():
        if found := pieces_in(Heard(mention.text, mention.entities), ("order_and_phone",)).get(_ORDER):
            return {_ORDER: found}
    return {}


def _pointed_at(frame: Frame, flow: Flow, heard: Heard) -> Iterator[Move]:
    """Take an order named for the proof as the one that the task is about, where nothing else was named for it."""
    order = next((e for e in heard.entities if e.entity == _ORDER), None)
    if order is None:
        return
    words = heard.text[order.start : order.end]
    alone = Entity(entity=_ORDER, value=order.value, start=0, end=len(words))
    for slot in flow.slots:
        if slot.look_up is not None and _ORDER in slot.entities and not _is_named(frame, slot):
            yield Record(SlotMentioned(frame=frame.id, slot=slot.name, text=words, entities=(alone,)))


def _is_named(frame: Frame, slot: Slot) -> bool:
    mention = frame.mentions.get(slot.name)
    return slot.name in frame.slots or (
        mention is not None and any(e.entity in slot.entities for e in mention.entities)
    )
