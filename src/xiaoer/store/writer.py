"""The one writer: whatever waits to be written at a moment shares one transaction and one flush to disk."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from xiaoer.store.errors import DatabaseAwayError, StoreBusyError, StoreClosedError, StoreError, reaching
from xiaoer.store.turns import TurnAppend, TurnRows, TurnWriter, refusal, rows_of

_T = TypeVar("_T")
Unit: TypeAlias = Callable[[AsyncConnection], Awaitable[_T]]
"""Work to be done inside the writer's transaction; it neither commits nor rolls back."""

_Settle: TypeAlias = Callable[[], None]

_LARGEST_GROUP = 512
_LONGEST_GATHERING_SECONDS = 0.03
_QUIET_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class _WaitingTurn:
    rows: TurnRows
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class _WaitingUnit(Generic[_T]):
    unit: Unit[_T]
    done: asyncio.Future[_T]

    async def run(self, connection: AsyncConnection, seconds: float) -> _Settle:
        """Run the unit in a savepoint; whatever it raises is for its caller and undoes this unit alone."""
        savepoint = await connection.begin_nested()
        task = asyncio.ensure_future(asyncio.wait_for(self._result(connection), seconds))
        await asyncio.wait({task})
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is not None:
            await savepoint.rollback()
            return partial(_refuse, self.done, error)
        await savepoint.commit()
        return partial(_give, self.done, task.result())

    async def _result(self, connection: AsyncConnection) -> _T:
        return await self.unit(connection)


_Waiting: TypeAlias = _WaitingTurn | _WaitingUnit[Any]  # units of every result wait in one queue


