"""Wishes of one kind about several things in one message: each thing with what is wanted of it is a wish of its own."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

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
        within = sorted((e for e in entities if start <= e.start < end), key=lambda e: e.start)
        cuts = [start, *_cuts(within, things, kinds - things), end]
        for first, last in pairwise(cuts):
            named = [e for e in within if first <= e.start < last]
            is_whole = any(e.entity in kinds - things for e in named)
            yield _Piece(first, last, frozenset(e.value for e in named if e.entity in things and is_whole))


def _cuts(within: Sequence[Entity], things: Set[str], options: Set[str]) -> Iterator[int]:
    """Give where in a clause another thing begins of which something is wanted too: "the coat in S and the hat L"."""
    if not within or within[0].entity not in things:
        return
    has_option = False
    for at, entity in enumerate(within):
        is_next = entity.entity in things and has_option
        if is_next and any(each.entity in options for each in within[at:]):
            yield entity.start
            has_option = False
        has_option = has_option or entity.entity in options
