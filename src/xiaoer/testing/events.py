"""Factories of the records that travel between rooms; each argument is something that a test may want to vary."""

from collections.abc import Mapping

from xiaoer.events import Entity, Frame, IntentScore, Reading, SlotValue, Wish
from xiaoer.ids import FrameId


def an_entity(kind: str, value: str, *, start: int = 0) -> Entity:
    """Give an entity whose surface form is its value; `start` counts characters of the message."""
    return Entity(entity=kind, value=value, start=start, end=start + len(value))


def a_reading(
    intent: str = "unclear",
    confidence: float = 0.95,
    *,
    entities: tuple[Entity, ...] = (),
    wishes: tuple[Wish, ...] | None = None,
    sentiment: float = 0.0,
    is_in_scope: bool = True,
) -> Reading:
    """Give a reading whose only wish is its intent, unless `wishes` says otherwise."""
    only = Wish(intent=intent, confidence=confidence, start=0, end=0)
    return Reading(
        intent=IntentScore(intent, confidence),
        entities=entities,
        wishes=(only,) if wishes is None else wishes,
        sentiment=sentiment,
        is_in_scope=is_in_scope,
    )


def a_frame(flow: str = "flow", *, slots: Mapping[str, str] | None = None) -> Frame:
    """Give the frame of a flow with slots filled, shown to the customer as their values."""
    filled = {name: SlotValue(value, value) for name, value in (slots or {}).items()}
    return Frame(id=FrameId("f1"), flow=flow, pack="test", slots=filled)
