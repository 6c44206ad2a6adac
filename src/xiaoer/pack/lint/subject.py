"""What is checked, and against what."""

from collections.abc import Mapping
from dataclasses import dataclass

from xiaoer.pack.actions import ActionSpec
from xiaoer.pack.model import Pack


@dataclass(frozen=True, slots=True)
class Subject:
    """A pack, the shop's actions by name, and the intents that something beyond the pack answers."""

    pack: Pack
    actions: Mapping[str, ActionSpec]
    answerable: frozenset[str]
