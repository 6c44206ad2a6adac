from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from xiaoer.app import Joined
from xiaoer.events import AnyEvent, Replied, Understood, decode
from xiaoer.pack import Pack, ReplyTemplate
from xiaoer.shop import Order
from xiaoer.testing.reader import KeywordReader, a_shop_reader
from xiaoer.testing.server import (
    DEMO_SHOP,
    FIRST_CUSTOMER,
    GUEST,
    Guest,
    a_release,
    joined_with,
    order_in,
    settings_for,
)
from xiaoer.trial import Replayer, ReplayReport


@pytest.fixture
async def joined(shop_pack: Pack, tmp_path: Path) -> AsyncIterator[Joined]:
    async with joined_with(a_shop_reader(), shop_pack, settings_for(tmp_path)) as parts:
        yield parts


@pytest.fixture
async def orders_after(joined: Joined) -> Sequence[Order]:
    """Hold a conversation with a sign-in, a question in between, a change of the shop and a rating."""
    order = await order_in(joined.records, "paid")
    await joined.turns.open(GUEST, "web")
    guest = Guest(joined.turns)
    await guest.say(f"取消订单 {order.id}", "m1")
    await joined.turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")
    for text in ("满多少包邮", "拍错了", "确认", "谢谢"):
        await guest.say(text)
    await joined.turns.rate(GUEST, 5, "")
    assert (await joined.turns.state(GUEST)).said_names["cancel_done"] == 1
    return await joined.records.orders()


def pack_saying(pack: Pack, name: str, words: str) -> Pack:
    """The pack with one reply that says something else."""
    template = ReplyTemplate.model_validate({"name": name, "warm": [words]})
    return replace(pack, replies={**pack.replies, name: template})


async def test_the_same_pack_and_model_give_the_same_events(joined: Joined, orders_after: Sequence[Order]) -> None:
    report = await Replayer(joined.turn_parts, joined.releases.current).replay(GUEST)
    stored = await joined.conversations.load(DEMO_SHOP, GUEST)
    assert report == ReplayReport(GUEST, turns=5, events=len(stored), differences=())
    assert orders_after


async def test_a_changed_reply_is_the_one_difference(joined: Joined, orders_after: Sequence[Order]) -> None:
    current = joined.releases.current
    changed = a_release(pack_saying(current.pack, "thanks", "别客气啦"), current.reader, current.shop)
    (difference,) = (await Replayer(joined.turn_parts, changed).replay(GUEST)).differences
    before, after = replied(difference.before), replied(difference.after)
    assert [reply.name for reply in before.replies] == [reply.name for reply in after.replies] == ["thanks"]
    assert [reply.text for reply in after.replies] == ["别客气啦"]
    stored = {item.sequence: item.event for item in await joined.conversations.load(DEMO_SHOP, GUEST)}
    assert stored[difference.sequence] == before


def replied(json: str) -> Replied:
    event: AnyEvent = decode(json)
    assert isinstance(event, Replied)
    return event


async def test_another_model_shows_where_it_reads_otherwise(joined: Joined, orders_after: Sequence[Order]) -> None:
    reader = KeywordReader({"取消": "order.cancel", "包邮": "delivery.fee"}, {"order_id": r"20[0-9]{12}"})
    other = replace(joined.releases.current, reader=reader)
    report = await Replayer(joined.turn_parts, other).replay(GUEST)
    first = decode(report.differences[0].before)
    assert isinstance(first, Understood)
    assert first.reading.intent.name == "thanks"
    assert {difference.turn for difference in report.differences} == {report.differences[0].turn}


async def test_a_replay_never_touches_the_shop_or_the_log(joined: Joined, orders_after: Sequence[Order]) -> None:
    before = await joined.conversations.load(DEMO_SHOP, GUEST)
    current = joined.releases.current
    again = a_release(pack_saying(current.pack, "cancel_confirm", "取消吗"), current.reader, current.shop)
    for release in (current, again):
        await Replayer(joined.turn_parts, release).replay(GUEST)
    assert await joined.records.orders() == orders_after
    assert await joined.conversations.load(DEMO_SHOP, GUEST) == before
    assert await joined.turn_parts.journal.unfinished(DEMO_SHOP) == []


async def test_what_the_shop_was_not_asked_then_is_told_as_not_recorded(
    joined: Joined, orders_after: Sequence[Order]
) -> None:
    reader = KeywordReader({"谢谢": "order.status"}, {"order_id": r"20[0-9]{12}"})
    report = await Replayer(joined.turn_parts, replace(joined.releases.current, reader=reader)).replay(GUEST)
    assert any(b"not_recorded" in msgspec.json.encode(difference.after) for difference in report.differences)


async def test_a_conversation_that_does_not_exist_has_nothing_to_replay(joined: Joined) -> None:
    report = await Replayer(joined.turn_parts, joined.releases.current).replay(GUEST)
    assert (report.turns, report.events, report.differences) == (0, 0, ())
