"""What a turn is handed: the current release, the shop, the stores, the clock, and where answers are delivered."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from xiaoer.access import Proofs
from xiaoer.answer import Composer
from xiaoer.clock import Clock
from xiaoer.dialogue import Search
from xiaoer.events import Hit, Reading, Understood
from xiaoer.ids import AttachmentId, ConversationId, ShopId
from xiaoer.media import UnknownAttachmentError
from xiaoer.pack import Pack
from xiaoer.settings import GuardSettings, TurnSettings
from xiaoer.shop import Shop
from xiaoer.store import Conversations, Journal, StoredEvent
from xiaoer.text import SURE_ENOUGH, normalise
from xiaoer.understand import Vocabulary


class Reader(Protocol):
    """Understands a message on its own."""

    @property
    def model_id(self) -> str:
        """Name the model, for the log."""
        ...

    def read(self, text: str, *, now: datetime) -> Reading:
        """Read a message."""
        ...

    def meant(self, text: str) -> str:
        """Give a text as it was meant, where it is not as it was typed."""
        ...


class FullReader(Protocol):
    """Reads again, with a larger model, what the light reading is not sure enough of."""

    @property
    def model_id(self) -> str:
        """Name the larger model, for the log."""
        ...

    def escalates(self, text: str, light: Reading, *, has_task: bool) -> bool:
        """Say whether a message is to be read again; `has_task`: a task is open in the conversation."""
        ...

    async def read(self, text: str, light: Understood, *, now: datetime) -> Understood:
        """Read a message again; give the light reading, and what was missed, if that cannot be had in time."""
        ...


@dataclass(frozen=True, slots=True)
class Release:
    """What serves together: a pack, the model trained from it, its knowledge, its words, the shop under its rules.

    `vocabulary` tells the pack's language from others, in a shop that serves in several. `full` is there where a full
    model is in use.
    """

    pack: Pack
    reader: Reader
    search: Search
    composer: Composer
    shop: Shop
    vocabulary: Vocabulary | None = None
    full: FullReader | None = None

    def found(self, question: str, intent: str) -> Sequence[Hit]:
        """Find what may answer a question."""
        return search_as_meant(self.search, self.reader, question, intent)

    async def understood(self, text: str, light: Reading, *, now: datetime, has_task: bool = False) -> Understood:
        """Give what a message says: its light reading, or a full one where that is called for and to be had."""
        understood = Understood(reading=light, model=self.reader.model_id)
        if self.full is None or not self.full.escalates(text, light, has_task=has_task):
            return understood
        return await self.full.read(text, understood, now=now)


def search_as_meant(search: Search, reader: Reader, question: str, intent: str) -> Sequence[Hit]:
    """Find what may answer a question, as the text that is understood unless it finds much more as it was typed."""
    typed, meant = normalise(question).text, reader.meant(question)
    found = search(meant, intent)
    if meant == typed:
        return found
    other = search(typed, intent)
    return found if _best(found) >= SURE_ENOUGH * _best(other) else other


def _best(hits: Sequence[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)


class Releases(Protocol):
    """The releases in use, one a language, and packs of earlier ones that open tasks still run on."""

    @property
    def current(self) -> Release:
        """The release of the shop's first language, which new conversations are served by."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """The languages that the shop serves in, the first one first."""
        ...

    async def speaking(self, language: str) -> Release:
        """Give the release that speaks a language; the current one if there is none, or none is ready yet."""
        ...

    def pack(self, version: str) -> Pack | None:
        """Find a pack by its version."""
        ...


class Attachments(Protocol):
    """Knows which pictures were sent to a conversation."""

    async def require(self, conversation: ConversationId, pictures: Collection[AttachmentId]) -> None:
        """Make sure that a message may name these pictures.

        Raises:
            XiaoerError: it may not.
        """
        ...


class NoAttachments:
    """Knows of no pictures: no message may name any (`Attachments`)."""

    async def require(self, conversation: ConversationId, pictures: Collection[AttachmentId]) -> None:
        """Refuse all pictures."""
        if pictures:
            raise UnknownAttachmentError("There is no such picture; send it again.")


Delivery = Callable[[ConversationId, Sequence[StoredEvent]], None]
"""Called after each stored turn, for those who watch the conversation live."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a turn needs. `picture_channels` are those on which customers can send pictures."""

    shop_id: ShopId
    releases: Releases
    conversations: Conversations
    journal: Journal
    proofs: Proofs
    clock: Clock
    deliver: Delivery
    limits: TurnSettings
    guard: GuardSettings
    attachments: Attachments = field(default_factory=NoAttachments)
    picture_channels: frozenset[str] = frozenset()
