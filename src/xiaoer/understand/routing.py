"""Which messages the full tier reads too: those of which the light one is not sure enough for what they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from xiaoer.events import Reading
from xiaoer.pack import Pack, says_any
from xiaoer.understand.classifier import Classifier
from xiaoer.understand.errors import BadRoutingError
from xiaoer.understand.full import FullModel, joined_probabilities
from xiaoer.understand.intents import Floats
from xiaoer.understand.understander import Understander

ROUTING_FILE = "routing.json"
ALWAYS = 1.01
"""A limit above every probability: the light tier is never sure enough."""
_LEAST = 1e-9

Rule: TypeAlias = Literal["wishes", "negation", "long"]


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """How sure the light tier must be for its reading to stand, chosen for one full model; it lies in its folder.

    `threshold` is the limit of messages of which no rule holds, `rules` gives those of the others; of several the
    highest counts, and `threshold` for one that is not named. `light` names the light model and `data_hash` the data
    with which they were chosen, `lose` the share of right readings that they may cost; `measured` is what came of it.
    """

    threshold: float = ALWAYS
    rules: Mapping[Rule, float] = msgspec.field(default_factory=dict)
    lose: float = 0.0
    light: str = ""
    data_hash: str = ""
    measured: Mapping[str, float] = msgspec.field(default_factory=dict)

    def limit(self, rules: Iterable[Rule]) -> float:
        """Give the probability under which a light reading goes to the full tier, where these rules hold."""
        return max((self.rules.get(rule, self.threshold) for rule in rules), default=self.threshold)

    def save(self, folder: Path) -> None:
        """Write it into the full model's folder."""
        beside = folder / f".{ROUTING_FILE}.part"
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n")
        beside.replace(folder / ROUTING_FILE)

    @classmethod
    def load(cls, folder: Path) -> "Routing":
        """Read it from a full model's folder; where none was chosen yet every message goes to the full tier.

        Raises:
            BadRoutingError: the file is none of this version's.
        """
        path = folder / ROUTING_FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except FileNotFoundError:
            return cls()
        except msgspec.MsgspecError as error:
            raise BadRoutingError(f"{path} holds no limits ({error}); run `xiaoer models route`.") from error


@dataclass(frozen=True, slots=True)
class Signs:
    """What makes a message one that the light tier is trusted less with; the defaults know of no language."""

    wishes: int = 2
    characters: int = 40
    negations: tuple[str, ...] = ()

    @classmethod
    def of_pack(cls, pack: Pack) -> "Signs":
        """Give the signs of a pack: its `understanding.escalation`, and what its mood lists as negations."""
        said = pack.manifest.understanding.escalation
        return cls(said.wishes, said.characters, pack.mood.negations if pack.mood else ())

    def rules(self, text: str, wishes: int) -> tuple[Rule, ...]:
        """Give the rules that hold for a text (as received) in which so many wishes were read."""
        held: dict[Rule, bool] = {
            "wishes": wishes >= self.wishes,
            "negation": says_any(self.negations, text),
            "long": len(text) >= self.characters,
        }
        return tuple(rule for rule, holds in held.items() if holds)


class Router:
    """Says which light readings stand, by the limits of a full model and the signs of a pack."""

    def __init__(self, routing: Routing, pack: Pack) -> None:
        self._routing = routing
        self._signs = Signs.of_pack(pack)
        self._in_task = pack.manifest.understanding.escalation.in_task

    def escalates(self, text: str, light: Reading, *, has_task: bool) -> bool:
        """Say whether a message goes to the full tier; `has_task`: a task is open in the conversation."""
        limit = self._routing.limit(self._signs.rules(text, len(light.wishes)))
        return sureness(light) < (max(limit, self._in_task) if has_task else limit)


class TierPair:
    """A full model in the place of a pack's light one, or joined with it, if it was trained for that.

    The full model must know the intents that the light one knows, in whatever order.
    """

    def __init__(self, understander: Understander, full: Classifier) -> None:
        self._understander = understander
        self._threshold = full.threshold
        self._columns = [full.names.index(intent) for intent in understander.intents]
        self._joining = full.spec.joining if isinstance(full, FullModel) else None

    def reading(self, text: str, rows: Floats, *, now: datetime) -> Reading:
        """Understand a message by what the full model says of its `pieces`; entities and mood stay the light tier's."""
        intents, threshold = rows[:, self._columns], self._threshold
        if self._joining is not None:
            said = np.log(np.maximum(intents, _LEAST))
            intents = joined_probabilities(said, self._understander.own(text), self._joining)
            threshold = self._joining.threshold
        return self._understander.read_as(text, intents, threshold, now=now)


def read_in_full(understander: Understander, full: Classifier, text: str, *, now: datetime) -> Reading:
    """Read a message with a full model, as `TierPair` does."""
    rows = full.probabilities(understander.pieces(text))
    return TierPair(understander, full).reading(text, rows, now=now)


def sureness(reading: Reading) -> float:
    """Give how sure a reading is of all that it found: the probability of its least likely wish."""
    return min((wish.confidence for wish in reading.wishes), default=reading.intent.confidence)
