import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.access import CountedProofs, ProofLimits, after_try, subject_of
from xiaoer.ids import ConversationId, ShopId
from xiaoer.store import Database, Tries, TryCount

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
SHOP = ShopId("s")
THREE = ProofLimits(3, timedelta(minutes=30))
TARGET = "order/20260612000501"


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = await Database.open(":memory:")
    yield opened
    await opened.close()


async def tried(proofs: CountedProofs, talk: str, *, at: datetime = NOON, target: str = TARGET) -> str:
    return await proofs.admit(ConversationId(talk), target, THREE, at=at)


async def test_a_target_is_closed_over_all_conversations(database: Database) -> None:
    proofs = CountedProofs(Tries(database), SHOP)
    assert [await tried(proofs, f"c{n}") for n in range(5)] == ["open", "open", "last", "closed", "closed"]


async def test_a_conversation_is_closed_whatever_is_tried_in_it(database: Database) -> None:
    proofs = CountedProofs(Tries(database), SHOP)
    assert [await tried(proofs, "c", target=f"order/{n}") for n in range(4)] == ["open", "open", "last", "closed"]
    assert await tried(proofs, "another", target="order/3") == "open"  # what was not looked at does not count


async def test_another_shop_counts_for_itself(database: Database) -> None:
    for _ in range(3):
        await tried(CountedProofs(Tries(database), SHOP), "c")
    assert await tried(CountedProofs(Tries(database), ShopId("other")), "c") == "open"


@pytest.mark.parametrize("most", [3, 50])
async def test_twenty_tries_at_once_count_twenty(database: Database, most: int) -> None:
    proofs, limits = CountedProofs(Tries(database), SHOP), ProofLimits(most, timedelta(minutes=30))
    tries = (proofs.admit(ConversationId(f"c{n}"), TARGET, limits, at=NOON) for n in range(20))
    admitted = await asyncio.gather(*tries)
    found = await Tries(database).find(SHOP, subject_of("target", TARGET))
    assert found is not None
    assert found.count == 20
    assert sum(admission != "closed" for admission in admitted) == min(most, 20)


async def test_the_counts_outlast_a_restart(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/xiaoer.db"
    for expected in ("open", "open", "last", "closed"):
        database = await Database.open(url)
        assert await tried(CountedProofs(Tries(database), SHOP), expected) == expected
        await database.close()


async def test_a_proof_that_succeeds_forgets_the_tries_before_it(database: Database) -> None:
    proofs = CountedProofs(Tries(database), SHOP)
    await tried(proofs, "c1")
    await tried(proofs, "c2")
    await proofs.succeeded(TARGET)
    assert await tried(proofs, "c3") == "open"


async def test_nothing_of_what_was_tried_can_be_read_from_what_is_stored(tmp_path: Path) -> None:
    kept = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/xiaoer.db")
    await CountedProofs(Tries(kept), SHOP).admit(ConversationId("c"), "email/anna@example.com", THREE, at=NOON)
    await kept.close()
    written = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir()))
    assert written
    assert b"anna@example.com" not in written


def test_each_wait_is_twice_as_long_up_to_a_day() -> None:
    count, at, waits = TryCount(0, 0, NOON), NOON, []
    for _ in range(8):
        for _ in range(3):
            count, _admission = after_try(count, THREE, at)
        assert count.closed_until is not None
        waits.append((count.closed_until - at) / timedelta(minutes=30))
        at = count.closed_until
    assert waits == [1, 2, 4, 8, 16, 32, 48, 48]


def test_a_week_of_quiet_forgets() -> None:
    count = TryCount(2, 3, NOON)
    assert after_try(count, THREE, NOON + timedelta(days=7)) == (TryCount(1, 0, NOON + timedelta(days=7)), "open")


@given(
    st.integers(1, 5),
    st.integers(1, 120),
    st.lists(st.integers(0, 100_000), max_size=200),
)
def test_no_more_than_the_limit_is_looked_at_between_two_waits(most: int, minutes: int, pauses: list[int]) -> None:
    limits, at, count, looked_at = ProofLimits(most, timedelta(minutes=minutes)), NOON, TryCount(0, 0, NOON), 0
    for pause in pauses:
        at += timedelta(seconds=pause)
        before = count
        count, admission = after_try(before, limits, at)
        is_shut = before.closed_until is not None and at < before.closed_until
        assert (admission == "closed") == is_shut
        looked_at += admission != "closed"
        if admission == "last":
            assert looked_at <= most
            looked_at = 0
