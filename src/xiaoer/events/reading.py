"""What a message says, as understood: intents, entities, mood, and its single wishes."""

from msgspec import Struct


class Entity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A span of the message that names something.

    `start` and `end` count characters of the text as received; `value` is the normal form
    (a canonical name, an ISO date, digits only); `confidence` is in [0, 1]. `also`: kinds that the same words may
    be of just as well ("5 packs" of something that is sold by 5 or by 10).
    """

    entity: str
    value: str
    start: int
    end: int
    confidence: float = 1.0
    extractor: str = "pattern"
    also: tuple[str, ...] = ()


class IntentScore(Struct, frozen=True):
    """An intent and its calibrated probability in [0, 1]."""

    name: str
    confidence: float


class Wish(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that the message asks for, and the part of the text (as received) that asks for it."""

    intent: str
    confidence: float
    start: int
    end: int
    runner_up: IntentScore | None = None


class Reading(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message understood on its own, before the conversation gives it its meaning.

    `intent` is the main wish; `intent_ranking` the ten likeliest, best first; `sentiment` from -1 (furious)
    to 1 (delighted). `is_in_scope` is false when the message seems to have nothing to do with the shop.
    """

    intent: IntentScore
    intent_ranking: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    wishes: tuple[Wish, ...] = ()
    sentiment: float = 0.0
    is_in_scope: bool = True
    language: str = "zh"


class Hit(Struct, frozen=True, kw_only=True):
    """An entry of the knowledge that may answer a question; `score` in [0, 1] says how well it fits."""

    entry: str
    score: float
    intents: tuple[str, ...] = ()
