"""The callback channel: answers are pushed to an address, from the outbox, until they are taken.

`POST /webhooks/callback/webhook` takes a message at once; each answer goes to the address that was set up for the shop.
"""

import asyncio
from datetime import timedelta

import httpx
import structlog

from xiaoer.clock import Clock
from xiaoer.store import Outbox, OutboxRow

_BATCH = 50
_TIMEOUT_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 300
_log = structlog.get_logger()


class CallbackDelivery:
    """Empties the outbox: each row is posted, in order within its conversation, and tried again when refused."""

    def __init__(self, outbox: Outbox, client: httpx.AsyncClient, clock: Clock) -> None:
        self._outbox = outbox
        self._client = client
        self._clock = clock

    async def run(self, *, pause_seconds: float = 1.0) -> None:
        """Deliver for ever."""
        while True:
            if not await self.deliver_due():
                await asyncio.sleep(pause_seconds)

    async def deliver_due(self) -> int:
        """Deliver what is due now; give how many rows were tried."""
        rows = await self._outbox.due(self._clock.now(), limit=_BATCH)
        for row in rows:
            await self._deliver(row)
        return len(rows)

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            response = await self._client.post(
                row.address,
                content=row.payload,
                headers={"content-type": "application/json", "idempotency-key": str(row.id)},
                timeout=_TIMEOUT_SECONDS,
            )
            response.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            pause = min(_LONGEST_PAUSE_SECONDS, 2**row.attempts)
            _log.warning("callback.failed", row=row.id, attempts=row.attempts, error=type(error).__name__)
            retry_at = self._clock.now() + timedelta(seconds=pause)
            await self._outbox.failed(row.id, retry_at=retry_at, error=type(error).__name__)
        else:
            await self._outbox.delivered([row.id])
