import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from pathlib import Path
from random import Random

import pytest

from xiaoer.app import Joined
from xiaoer.events import MessageReceived, Replied
from xiaoer.ids import ConversationId
from xiaoer.pack import Pack
from xiaoer.store import StoredEvent
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, Guest, joined_with, order_in, settings_for
from xiaoer.turn import ConflictError, TurnResult

_CONVERSATIONS, _MESSAGES = 10, 30
_TEXTS = ("你好", "谢谢", "取消订单", "拍错了", "算了", "我的快递到哪了", "第一个")


@pytest.fixture
async def replicas(shop_pack: Pack, tmp_path: Path) -> AsyncIterator[tuple[Joined, Joined]]:
    """Two whole Xiaoers on one database file, as two processes would be."""
    settings = settings_for(tmp_path, url=f"sqlite+aiosqlite:///{tmp_path}/shared.db")
    async with (
        joined_with(a_shop_reader(), shop_pack, settings) as one,
        joined_with(a_shop_reader(), shop_pack, settings, has_demo=False) as other,
    ):
        yield one, other


def turns_of(log: Sequence[StoredEvent]) -> list[list[StoredEvent]]:
    """The turns of a log, in the order in which they stand there."""
    return [list(turn) for _, turn in groupby(log, key=lambda item: item.turn)]


def expect_unmixed(log: Sequence[StoredEvent]) -> None:
    assert [item.sequence for item in log] == list(range(1, len(log) + 1))
    for turn in turns_of(log):
        assert {item.turn for item in turn} == {turn[0].sequence}
        assert isinstance(turn[-1].event, Replied)
        assert sum(isinstance(item.event, MessageReceived) for item in turn) == 1


def ids_in(log: Sequence[StoredEvent]) -> list[str | None]:
    return [item.event.message_id for item in log if isinstance(item.event, MessageReceived)]


async def test_messages_sent_at_once_are_served_one_after_the_other_in_their_order(joined: Joined) -> None:
    guest = Guest(joined.turns, customer=FIRST_CUSTOMER)
    await guest.say("你好", "first")
    wanted = [str(number) for number in range(40)]
    await asyncio.gather(*(guest.say(_TEXTS[int(name) % len(_TEXTS)], name) for name in wanted))
    log = await joined.conversations.load(DEMO_SHOP, GUEST)
    assert [name for name in ids_in(log) if name != "first"] == wanted
    assert len({item.turn for item in log}) == 41
    assert [item.sequence for item in log] == list(range(1, len(log) + 1))


async def test_the_same_message_sent_at_once_is_served_once(joined: Joined) -> None:
    results = await asyncio.gather(*(Guest(joined.turns).say("你好", "m1") for _ in range(10)))
    assert len({result.replies for result in results}) == 1
    assert Counter(result.is_repeat for result in results) == {False: 1, True: 9}


async def test_two_replicas_writing_the_same_conversations_mix_nothing(replicas: tuple[Joined, Joined]) -> None:
    chance = Random(20261121)  # noqa: S311 - chooses messages
    conversations = [ConversationId(f"c_{number}") for number in range(_CONVERSATIONS)]

    async def write(conversation: ConversationId, number: int) -> TurnResult:
        guest = Guest(replicas[number % 2].turns, conversation)
        text = chance.choice(_TEXTS)
        while True:
            try:
                return await guest.say(text, f"m{number}")
            except ConflictError:  # nothing was stored: the client sends it again
                continue

    for start in range(0, _MESSAGES, 6):
        numbers = range(start, start + 6)
        await asyncio.gather(*(write(conversation, n) for conversation in conversations for n in numbers))
    for conversation in conversations:
        log = await replicas[0].conversations.load(DEMO_SHOP, conversation)
        expect_unmixed(log)
        assert sorted(map(str, ids_in(log))) == sorted(f"m{number}" for number in range(_MESSAGES))


@pytest.mark.parametrize("ids", [("yes", "yes"), ("yes 1", "yes 2")], ids=["repeated", "said twice"])
async def test_a_yes_on_two_replicas_at_once_changes_the_shop_once(
    replicas: tuple[Joined, Joined], ids: tuple[str, str]
) -> None:
    one, other = replicas
    order = await order_in(one.records, "paid")
    guests = [Guest(replica.turns, GUEST, FIRST_CUSTOMER) for replica in replicas]
    await guests[0].say(f"取消订单 {order.id}")
    await guests[1].say("拍错了")
    await asyncio.gather(*(guest.say("确认", id_) for guest, id_ in zip(guests, ids, strict=True)))
    changed = await order_in(other.records, "cancelled")
    assert changed.id == order.id
    assert [entry.action for entry in changed.history].count("cancel") == 1
    assert len(changed.refunds) == 1
