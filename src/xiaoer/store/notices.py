"""Notices: who wants to be told of what, stored with the turn that says so and kept until it was told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ConversationId, CustomerId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Somebody wants to be told, in a conversation, once it is so of a `subject`: a variant is in stock.

    `address` is where answers on the conversation's channel are pushed to, empty where they are not.
    """

    customer: CustomerId
    subject: str
    conversation: ConversationId
    channel: str
    address: str
    asked_at: datetime


class Notices:
    """What `TurnAppend.notices` left to be told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, shop: ShopId, *, limit: int, after: NoticeRow | None = None) -> list[NoticeRow]:
        """List at most `limit` of a shop's notices by customer and subject; `after` is the last of the page before."""
        table = schema.notices.c
        key = tuple_(table.customer_id, table.subject)
        columns = (column for column in table if column.name != "shop_id")
        statement = select(*columns).where(table.shop_id == shop).order_by(table.customer_id, table.subject)
        if after is not None:
            statement = statement.where(key > (after.customer, after.subject))
        async with self._database.read() as connection:
            return [NoticeRow(*row) for row in await connection.execute(statement.limit(limit))]

    async def forget(self, shop: ShopId, row: NoticeRow) -> None:
        """Forget a notice; one that was asked for anew meanwhile stays."""
        table = schema.notices.c
        same = (table.customer_id == row.customer, table.subject == row.subject, table.asked_at == row.asked_at)

        async def forget(connection: AsyncConnection) -> None:
            await connection.execute(delete(schema.notices).where(table.shop_id == shop, *same))

        await self._database.writer.run(forget)
