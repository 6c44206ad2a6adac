import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ConversationId
from xiaoer.store import Conversations, Database, DatabaseAwayError, SequenceTakenError

from .factories import SHOP, TALK, a_turn


@contextmanager
def _locked_by_another(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def test_what_was_stored_is_there_after_reopening(url: str) -> None:
    database = await Database.open(url)
    await Conversations(database).append(a_turn())
    await database.close()
    reopened = await Database.open(url)
    assert len(await Conversations(reopened).load(SHOP, TALK)) == 2
    await reopened.close()


async def test_a_database_in_memory_stands_alone() -> None:
    first, second = await Database.open(":memory:"), await Database.open(":memory:")
    await Conversations(first).append(a_turn())
    assert await Conversations(second).load(SHOP, TALK) == []
    await first.close()
    await second.close()


async def test_a_stored_turn_is_flushed_to_the_disk(url: str) -> None:
    database = await Database.open(url)

    async def safety(connection: AsyncConnection) -> tuple[object, object]:
        return await connection.scalar(text("PRAGMA journal_mode")), await connection.scalar(text("PRAGMA synchronous"))

    assert await database.writer.run(safety) == ("wal", 2)
    await database.close()


async def test_several_read_at_once_while_one_writes(url: str) -> None:
    database = await Database.open(url)
    conversations = Conversations(database)
    await conversations.append(a_turn())
    async with database.read(), database.read(), database.read():
        await conversations.append(a_turn(after=2, turn=2))
        assert len(await conversations.load(SHOP, TALK)) == 4
    await database.close()


async def test_a_reader_cannot_write(url: str) -> None:
    database = await Database.open(url)
    with pytest.raises(DatabaseAwayError, match="readonly"):
        async with database.read() as connection:
            await connection.execute(text("DELETE FROM events"))
    await database.close()


async def test_a_file_locked_for_too_long_is_away_and_serves_again_once_it_is_free(url: str, tmp_path: Path) -> None:
    database = await Database.open(url, busy_timeout_seconds=0.02)
    conversations = Conversations(database)
    with _locked_by_another(tmp_path / "data" / "xiaoer.db"):
        refused = await asyncio.gather(
            conversations.append(a_turn()),
            conversations.append(a_turn(conversation=ConversationId("c_other"))),
            return_exceptions=True,
        )
        assert [type(error) for error in refused] == [DatabaseAwayError] * 2
        assert await conversations.load(SHOP, TALK) == []
    await conversations.append(a_turn())
    assert len(await conversations.load(SHOP, TALK)) == 2
    await database.close()


async def test_a_file_that_is_no_database_cannot_be_opened(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database at all, but long enough to be looked at as one" * 20)
    with pytest.raises(DatabaseAwayError, match="not a database"):
        await Database.open(f"sqlite+aiosqlite:///{file}")


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseAwayError):
        await Database.open(f"sqlite+aiosqlite:///{tmp_path}/file/xiaoer.db")


async def test_replicas_that_open_a_new_database_together_share_it(url: str) -> None:
    replicas = await asyncio.gather(*(Database.open(url) for _ in range(4)))
    await Conversations(replicas[0]).append(a_turn())
    assert len(await Conversations(replicas[3]).load(SHOP, TALK)) == 2
    for replica in replicas:
        await replica.close()


async def test_of_two_replicas_that_append_at_one_place_exactly_one_wins(url: str) -> None:
    replicas = [await Database.open(url), await Database.open(url)]
    logs = [Conversations(replica) for replica in replicas]
    places = [(ConversationId(f"c_{number}"), after) for after in (0, 2, 4) for number in range(8)]
    for conversation, after in places:
        rivals = [
            a_turn(conversation=conversation, after=after, turn=after // 2 + 1, message_id=f"m{after}-{replica}")
            for replica in range(2)
        ]
        outcomes = await asyncio.gather(
            *(log.append(turn) for log, turn in zip(logs, rivals, strict=True)), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {type(None), SequenceTakenError}
    for number in range(8):
        stored = await logs[0].load(SHOP, ConversationId(f"c_{number}"))
        assert [event.sequence for event in stored] == [1, 2, 3, 4, 5, 6]
    for replica in replicas:
        await replica.close()
