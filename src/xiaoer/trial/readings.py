"""A reader whose readings a test may lay down, so that a dialogue can be tested whatever the training gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from xiaoer.events import Entity, IntentScore, Reading, Understood, Wish
from xiaoer.pack import SayTurn
from xiaoer.turn import FullReader, Reader


class DirectedReader:
    """Reads as another reader does, but for what is given of a turn's reading."""

    def __init__(self, reader: Reader) -> None:
        self.model_id = reader.model_id
        self._reader = reader
        self._turn: SayTurn | None = None

    def direct(self, turn: SayTurn) -> None:
        """Take what the next message is to be understood as from a turn of a test."""
        self._turn = turn

    @property
    def is_directed(self) -> bool:
        """Whether something of the next message's reading is laid down."""
        return self._turn is not None and self._turn.reading is not None

    def meant(self, text: str) -> str:
        """Give a text as it was meant."""
        return self._reader.meant(text)

    def read(self, text: str, *, now: datetime) -> Reading:
        """Read a message; `now` is the moment that days are seen from."""
        reading = self._reader.read(text, now=now)
        given = self._turn.reading if self._turn is not None else None
        if given is None:
            return reading
        wishes = [_wish(wish.intents, text.index(wish.words), len(wish.words)) for wish in given.wishes]
        if given.intents is not None and not wishes:
            wishes = [_wish(given.intents, 0, len(text))]
        if wishes:
            main = IntentScore(wishes[0].intent, wishes[0].confidence)
            reading = structs.replace(
                reading, intent=main, intent_ranking=(main,), wishes=tuple(wishes), is_in_scope=True
            )
        if given.entities is not None:
            reading = structs.replace(
                reading, entities=tuple(_entity(*named, text) for named in given.entities.items())
            )
        return reading


@dataclass(frozen=True, slots=True)
class DirectedFull:
    """A full model that reads beside a directed reader: what a test lays down is not read again."""

    full: FullReader
    light: DirectedReader

    @property
    def model_id(self) -> str:
        """Name the model."""
        return self.full.model_id

    def escalates(self, text: str, light: Reading, *, has_task: bool) -> bool:
        """Say whether a message is read again."""
        return not self.light.is_directed and self.full.escalates(text, light, has_task=has_task)

    async def read(self, text: str, light: Understood, *, now: datetime) -> Understood:
        """Read a message again."""
        return await self.full.read(text, light, now=now)


def _wish(intents: Mapping[str, float], start: int, length: int) -> Wish:
    scores = [IntentScore(*intent) for intent in intents.items()]
    runner_up = scores[1] if len(scores) > 1 else None
    return Wish(
        intent=scores[0].name, confidence=scores[0].confidence, start=start, end=start + length, runner_up=runner_up
    )


def _entity(kind: str, words: str, text: str) -> Entity:
    start = text.index(words)
    return Entity(entity=kind, value=words, start=start, end=start + len(words))
