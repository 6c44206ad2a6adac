"""Conversations: the log of their events, and what a list of them shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct
from sqlalchemy import Row, Select, bindparam, select, tuple_

from xiaoer.events import AnyEvent, decode
from xiaoer.ids import ConversationId, MessageId, ShopId
from xiaoer.store import schema
from xiaoer.store.database import Database
from xiaoer.store.prepared import PreparedQuery
from xiaoer.store.turns import Snapshot, TurnAppend


class StoredEvent(Struct, frozen=True):
    """An event with its place in the conversation (`sequence` counts from 1), its turn, and when it was stored.

    A struct, because several are made for each turn and a frozen dataclass costs five times as much to make.
    """

    sequence: int
    turn: int
    at: datetime
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as a list shows it. `turns` is the number of its last turn."""

    id: ConversationId
    channel: str
    created: datetime
    updated: datetime
    turns: int


Events: TypeAlias = list[AnyEvent]
StoredEvents: TypeAlias = list[StoredEvent]
ConversationRows: TypeAlias = list[ConversationRow]
_EventSelect: TypeAlias = Select[int, int, datetime, str]
_RowSelect: TypeAlias = Select[str, str, datetime, datetime, int]


class Conversations:
    """The event log of every shop's conversations."""

    def __init__(self, database: Database) -> None:
        events = schema.events.c
        self._database = database
        # Made once: putting a statement together costs as much as running it.
        self._all = _events().where(events.sequence > bindparam("sequence"))
        kept = schema.snapshots.c
        self._snapshot = PreparedQuery(
            database,
            select(kept.sequence, kept.fold, kept.state).where(
                kept.shop_id == bindparam("shop"), kept.conversation_id == bindparam("conversation")
            ),
        )
        self._payloads = PreparedQuery(
            database,
            select(events.payload)
            .where(
                events.shop_id == bindparam("shop"),
                events.conversation_id == bindparam("conversation"),
                events.sequence > bindparam("sequence"),
            )
            .order_by(events.sequence),
        )
        self._after = _events().where(events.sequence > bindparam("sequence")).limit(bindparam("most"))
        self._of_message = _events_of_message()

    async def load(self, shop: ShopId, conversation: ConversationId, *, after: int = 0) -> StoredEvents:
        """Read all events in order that follow the sequence `after`; none where there is no such conversation."""
        return await self._read(self._all, {"shop": shop, "conversation": conversation, "sequence": after})

    async def history(self, shop: ShopId, conversation: ConversationId, *, after: int = 0) -> Events:
        """Read the events alone, as `load` does: what a state is folded from."""
        parameters: dict[str, str | int] = {"shop": shop, "conversation": conversation, "sequence": after}
        return [decode(payload) for (payload,) in await self._payloads.rows(parameters)]

    async def snapshot(self, shop: ShopId, conversation: ConversationId) -> Snapshot | None:
        """Find the state that was kept of a conversation, so that not all of its events have to be read."""
        rows = await self._snapshot.rows({"shop": shop, "conversation": conversation})
        return Snapshot(rows[0][0], rows[0][1], rows[0][2].encode()) if rows else None

    async def after(self, shop: ShopId, conversation: ConversationId, sequence: int, *, limit: int) -> StoredEvents:
        """Read at most `limit` events that follow `sequence`."""
        parameters: dict[str, str | int] = {"shop": shop, "conversation": conversation}
        return await self._read(self._after, {**parameters, "sequence": sequence, "most": limit})

    async def turn_of_message(self, shop: ShopId, conversation: ConversationId, message_id: MessageId) -> StoredEvents:
        """Read all events of the turn that took this message; none if it was never taken."""
        parameters = {"shop": shop, "conversation": conversation, "message": message_id}
        return await self._read(self._of_message, parameters)

    async def append(self, turn: TurnAppend) -> None:
        """Store a turn's events as `after` + 1, `after` + 2, …, with all that goes with them, or nothing at all.

        Raises:
            SequenceTakenError: another turn was stored at that place of the conversation.
            MessageRepeatedError: the message was stored before.
            UnstorableTurnError: the turn has no event, or an id holds a NUL.
            StoreBusyError: too much is waiting to be written.
            DatabaseAwayError: the database cannot be reached.
        """
        await self._database.writer.append(turn)

    async def find(self, shop: ShopId, conversation: ConversationId) -> ConversationRow | None:
        """Find a conversation by its id."""
        statement = _rows(shop).where(schema.conversations.c.id == conversation)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else _conversation(row)

    async def list(self, shop: ShopId, *, limit: int = 50, before: ConversationId | None = None) -> ConversationRows:
        """List at most `limit` conversations, the newest first; `before` is the last one of the page before."""
        table = schema.conversations.c
        age = tuple_(table.created_at, table.id)
        statement = _rows(shop).order_by(table.created_at.desc(), table.id.desc()).limit(limit)
        if before is not None:
            last = select(table.created_at, table.id).where(table.shop_id == shop, table.id == before)
            statement = statement.where(age < last.scalar_subquery())
        async with self._database.read() as connection:
            return [_conversation(row) for row in await connection.execute(statement)]

    async def _read(self, statement: _EventSelect, parameters: Mapping[str, str | int]) -> StoredEvents:
        async with self._database.read() as connection:
            rows = (await connection.execute(statement, parameters)).all()
        return [StoredEvent(sequence, turn, at, decode(payload)) for sequence, turn, at, payload in rows]


def _events() -> _EventSelect:
    events = schema.events.c
    return (
        select(events.sequence, events.turn, events.at, events.payload)
        .where(events.shop_id == bindparam("shop"), events.conversation_id == bindparam("conversation"))
        .order_by(events.sequence)
    )


def _events_of_message() -> _EventSelect:
    events, first = schema.events.c, schema.events.alias().c
    found = (
        first.shop_id == bindparam("shop"),
        first.conversation_id == bindparam("conversation"),
        first.message_id == bindparam("message"),
    )
    # The message is its turn's first event, so the events before it need not be read.
    return _events().where(
        events.sequence >= select(first.sequence).where(*found).scalar_subquery(),
        events.turn == select(first.turn).where(*found).scalar_subquery(),
    )


def _rows(shop: ShopId) -> _RowSelect:
    table = schema.conversations.c
    columns = (table.id, table.channel, table.created_at, table.updated_at, table.turns)
    return select(*columns).where(table.shop_id == shop)


def _conversation(row: Row[str, str, datetime, datetime, int]) -> ConversationRow:
    identity, channel, created, updated, turns = row
    return ConversationRow(ConversationId(identity), channel, created, updated, turns)
