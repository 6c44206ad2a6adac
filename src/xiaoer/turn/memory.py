"""States of conversations kept between turns, and one turn at a time for each conversation.

A kept state is only a shortcut: the event log decides. A turn built on a stale state is refused by the log's unique
sequence, and the state is loaded again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from xiaoer.events import Conversation, decode_state, encode_state, fold, fold_version
from xiaoer.ids import ConversationId, ShopId
from xiaoer.store import Conversations, Snapshot

_EVENTS_BETWEEN_SNAPSHOTS = 25
"""Five turns or so: to fold so many takes a part of what it takes to understand a message."""


class Memory:
    """The states of the conversations that were active last."""

    def __init__(self, conversations: Conversations, shop: ShopId, *, capacity: int) -> None:
        self._conversations = conversations
        self._shop = shop
        self._capacity = capacity
        self._states: OrderedDict[ConversationId, Conversation] = OrderedDict()
        self._snapshots_at: dict[ConversationId, int] = {}
        self._misjudged: set[ConversationId] = set()
        self._locks: dict[ConversationId, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, conversation: ConversationId) -> AsyncIterator[None]:
        """Let no other turn of this conversation run in this process meanwhile; later ones queue in order."""
        lock, users = self._locks.get(conversation, (None, 0))
        lock = lock or asyncio.Lock()
        self._locks[conversation] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(conversation)
            if users > 1:
                self._locks[conversation] = (lock, users - 1)

    def remembers(self, conversation: ConversationId) -> bool:
        """Say whether the state is kept: no other process's end has to be reckoned with since this one's last turn."""
        return conversation in self._states

    async def state(self, conversation: ConversationId, *, may_be_new: bool = False) -> Conversation:
        """Give the state, from memory or by folding the log.

        A conversation that `may_be_new` and is not remembered is taken for new without a look at the log: nothing can
        be changed in the shop from an empty state, and if it was not new, the log refuses the turn.
        """
        kept = self._states.get(conversation)
        if kept is not None:
            self._states.move_to_end(conversation)
            return kept
        if may_be_new and conversation not in self._misjudged:
            return Conversation()
        return await self._loaded(conversation)

    async def _loaded(self, conversation: ConversationId) -> Conversation:
        """Fold the log, from the snapshot on if this version's fold has made it."""
        kept, start = await self._conversations.snapshot(self._shop, conversation), Conversation()
        if kept is not None and kept.fold == fold_version():
            start = decode_state(kept.state)
        self._snapshots_at[conversation] = start.sequence
        return fold(await self._conversations.history(self._shop, conversation, after=start.sequence), start)

    def due_snapshot(self, conversation: ConversationId, state: Conversation) -> Snapshot | None:
        """Give a state as a snapshot if the last one is long ago."""
        if state.sequence - self._snapshots_at.get(conversation, 0) < _EVENTS_BETWEEN_SNAPSHOTS:
            return None
        return Snapshot(state.sequence, fold_version(), encode_state(state))

    def keep(self, conversation: ConversationId, state: Conversation, snapshot: Snapshot | None = None) -> None:
        """Remember a state that is stored, with or without a snapshot."""
        if snapshot is not None:
            self._snapshots_at[conversation] = snapshot.sequence
        self._misjudged.discard(conversation)
        self._states[conversation] = state
        self._states.move_to_end(conversation)
        while len(self._states) > self._capacity:
            self._snapshots_at.pop(self._states.popitem(last=False)[0], None)

    def forget(self, conversation: ConversationId) -> None:
        """Drop a state that turned out to be stale; the next one is read from the log."""
        self._states.pop(conversation, None)
        self._misjudged.add(conversation)
