"""What the dialogue plays on: packs, the shop's actions, a way to search the knowledge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xiaoer.events import Frame, Hit, Way
from xiaoer.pack import ActionSpec, Flow, Pack

Search: TypeAlias = Callable[[str, str], Sequence[Hit]]
"""Finds entries of the knowledge for a question and its intent (or "")."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The current pack, older versions that open tasks began with, the shop's actions, and the search.

    `ways` are those in which the customer may prove by words who they are. `takes_pictures`: the customer writes where
    pictures can be sent.
    """

    pack: Pack
    pack_of: Callable[[str], Pack | None]
    specs: Mapping[str, ActionSpec]
    search: Search
    ways: tuple[Way, ...] = ()
    takes_pictures: bool = False

    def flow_of(self, frame: Frame) -> Flow | None:
        """Find the flow of a frame, in the version of the pack that it began with if that is still there."""
        return (self.pack_of(frame.pack) or self.pack).flows.get(frame.flow)


def title_of(pack: Pack, intent: str) -> str:
    """Say how an intent is called when speaking to the customer."""
    flow, route = pack.flow_for(intent), pack.routes.get(intent)
    return flow.title if flow else route.title if route else intent
