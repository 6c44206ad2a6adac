"""Effects: what each change of the shop gave, so that a turn run again changes nothing twice."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ActionKey, ShopId
from xiaoer.store import schema


class Effects:
    """Remembers by its key what a change of the shop gave."""

    async def once(
        self,
        connection: AsyncConnection,
        shop: ShopId,
        key: ActionKey,
        change: Callable[[], Awaitable[bytes]],
        at: datetime,
    ) -> bytes:
        """Give what the change named `key` gave before, or else make it and remember what it gave.

        `connection` is a writer unit's, so that the change and its memory are stored together or not at all.
        """
        effects = schema.effects
        known = select(effects.c.outcome).where(effects.c.shop_id == shop, effects.c.key == key)
        outcome: bytes | None = await connection.scalar(known)
        if outcome is not None:
            return outcome
        given = await change()
        await connection.execute(insert(effects), {"shop_id": shop, "key": key, "outcome": given, "at": at})
        return given
