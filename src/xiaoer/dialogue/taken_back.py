"""What a message takes back by itself: of "return the mug, no wait, the rug" only the rug is meant."""

import re
from dataclasses import replace

from msgspec import structs

from xiaoer.dialogue.filling import names_things
from xiaoer.dialogue.message import Message
from xiaoer.events import Entity
from xiaoer.pack import EntityKind, Pack

_AROUND = 12
"""Characters that may stand between a thing and the words that take it back, or those and what is meant instead."""


def put_right(message: Message, pack: Pack) -> Message:
    """Blank out a thing that is not meant, where another of its kind is.

    It stands in front of words that take it back, with the other right behind them ("the mug, no wait, the rug"), or is
    said to be none of what is meant ("not the mug, the rug").
    """
    text, words = message.text, sorted(pack.phrases.takes_back, key=len, reverse=True)
    negated = [entity for entity in message.reading.entities if pack.phrases.negate(text, entity.start, entity.end)]
    for entity in negated:
        others = (each for each in message.reading.entities if each not in negated)
        if any(_is_another(entity, other, pack.entities.get(entity.entity)) for other in others):
            return _without(message, entity)
    forms = "|".join(map(re.escape, words))
    for found in re.finditer(rf"(?<!\w)(?:{forms})(?!\w)", text, re.IGNORECASE) if words else ():
        if pack.phrases.adds(text[found.end() :]):
            continue  # "the mug is wrong, the rug too"
        before = [e for e in message.reading.entities if 0 <= found.start() - e.end <= _AROUND]
        behind = [e for e in message.reading.entities if 0 <= e.start - found.end() <= _AROUND]
        wrong = max(before, key=lambda entity: entity.end, default=None)
        meant = min(behind, key=lambda entity: entity.start, default=None)
        if wrong and meant and _is_another(wrong, meant, pack.entities.get(wrong.entity)):
            return _without(message, wrong)
    return message


def _is_another(wrong: Entity, meant: Entity, kind: EntityKind | None) -> bool:
    return wrong.entity == meant.entity and wrong.value != meant.value and names_things(kind)


def _without(message: Message, entity: Entity) -> Message:
    """Leave blanks in the place of an entity: what else is said stays where it stands."""
    text = message.text[: entity.start] + " " * (entity.end - entity.start) + message.text[entity.end :]
    left = tuple(each for each in message.reading.entities if each is not entity)
    return replace(message, text=text, reading=structs.replace(message.reading, entities=left))