class GroupWriter:
    """Holds the one connection that writes, and writes in groups; made and closed by `Database`.

    Whoever waits gets an answer only after the commit: acknowledged means stored. While one group is being flushed
    the next one gathers, so that the busier it is, the less a turn costs. `most_waiting` bounds the queue,
    `unit_seconds` how long a unit may keep the others waiting.
    """

    def __init__(self, engine: AsyncEngine, *, most_waiting: int = 10_000, unit_seconds: float = 30.0) -> None:
        self._engine = engine
        self._place = engine.url.render_as_string()
        self._turns = TurnWriter(engine.dialect)
        self._most_waiting = most_waiting
        self._unit_seconds = unit_seconds
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._connection: AsyncConnection | None = None
        self._is_closing = False
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._work())

    async def run(self, unit: Unit[_T]) -> _T:
        """Run `unit` in a savepoint of the next transaction and return what it gave once that is stored.

        What the unit raises is raised here, and nothing of that unit is stored. It must not wait for another
        unit or append, and a unit that takes too long ends with a TimeoutError.

        Raises:
            StoreBusyError: too much is waiting already.
            StoreClosedError: the database was closed.
            DatabaseAwayError: the database cannot be reached; nothing was stored.
        """
        done: asyncio.Future[_T] = self._loop.create_future()
        self._accept(_WaitingUnit(unit, done))
        return await done

    async def append(self, append: TurnAppend) -> None:
        """Store a turn and return once it is stored.

        Raises:
            SequenceTakenError: another turn was stored at that place of the conversation.
            MessageRepeatedError: the message was stored before.
            UnstorableTurnError: the turn has no event, or an id holds a NUL.
            StoreBusyError: too much is waiting already.
            StoreClosedError: the database was closed.
            DatabaseAwayError: the database cannot be reached; nothing was stored.
        """
        done: asyncio.Future[None] = self._loop.create_future()
        self._accept(_WaitingTurn(rows_of(append), done))
        await done

    async def close(self) -> None:
        """Write what was accepted, accept nothing more, and give the connection back."""
        self._is_closing = True
        self._wake.set()
        await self._task
        await self._drop_connection()

    def _accept(self, waiting: _Waiting) -> None:
        if self._is_closing:
            raise StoreClosedError(f"The database {self._place} was closed.")
        if len(self._waiting) >= self._most_waiting:
            raise StoreBusyError(f"{self._most_waiting} writes wait for {self._place} already. Try again shortly.")
        self._waiting.append(waiting)
        self._wake.set()

    async def _work(self) -> None:
        while self._waiting or not self._is_closing:
            await self._wake.wait()
            await self._gather()
            group = [waiting for waiting in self._waiting[:_LARGEST_GROUP] if not waiting.done.done()]
            del self._waiting[:_LARGEST_GROUP]
            if not self._waiting and not self._is_closing:
                self._wake.clear()
            if group:
                await self._write(group)

    async def _gather(self) -> None:
        """Wait while every round of the event loop brings more: what runs already shares this group's disk flush."""
        deadline, quiet_rounds = self._loop.time() + _LONGEST_GATHERING_SECONDS, 0
        while quiet_rounds < _QUIET_ROUNDS and self._loop.time() < deadline:
            before = len(self._waiting)
            await asyncio.sleep(0)
            quiet_rounds = quiet_rounds + 1 if len(self._waiting) == before else 0

    async def _write(self, group: Sequence[_Waiting]) -> None:
        """Write a group as a task of its own, so that no fault of it ends the writer."""
        task = self._loop.create_task(self._commit(group))
        await asyncio.wait({task})
        error = task.exception()
        if error is None:
            for settle in task.result():
                settle()
            return
        await self._drop_connection()
        for waiting in group:
            _refuse(waiting.done, self._as_ours(error))

    def _as_ours(self, error: BaseException) -> StoreError:
        if isinstance(error, StoreError):
            return error
        ours = DatabaseAwayError(f"{self._place} lost what was being written ({error}). Try again shortly.")
        ours.__cause__ = error
        return ours

    async def _commit(self, group: Sequence[_Waiting]) -> list[_Settle]:
        """Store the group and say how each waiting one is to be told."""
        turns = [waiting for waiting in group if isinstance(waiting, _WaitingTurn)]
        with reaching(self._place):
            connection = await self._connected()
            await connection.begin()
            settles = await self._append_all(connection, turns)
            for waiting in group:
                if isinstance(waiting, _WaitingUnit):
                    settles.append(await waiting.run(connection, self._unit_seconds))
            await connection.commit()
        return settles

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection

    async def _append_all(self, connection: AsyncConnection, turns: Sequence[_WaitingTurn]) -> list[_Settle]:
        if not turns:
            return []
        try:
            await self._turns.write(connection, [turn.rows for turn in turns])
        except IntegrityError as error:
            await connection.rollback()
            await connection.begin()
            return await self._append_split(connection, turns, error)
        return [partial(_give, turn.done, None) for turn in turns]

    async def _append_split(
        self, connection: AsyncConnection, turns: Sequence[_WaitingTurn], error: IntegrityError
    ) -> list[_Settle]:
        """Halve until the guilty ones stand alone: one among 512 costs 18 small writes, not 512."""
        if len(turns) == 1:
            return [partial(_refuse, turns[0].done, await refusal(connection, turns[0].rows.turn, error))]
        middle = len(turns) // 2
        settles: list[_Settle] = []
        for half in (turns[:middle], turns[middle:]):
            settles += await self._append_half(connection, half)
        return settles

    async def _append_half(self, connection: AsyncConnection, turns: Sequence[_WaitingTurn]) -> list[_Settle]:
        savepoint = await connection.begin_nested()
        try:
            await self._turns.write(connection, [turn.rows for turn in turns])
        except IntegrityError as error:
            await savepoint.rollback()
            return await self._append_split(connection, turns, error)
        await savepoint.commit()
        return [partial(_give, turn.done, None) for turn in turns]

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()


def _give(done: asyncio.Future[_T], result: _T) -> None:
    if not done.done():
        done.set_result(result)


def _refuse(done: asyncio.Future[Any], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
