"""Factories and fakes for tests, ours and those of people who write packs and adapters.

`Play` plays whole dialogues on hand-made readings and a scripted shop, without a model, a database or a clock.
"""

from xiaoer.testing.dialogue import (
    Outcome,
    Play,
    ScriptedAction,
    ScriptedShop,
    a_flow,
    a_message,
    a_pack,
    an_outcome,
    nothing_found,
)
from xiaoer.testing.events import a_frame, a_reading, an_entity
from xiaoer.testing.packs import write_pack

__all__ = [
    "Outcome",
    "Play",
    "ScriptedAction",
    "ScriptedShop",
    "a_flow",
    "a_frame",
    "a_message",
    "a_pack",
    "a_reading",
    "an_entity",
    "an_outcome",
    "nothing_found",
    "write_pack",
]
