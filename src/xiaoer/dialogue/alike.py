"""Wishes of one kind about several things in one message: each thing with what is wanted of it is a wish of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from xiaoer.dialogue.filling import names_things
from xiaoer.dialogue.message import Message, clause_spans
from xiaoer.events import Entity, Wish
from xiaoer.pack import Flow, Pack


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    things: frozenset[str]


def told_apart(message: Message, pack: Pack, *, is_proved: bool) -> Message:
    """Part a wish whose clauses each name another thing and what shall become of it: "A in black, B in size L".

    A task that takes several things at once keeps them together.
    """
    wishes = [part for wish in message.reading.wishes for part in _parts(message, wish, pack, is_proved=is_proved)]
    if len(wishes) == len(message.reading.wishes):
        return message
    return replace(message, reading=structs.replace(message.reading, wishes=tuple(wishes)))


def _parts(message: Message, wish: Wish, pack: Pack, *, is_proved: bool) -> Sequence[Wish]:
    entities = message.entities_of(wish)
    flow = pack.flow_for(wish.intent, frozenset(e.entity for e in entities), is_proved=is_proved)
    if flow is None or any(slot.several for slot in flow.slots):
        return (wish,)
    pieces = list(_pieces(message.text, wish, entities, flow, pack))
    named = [piece.things for piece in pieces]
    if len(pieces) < 2 or not all(named) or len(frozenset().union(*named)) != sum(map(len, named)):
        return (wish,)
    return [structs.replace(wish, start=piece.start, end=piece.end) for piece in pieces]


def _pieces(text: str, wish: Wish, entities: Sequence[Entity], flow: Flow, pack: Pack) -> Iterator[_Piece]:
    """Give the clauses of a wish; what names no thing, or of no thing what is wanted, makes the piece an empty one."""
    kinds = {kind for slot in flow.slots for kind in slot.entities}
    things = {kind for kind in kinds if names_things(pack.entities.get(kind))}
    for start, end in clause_spans(text[: wish.end], pack.phrases):
        if start < wish.start:
            continue
        within = [e for e in entities if start <= e.start < end]
        is_whole = any(e.entity in kinds - things for e in within)
        yield _Piece(start, end, frozenset(e.value for e in within if e.entity in things and is_whole))
