import asyncio
from collections.abc import Awaitable

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from xiaoer.ids import ConversationId, CustomerId
from xiaoer.store import (
    Conversations,
    CustomerRow,
    Customers,
    Database,
    GroupWriter,
    SequenceTakenError,
    StoreBusyError,
    StoreClosedError,
)

from .factories import SHOP, TALK, a_turn


class _RefusedError(Exception):
    """What a unit of a test raises."""


def _a_customer(name: str) -> CustomerRow:
    return CustomerRow(CustomerId(name), name, b"{}")


async def test_a_unit_gives_its_result_and_is_stored(database: Database) -> None:
    customers = Customers(database)

    async def unit(connection: AsyncConnection) -> str:
        await customers.put(connection, SHOP, [_a_customer("li")])
        return "done"

    assert await database.writer.run(unit) == "done"
    assert await customers.find(SHOP, CustomerId("li")) == b"{}"


async def test_a_unit_that_raises_is_undone_alone(database: Database) -> None:
    customers = Customers(database)

    def storing(name: str, *, fails: bool) -> "asyncio.Future[None]":
        async def unit(connection: AsyncConnection) -> None:
            await customers.put(connection, SHOP, [_a_customer(name)])
            if fails:
                raise _RefusedError(name)

        return asyncio.ensure_future(database.writer.run(unit))

    outcomes = await asyncio.gather(
        storing("an", fails=False),
        storing("bo", fails=True),
        storing("cao", fails=False),
        Conversations(database).append(a_turn()),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), _RefusedError, type(None), type(None)]
    assert [await customers.find(SHOP, CustomerId(name)) for name in ("an", "bo", "cao")] == [b"{}", None, b"{}"]
    assert len(await Conversations(database).load(SHOP, TALK)) == 2


async def test_units_and_turns_that_come_at_once_are_stored_beside_a_refused_turn(database: Database) -> None:
    conversations, customers = Conversations(database), Customers(database)
    await conversations.append(a_turn())

    async def unit(connection: AsyncConnection) -> None:
        await customers.put(connection, SHOP, [_a_customer("li")])

    _, refused, other = await asyncio.gather(
        database.writer.run(unit),
        conversations.append(a_turn()),
        conversations.append(a_turn(conversation=ConversationId("c_other"))),
        return_exceptions=True,
    )
    assert isinstance(refused, SequenceTakenError)
    assert other is None
    assert await customers.count(SHOP) == 1


async def test_nothing_of_a_unit_is_seen_before_it_is_committed(database: Database) -> None:
    customers = Customers(database)
    seen: list[bytes | None] = []

    async def unit(connection: AsyncConnection) -> None:
        await customers.put(connection, SHOP, [_a_customer("li")])
        seen.append(await customers.find(SHOP, CustomerId("li")))
        seen.append(await customers.read(connection, SHOP, CustomerId("li")))

    await database.writer.run(unit)
    assert seen == [None, b"{}"]


async def test_a_unit_that_takes_too_long_ends_with_a_timeout_and_the_writer_goes_on(url: str) -> None:
    await (await Database.open(url)).close()
    engine = create_async_engine(url)
    writer = GroupWriter(engine, unit_seconds=0.01)

    async def endless(connection: AsyncConnection) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await writer.run(endless)
    await writer.append(a_turn())
    await writer.close()
    await engine.dispose()


async def test_a_full_queue_refuses_and_what_it_holds_is_stored(url: str) -> None:
    database = await Database.open(url)
    engine = create_async_engine(url)
    writer = GroupWriter(engine, most_waiting=3)
    appends = [writer.append(a_turn(conversation=ConversationId(f"c_{number}"))) for number in range(5)]
    outcomes = await asyncio.gather(*appends, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [StoreBusyError] * 2
    assert len(await Conversations(database).list(SHOP)) == 3
    await writer.close()
    await engine.dispose()
    await database.close()


async def test_closing_stores_what_was_accepted_and_refuses_what_comes_later(url: str) -> None:
    database = await Database.open(url)
    turns = [a_turn(conversation=ConversationId(f"c_{number}")) for number in range(700)]
    appends = asyncio.gather(*(database.writer.append(turn) for turn in turns))
    await asyncio.wait({appends}, timeout=0)
    await database.close()
    assert await appends == [None] * 700
    with pytest.raises(StoreClosedError):
        await database.writer.append(a_turn())
    reopened = await Database.open(url)
    assert len(await Conversations(reopened).list(SHOP, limit=1000)) == 700
    await reopened.close()


async def test_a_caller_that_gives_up_waiting_leaves_the_writer_working(database: Database) -> None:
    impatient = asyncio.ensure_future(database.writer.append(a_turn(conversation=ConversationId("c_impatient"))))
    patient = asyncio.ensure_future(database.writer.append(a_turn()))
    await asyncio.wait({impatient}, timeout=0)
    impatient.cancel()
    await patient
    assert len(await Conversations(database).load(SHOP, TALK)) == 2


async def test_a_unit_that_raises_before_it_waits_harms_nobody_else(database: Database) -> None:
    def unit(connection: AsyncConnection) -> Awaitable[None]:
        raise _RefusedError

    refused, stored = await asyncio.gather(
        database.writer.run(unit), database.writer.append(a_turn()), return_exceptions=True
    )
    assert isinstance(refused, _RefusedError)
    assert stored is None
