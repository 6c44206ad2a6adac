import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xiaoer.app import Joined
from xiaoer.events import (
    ActionFinished,
    Confirmed,
    IdentityProved,
    MessageReceived,
    Rated,
    Reading,
    Replied,
    Understood,
    fold,
)
from xiaoer.ids import ConversationId
from xiaoer.pack import Pack
from xiaoer.settings import GuardSettings, TurnSettings
from xiaoer.store import StoredEvent
from xiaoer.testing.reader import KeywordReader
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, Guest, joined_with, order_in, settings_for
from xiaoer.turn import BusyError, TurnResult, Turns


async def log_of(joined: Joined) -> list[StoredEvent]:
    return await joined.conversations.load(DEMO_SHOP, GUEST)


def names(result: TurnResult) -> list[str]:
    return [reply.name for reply in result.replies]


def kinds(log: Sequence[StoredEvent]) -> list[type]:
    return [type(item.event) for item in log]


async def test_a_message_is_received_understood_and_answered_in_one_turn(joined: Joined) -> None:
    result = await Guest(joined.turns).say("你好", "m1")
    log = await log_of(joined)
    assert kinds(log) == [MessageReceived, Understood, Replied]
    assert [item.sequence for item in log] == [1, 2, 3]
    assert {item.turn for item in log} == {1}
    assert {item.at for item in log} == {joined.clock.now()}
    assert result.sequence == 3
    assert log[2].event == Replied(replies=result.replies)


async def test_who_writes_is_noted_before_the_message_and_once(joined: Joined) -> None:
    guest = Guest(joined.turns, customer=FIRST_CUSTOMER)
    await guest.say("你好")
    await guest.say("谢谢")
    log = await log_of(joined)
    assert kinds(log) == [IdentityProved, MessageReceived, Understood, Replied, MessageReceived, Understood, Replied]


async def test_the_log_names_the_model_that_understood(joined: Joined) -> None:
    await Guest(joined.turns).say("你好")
    understood = (await log_of(joined))[1].event
    assert isinstance(understood, Understood)
    assert understood.model == "keywords"


