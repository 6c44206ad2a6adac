"""The journal: a message whose turn is about to change the shop is noted before the change.

After a crash it tells which turns may have changed the shop without having been stored, so that they are run again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ConversationId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.moments import to_micros


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A turn that was begun and not stored yet, with its message as it was noted."""

    conversation: ConversationId
    turn: int
    message: bytes
    at: datetime


class Journal:
    """Notes turns before they change the shop; `TurnAppend.closes_journal` takes the note back with the turn."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._note = schema.upsert(schema.journal, replacing=())

    async def open(self, shop: ShopId, conversation: ConversationId, turn: int, message: bytes, at: datetime) -> None:
        """Note the message; it is stored when this returns. A turn that is noted already keeps its first note."""
        row = {
            "shop_id": shop,
            "conversation_id": conversation,
            "turn": turn,
            "message": message,
            "at": to_micros(at),
        }

        async def note(connection: AsyncConnection) -> None:
            await connection.execute(self._note, row)

        await self._database.writer.run(note)

    async def close(self, shop: ShopId, conversation: ConversationId, turn: int) -> None:
        """Take back a note whose turn is settled; nothing happens where there is none."""
        journal = schema.journal.c
        statement = delete(schema.journal).where(
            journal.shop_id == shop, journal.conversation_id == conversation, journal.turn == turn
        )

        async def take_back(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.writer.run(take_back)

    async def find(self, shop: ShopId, conversation: ConversationId, turn: int) -> JournalEntry | None:
        """Give the note of a turn; None if it was never begun or is settled."""
        journal = schema.journal.c
        statement = select(journal.message, journal.at).where(
            journal.shop_id == shop, journal.conversation_id == conversation, journal.turn == turn
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else JournalEntry(conversation, turn, row.message, row.at)

    async def unfinished(self, shop: ShopId) -> list[JournalEntry]:
        """List the turns that were noted and not stored, the oldest first."""
        journal = schema.journal.c
        statement = (
            select(journal.conversation_id, journal.turn, journal.message, journal.at)
            .where(journal.shop_id == shop)
            .order_by(journal.at, journal.conversation_id, journal.turn)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(statement)
            return [JournalEntry(conversation, turn, message, at) for conversation, turn, message, at in rows]
