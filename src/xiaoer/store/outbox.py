"""The outbox: what is to be delivered, stored with the turn that says it and kept until it has arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ConversationId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to be delivered; `attempts` is how often that has failed."""

    id: int
    shop: ShopId
    conversation: ConversationId
    channel: str
    address: str
    payload: bytes
    attempts: int


class Outbox:
    """What `TurnAppend.outbox` left to be delivered, of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, *, limit: int = 100) -> list[OutboxRow]:
        """List at most `limit` rows to be delivered now, the oldest first.

        Of each conversation only the oldest row is given: the next one follows when that has arrived, so that no
        answer overtakes another, also where one has to be tried again.
        """
        table, older = schema.outbox, schema.outbox.alias()
        waits = exists().where(
            older.c.shop_id == table.c.shop_id,
            older.c.conversation_id == table.c.conversation_id,
            older.c.id < table.c.id,
        )
        columns = (column for column in table.columns if column.name not in ("due_at", "error"))
        statement = select(*columns).where(table.c.due_at <= now, ~waits).order_by(table.c.id).limit(limit)
        async with self._database.read() as connection:
            return [OutboxRow(*row) for row in await connection.execute(statement)]

    async def delivered(self, ids: Sequence[int]) -> None:
        """Forget rows that have arrived."""

        async def forget(connection: AsyncConnection) -> None:
            await connection.execute(delete(schema.outbox).where(schema.outbox.c.id.in_(ids)))

        await self._database.writer.run(forget)

    async def failed(self, id: int, *, retry_at: datetime, error: str) -> None:
        """Count a failed attempt and put the next one off until `retry_at`; the conversation's later rows wait too."""
        table = schema.outbox.c
        change = update(schema.outbox).where(table.id == id)
        change = change.values(attempts=table.attempts + 1, due_at=retry_at, error=error)

        async def put_off(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.writer.run(put_off)
