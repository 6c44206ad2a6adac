"""A turn as it is handed over to be stored, and the writing of many turns at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TypeAlias

from sqlalchemy import Dialect, and_, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.events import AnyEvent, encode
from xiaoer.ids import ConversationId, CustomerId, MessageId, ShopId
from xiaoer.store import schema, sqlite
from xiaoer.store.errors import MessageRepeatedError, SequenceTakenError, UnstorableTurnError
from xiaoer.store.moments import to_micros

_Row: TypeAlias = tuple[str | int | bytes | None, ...]


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Something to be delivered once the turn is stored: to which address of which channel."""

    channel: str
    address: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """The customer wants to be told once it is so of a subject; answers are pushed to the address, if there is one."""

    customer: CustomerId
    subject: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a fold, named by `fold`, gave after the event `sequence`: its state as JSON."""

    sequence: int
    fold: str
    state: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAppend:
    """One turn's events, at least one, which follow the conversation's event `after` (0 before the first).

    `turn` counts from 1. `closes_journal` takes back what the journal noted for this turn. `snapshot` is the state
    after it, where one is to be kept.
    """

    shop: ShopId
    conversation: ConversationId
    after: int
    turn: int
    at: datetime
    events: Sequence[AnyEvent]
    channel: str
    message_id: MessageId | None = None
    outbox: Sequence[OutboxItem] = ()
    notices: Sequence[NoticeItem] = ()
    closes_journal: bool = False
    snapshot: Snapshot | None = None


@dataclass(frozen=True, slots=True)
class TurnRows:
    """A turn as rows, each in the order of its table's columns."""

    turn: TurnAppend
    events: Sequence[_Row]
    conversation: _Row
    outbox: Sequence[_Row]
    notices: Sequence[_Row]
    snapshots: Sequence[_Row]


def rows_of(turn: TurnAppend) -> TurnRows:
    """Write a turn as rows, so that what cannot be written fails alone and early.

    Raises:
        UnstorableTurnError: there is no event, or an id holds a NUL, which PostgreSQL cannot keep.
    """
    shop, conversation, number = turn.shop, turn.conversation, turn.turn
    at, message_id = to_micros(turn.at), turn.message_id
    if not turn.events or "\0" in f"{shop}{conversation}{turn.channel}{message_id}":
        raise UnstorableTurnError(f"Turn {number} of {conversation!r} needs an event, and ids without NUL.")
    events: list[_Row] = []
    for sequence, event in enumerate(turn.events, turn.after + 1):
        kind = str(event.__struct_config__.tag)
        events.append((shop, conversation, sequence, number, at, kind, message_id, encode(event).decode()))
        message_id = None  # stands at the turn's first event only
    outbox = [(shop, conversation, item.channel, item.address, item.payload, at, 0, "") for item in turn.outbox]
    notices = [(shop, it.customer, it.subject, conversation, turn.channel, it.address, at) for it in turn.notices]
    kept = turn.snapshot
    snapshots = [] if kept is None else [(shop, conversation, kept.sequence, kept.fold, kept.state.decode())]
    return TurnRows(turn, events, (shop, conversation, turn.channel, at, at, number), outbox, notices, snapshots)


class TurnWriter:
    """Writes many turns with one statement a table, in the words of one engine.

    The statements are made once and given to the driver as tuples: SQLAlchemy's own way from a row to the driver
    would cost as much as storing it.
    """

    def __init__(self, dialect: Dialect) -> None:
        updates = schema.upsert(schema.conversations, replacing=["updated_at", "turns"])
        snapshots = schema.upsert(schema.snapshots, replacing=["sequence", "fold", "state"])
        notices = schema.upsert(schema.notices, replacing=["conversation_id", "channel", "address", "asked_at"])
        outbox = insert(schema.outbox).values(
            {column.name: bindparam(column.name) for column in schema.outbox.columns if column.name != "id"}
        )
        self._is_sqlite = dialect.name == "sqlite"
        self._events = self._insert(schema.driver_sql(insert(schema.events), dialect))
        self._conversations = self._insert(schema.driver_sql(updates, dialect))
        self._snapshots = schema.driver_sql(snapshots, dialect)
        self._notices = schema.driver_sql(notices, dialect)
        self._outbox = schema.driver_sql(outbox.inline(), dialect)

    async def write(self, connection: AsyncConnection, turns: Sequence[TurnRows]) -> None:
        """Write all of them, in order, or none.

        Raises:
            sqlalchemy.exc.IntegrityError: one of them cannot be appended; the transaction is to be rolled back.
        """
        await self._execute(connection, self._events, list(chain.from_iterable(turn.events for turn in turns)))
        await self._execute(connection, self._conversations, [turn.conversation for turn in turns])
        if items := list(chain.from_iterable(turn.outbox for turn in turns)):
            await connection.exec_driver_sql(self._outbox, items)
        if asked := list(chain.from_iterable(turn.notices for turn in turns)):
            await connection.exec_driver_sql(self._notices, asked)
        if kept := list(chain.from_iterable(turn.snapshots for turn in turns)):
            await connection.exec_driver_sql(self._snapshots, kept)
        if closing := [turn.turn for turn in turns if turn.turn.closes_journal]:
            await _close_journal(connection, closing)

    def _insert(self, sql: str) -> str:
        return sqlite.from_json(sql) if self._is_sqlite else sql

    async def _execute(self, connection: AsyncConnection, sql: str, rows: Sequence[_Row]) -> None:
        if self._is_sqlite:
            await sqlite.insert_many(connection, sql, rows)
        else:
            await connection.exec_driver_sql(sql, rows)


async def _close_journal(connection: AsyncConnection, turns: Sequence[TurnAppend]) -> None:
    journal = schema.journal.c
    statement = delete(schema.journal).where(
        journal.shop_id == bindparam("shop"),
        journal.conversation_id == bindparam("conversation"),
        journal.turn <= bindparam("number"),  # one noted by a try that another turn overtook goes as well
    )
    keys = [{"shop": turn.shop, "conversation": turn.conversation, "number": turn.turn} for turn in turns]
    await connection.execute(statement, keys)


async def refusal(
    connection: AsyncConnection, turn: TurnAppend, error: IntegrityError
) -> MessageRepeatedError | SequenceTakenError | IntegrityError:
    """Find out why a turn could not be appended: a repeated message weighs more than a taken sequence."""
    events = schema.events.c
    same = and_(events.shop_id == turn.shop, events.conversation_id == turn.conversation)
    if turn.message_id is not None:
        taken = await connection.scalar(select(events.turn).where(same, events.message_id == turn.message_id))
        if taken is not None:
            return MessageRepeatedError(taken, f"{turn.message_id!r} of {turn.conversation}")
    last = turn.after + len(turn.events)
    within = events.sequence.between(turn.after + 1, last)
    if await connection.scalar(select(events.sequence).where(same, within).limit(1)) is None:
        return error
    return SequenceTakenError(
        f"Event {turn.after + 1} of {turn.conversation} was stored by another turn: load it again and retry."
    )
