"""Who watches a conversation right now: stored turns are handed to every open socket of it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from xiaoer.ids import ConversationId
from xiaoer.store import StoredEvent

_WAITING_TURNS = 64


class Watch:
    """One watcher's queue of stored turns; it is `lost` when it could not keep up and must read the log again."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Sequence[StoredEvent]] = asyncio.Queue(_WAITING_TURNS)
        self.is_lost = False

    def put(self, events: Sequence[StoredEvent]) -> None:
        """Hand over a stored turn."""
        if self._queue.full():
            self.is_lost = True
        else:
            self._queue.put_nowait(events)

    async def next(self) -> Sequence[StoredEvent]:
        """Wait for the next turn."""
        return await self._queue.get()


class Live:
    """All watchers of this process, by conversation."""

    def __init__(self) -> None:
        self._watches: dict[ConversationId, set[Watch]] = {}

    def deliver(self, conversation: ConversationId, events: Sequence[StoredEvent]) -> None:
        """Hand a stored turn to all who watch the conversation."""
        for watch in self._watches.get(conversation, ()):
            watch.put(events)

    @contextmanager
    def watch(self, conversation: ConversationId) -> Iterator[Watch]:
        """Watch a conversation."""
        watch = Watch()
        self._watches.setdefault(conversation, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[conversation]
            watches.discard(watch)
            if not watches:
                del self._watches[conversation]
