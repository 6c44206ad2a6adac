import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import ActionKey, ConversationId, ShopId
from xiaoer.store import Conversations, Database, Effects, Journal, JournalEntry, Outbox, OutboxItem, SequenceTakenError

from .factories import NOON, SHOP, TALK, a_turn, later

_KEY = ActionKey("c_talk/7/refund")


async def test_a_noted_turn_is_unfinished_until_it_is_stored(database: Database) -> None:
    journal = Journal(database)
    await journal.open(SHOP, TALK, 1, b"refund please", NOON)
    assert await journal.unfinished(SHOP) == [JournalEntry(TALK, 1, b"refund please", NOON)]
    await Conversations(database).append(a_turn(closes_journal=True))
    assert await journal.unfinished(SHOP) == []


async def test_a_turn_noted_again_keeps_its_first_note(database: Database) -> None:
    journal = Journal(database)
    await journal.open(SHOP, TALK, 1, b"first", NOON)
    await journal.open(SHOP, TALK, 1, b"second", later(1))
    assert [entry.message for entry in await journal.unfinished(SHOP)] == [b"first"]


async def test_a_refused_turn_keeps_its_note(database: Database) -> None:
    journal = Journal(database)
    await Conversations(database).append(a_turn())
    await journal.open(SHOP, TALK, 1, b"refund please", NOON)
    with pytest.raises(SequenceTakenError):
        await Conversations(database).append(a_turn(closes_journal=True))
    assert len(await journal.unfinished(SHOP)) == 1


async def test_notes_of_other_turns_conversations_and_shops_stay(database: Database) -> None:
    journal, other_shop, other_talk = Journal(database), ShopId("other"), ConversationId("c_other")
    for shop, conversation, turn in ((SHOP, TALK, 2), (SHOP, other_talk, 1), (other_shop, TALK, 1)):
        await journal.open(shop, conversation, turn, b"", NOON)
    await Conversations(database).append(a_turn(closes_journal=True))
    assert [(entry.conversation, entry.turn) for entry in await journal.unfinished(SHOP)] == [
        (other_talk, 1),
        (TALK, 2),
    ]
    assert len(await journal.unfinished(other_shop)) == 1


class _Refund:
    """A change of the shop that counts how often it was made."""

    def __init__(self, *, fails: bool = False) -> None:
        self.times = 0
        self._fails = fails

    async def __call__(self) -> bytes:
        self.times += 1
        if self._fails:
            raise ConnectionError
        return b"refunded %d" % self.times


async def _once(database: Database, refund: _Refund, *, shop: ShopId = SHOP) -> bytes:
    async def unit(connection: AsyncConnection) -> bytes:
        return await Effects().once(connection, shop, _KEY, refund, NOON)

    return await database.writer.run(unit)


async def test_the_same_key_changes_the_shop_once_and_gives_the_same_outcome(database: Database) -> None:
    refund = _Refund()
    outcomes = [await _once(database, refund), *await asyncio.gather(*(_once(database, refund) for _ in range(3)))]
    assert outcomes == [b"refunded 1"] * 4
    assert refund.times == 1


async def test_a_change_that_failed_may_be_made_again(database: Database) -> None:
    with pytest.raises(ConnectionError):
        await _once(database, _Refund(fails=True))
    assert await _once(database, _Refund()) == b"refunded 1"


async def test_the_same_key_of_another_shop_is_another_change(database: Database) -> None:
    refund = _Refund()
    assert await _once(database, refund) != await _once(database, refund, shop=ShopId("other"))


def _an_item(text: str) -> OutboxItem:
    return OutboxItem(channel="wechat", address="openid", payload=text.encode() + b"\xff\x00")


async def _say(database: Database, *texts: str, conversation: ConversationId = TALK, turn: int = 1) -> None:
    items = [_an_item(text) for text in texts]
    await Conversations(database).append(
        a_turn(conversation=conversation, after=2 * turn - 2, turn=turn, at=later(turn), outbox=items)
    )


async def _due(database: Database, at: float) -> list[str]:
    return [row.payload[:-2].decode() for row in await Outbox(database).due(later(at))]


async def test_what_a_turn_says_is_due_in_order_one_at_a_time(database: Database) -> None:
    outbox, told = Outbox(database), []
    await _say(database, "a", "b")
    await _say(database, "c", turn=2)
    while rows := await outbox.due(later(9)):
        told += [row.payload[:-2].decode() for row in rows]
        await outbox.delivered([row.id for row in rows])
    assert told == ["a", "b", "c"]


async def test_conversations_do_not_wait_for_each_other(database: Database) -> None:
    await _say(database, "a", "b")
    await _say(database, "x", conversation=ConversationId("c_other"))
    assert await _due(database, 9) == ["a", "x"]


async def test_nothing_is_due_before_its_time(database: Database) -> None:
    await _say(database, "a")
    assert await _due(database, 0) == []


async def test_a_failed_delivery_is_tried_again_later_and_holds_back_what_follows(database: Database) -> None:
    outbox = Outbox(database)
    await _say(database, "a", "b")
    (row,) = await outbox.due(later(9))
    await outbox.failed(row.id, retry_at=later(60), error="503")
    assert await _due(database, 59) == []
    (again,) = await outbox.due(later(60))
    assert (again.id, again.attempts, again.address) == (row.id, 1, "openid")
    await outbox.delivered([again.id])
    assert await _due(database, 60) == ["b"]


async def test_a_refused_turn_leaves_nothing_to_deliver(database: Database) -> None:
    await _say(database)
    with pytest.raises(SequenceTakenError):
        await _say(database, "a")
    assert await _due(database, 9) == []