async def test_a_change_of_the_shop_stands_between_the_yes_and_the_reply(joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    guest = Guest(joined.turns, customer=FIRST_CUSTOMER)
    await guest.say(f"取消订单 {order.id}")
    await guest.say("拍错了")
    result = await guest.say("确认")
    last = [item.event for item in await log_of(joined) if item.turn == (await log_of(joined))[-1].turn]
    effect = next(event for event in last if isinstance(event, ActionFinished) and event.key is not None)
    yes = next(event for event in last if isinstance(event, Confirmed))
    assert yes.yes
    assert last.index(yes) < last.index(effect) < len(last) - 1
    assert isinstance(last[-1], Replied)
    assert names(result) == ["cancel_done"]
    assert (await order_in(joined.records, "cancelled")).id == order.id


class MendingReader(KeywordReader):
    """Reads what was typed by sound as it was meant."""

    def meant(self, text: str) -> str:
        return text.replace("baoyou", "包邮")

    def read(self, text: str, *, now: datetime) -> Reading:
        return super().read(self.meant(text), now=now)


async def test_an_answer_is_looked_up_for_the_text_that_is_understood(shop_pack: Pack, tmp_path: Path) -> None:
    async with joined_with(MendingReader({"包邮": "delivery.fee"}), shop_pack, settings_for(tmp_path)) as mending:
        guest = Guest(mending.turns)
        typed, meant = await guest.say("满多少baoyou"), await guest.say("满多少包邮")
    assert typed.replies[0].sources == meant.replies[0].sources != ()


CONTACT = KeywordReader({"快递小哥": "delivery.contact", "你好": "greet"})


async def test_a_yes_right_behind_an_offer_takes_it(shop_pack: Pack, tmp_path: Path) -> None:
    async with joined_with(CONTACT, shop_pack, settings_for(tmp_path)) as joined:
        guest = Guest(joined.turns)
        offered = (await guest.say("找快递小哥")).replies[-1]
        assert (offered.name, offered.yes_means) == ("needs_colleague", "human")
        assert names(await guest.say("好的")) == ["handed_over"]


async def test_a_yes_to_what_was_said_after_an_offer_does_not_take_it(shop_pack: Pack, tmp_path: Path) -> None:
    async with joined_with(CONTACT, shop_pack, settings_for(tmp_path)) as joined:
        guest = Guest(joined.turns)
        await guest.say("找快递小哥")
        await guest.say("你好")
        assert "handed_over" not in names(await guest.say("好的"))


async def test_a_conversation_opens_with_the_welcome_of_the_pack(joined: Joined) -> None:
    result = await joined.turns.open(GUEST, "web", customer=FIRST_CUSTOMER, proof="test")
    assert names(result) == ["welcome"]
    assert kinds(await log_of(joined)) == [IdentityProved, Replied]


async def test_a_rating_is_stored_without_control_characters(joined: Joined) -> None:
    await Guest(joined.turns).say("你好")
    await joined.turns.rate(GUEST, 4, "不错\0")
    assert (await log_of(joined))[-1].event == Rated(score=4, comment="不错")


async def test_a_long_message_is_cut_at_the_limit(joined: Joined) -> None:
    parts = replace(joined.turn_parts, guard=GuardSettings(max_message_characters=10))
    await Guest(Turns(parts)).say("你好" * 100)
    assert (await log_of(joined))[0].event == MessageReceived(text="你好" * 5, channel="test")


async def test_more_turns_at_once_than_allowed_are_refused_and_nothing_is_stored(joined: Joined) -> None:
    narrow = Guest(Turns(replace(joined.turn_parts, limits=TurnSettings(max_running=1))))
    first, second = await asyncio.gather(narrow.say("你好"), narrow.say("谢谢"), return_exceptions=True)
    assert isinstance(first, TurnResult)
    assert isinstance(second, BusyError)
    assert len(await log_of(joined)) == 3


async def test_the_answer_that_is_pushed_is_stored_with_the_turn(joined: Joined) -> None:
    await Guest(joined.turns).say("你好", reply_to="https://shop.example/answers")
    (row,) = await joined.outbox.due(joined.clock.now())
    assert (row.conversation, row.address) == (GUEST, "https://shop.example/answers")
    assert "name" in row.payload.decode()


async def test_the_first_answer_is_given_to_a_repeat_which_runs_nothing(joined: Joined) -> None:
    guest = Guest(joined.turns)
    first = await guest.say("你好", "m1")
    again = await guest.say("你好", "m1")
    assert again == replace(first, is_repeat=True)
    assert len(await log_of(joined)) == 3


async def test_a_repeat_is_known_after_sixty_further_messages_and_a_restart(joined: Joined) -> None:
    guest = Guest(joined.turns)
    first = await guest.say("你好", "m1")
    for number in range(60):
        await guest.say("谢谢", f"later {number}")
    before = await log_of(joined)
    again = await guest.say("你好", "m1")
    restarted = await Guest(Turns(joined.turn_parts)).say("你好", "m1")
    assert again.replies == restarted.replies == first.replies
    assert again.is_repeat
    assert restarted.is_repeat
    assert await log_of(joined) == before


async def test_the_same_message_id_in_another_conversation_is_another_message(joined: Joined) -> None:
    await Guest(joined.turns).say("你好", "m1")
    other = await Guest(joined.turns, customer=FIRST_CUSTOMER, conversation=ConversationId("c_other")).say("谢谢", "m1")
    assert not other.is_repeat
    assert names(other) == ["thanks"]


async def test_a_conversation_is_the_same_after_its_state_was_forgotten(joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    forgetful = Turns(replace(joined.turn_parts, limits=TurnSettings(remembered_conversations=0)))
    guest = Guest(forgetful, customer=FIRST_CUSTOMER)
    await guest.say(f"取消订单 {order.id}")
    await guest.say("拍错了")
    assert names(await guest.say("确认")) == ["cancel_done"]
    assert await forgetful.state(GUEST) == fold(item.event for item in await log_of(joined))
