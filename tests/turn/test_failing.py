import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from xiaoer.answer import Composer
from xiaoer.app import Joined
from xiaoer.events import Choice, Claim, HandedOver, MessageReceived, Reading, Replied, Reply, TurnFailed
from xiaoer.ids import ActionKey, CustomerId
from xiaoer.pack import ActionSpec
from xiaoer.settings import TurnSettings
from xiaoer.shop import ActionResult, Shop
from xiaoer.store import Conversations, DatabaseAwayError, TurnAppend
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, GivenShelf, Guest, order_in
from xiaoer.turn import Reader, Release, TurnResult, Turns


class BrokenError(Exception):
    """Something that nobody foresaw."""


class ForgetfulReader:
    """Reads as the shop's reader does, but breaks on one text."""

    model_id = "forgetful"

    def __init__(self) -> None:
        self._reader: Reader = a_shop_reader()

    def read(self, text: str, *, now: datetime) -> Reading:
        if text == "谢谢":
            raise BrokenError
        return self._reader.read(text, now=now)

    def meant(self, text: str) -> str:
        return self._reader.meant(text)


class SpeechlessComposer(Composer):
    """Breaks on one reply of the pack."""

    def say(self, name: str, known: Mapping[str, Any], choices: Sequence[Choice] = (), *, turn: int) -> Reply:
        if name == "thanks":
            raise BrokenError
        return super().say(name, known, choices, turn=turn)


@dataclass(frozen=True)
class FaultyShop:
    """A shop whose named action breaks, hangs, or answers with what no flow knows."""

    shop: Shop
    action: str
    fault: str

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        return self.shop.specs

    async def run(
        self,
        action: str,
        arguments: Mapping[str, str],
        *,
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey | None = None,
    ) -> ActionResult:
        if action != self.action:
            return await self.shop.run(action, arguments, customer=customer, now=now, key=key)
        match self.fault:
            case "breaks":
                raise BrokenError
            case "hangs":
                await asyncio.Event().wait()
            case _:
                pass
        return ActionResult("garbage", {"order": None})

    @property
    def can_identify(self) -> bool:
        return self.shop.can_identify

    async def identify(self, claim: Claim) -> CustomerId | None:
        return await self.shop.identify(claim)

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        return await self.shop.words()


def turns_with(joined: Joined, release: Release, *, seconds: float = 8) -> Turns:
    limits = TurnSettings(action_timeout_seconds=seconds)
    return Turns(replace(joined.turn_parts, releases=GivenShelf(release), limits=limits))


async def expect_apology(joined: Joined, result: TurnResult, error: str) -> None:
    """The turn is stored as failed, with a person called; nothing else of it is."""
    assert [reply.name for reply in result.replies] == ["turn_failed"]
    assert result.is_with_person
    log = await joined.conversations.load(DEMO_SHOP, GUEST)
    last = [item.event for item in log if item.turn == log[-1].turn]
    assert [type(event) for event in last] == [MessageReceived, TurnFailed, HandedOver, Replied]
    assert last[1:3] == [TurnFailed(error=error), HandedOver(reason="failure", note=error)]


async def test_a_failing_reader_gives_an_apology_and_the_next_message_works(joined: Joined) -> None:
    guest = Guest(turns_with(joined, replace(joined.releases.current, reader=ForgetfulReader())))
    await expect_apology(joined, await guest.say("谢谢"), "BrokenError")
    assert [reply.name for reply in (await guest.say("你好")).replies] == ["greet"]


async def test_a_failing_composer_gives_an_apology_and_the_next_message_works(joined: Joined) -> None:
    current = joined.releases.current
    guest = Guest(turns_with(joined, replace(current, composer=SpeechlessComposer(current.pack))))
    await expect_apology(joined, await guest.say("谢谢"), "BrokenError")
    assert [reply.name for reply in (await guest.say("你好")).replies] == ["greet"]


@pytest.mark.parametrize(("fault", "error"), [("breaks", "BrokenError"), ("hangs", "TimeoutError")])
async def test_a_shop_that_fails_or_hangs_gives_an_apology_and_the_next_message_works(
    joined: Joined, fault: str, error: str
) -> None:
    current = joined.releases.current
    turns = turns_with(joined, replace(current, shop=FaultyShop(current.shop, "order.find", fault)), seconds=0.05)
    guest = Guest(turns, customer=FIRST_CUSTOMER)
    await expect_apology(joined, await guest.say("取消订单"), error)
    assert [reply.name for reply in (await guest.say("你好")).replies] == ["greet"]


async def test_a_shop_that_answers_garbage_is_no_crash(joined: Joined) -> None:
    current = joined.releases.current
    turns = turns_with(joined, replace(current, shop=FaultyShop(current.shop, "order.find", "garbage")))
    guest = Guest(turns, customer=FIRST_CUSTOMER)
    assert (await guest.say("取消订单")).replies
    assert (await guest.say("你好")).replies


@pytest.mark.parametrize("fault", ["breaks", "hangs"])
async def test_a_change_of_the_shop_that_fails_is_not_tried_again_behind_the_person_called(
    joined: Joined, fault: str
) -> None:
    order = await order_in(joined.records, "paid")
    current = joined.releases.current
    shop = FaultyShop(current.shop, "order.cancel", fault)
    patient = Guest(turns_with(joined, replace(current, shop=shop)), customer=FIRST_CUSTOMER)
    await patient.say(f"取消订单 {order.id}")
    await patient.say("拍错了")
    guest = Guest(turns_with(joined, replace(current, shop=shop), seconds=0.05), customer=FIRST_CUSTOMER)
    result = await guest.say("确认", "yes")
    assert [reply.name for reply in result.replies] == ["turn_failed"]
    assert await joined.turn_parts.journal.unfinished(DEMO_SHOP) == []
    assert (await guest.say("确认", "yes")).replies == result.replies


@pytest.mark.parametrize("fault", ["breaks", "hangs"])
async def test_a_sign_in_on_a_failing_shop_gives_an_apology(joined: Joined, fault: str) -> None:
    current = joined.releases.current
    turns = turns_with(joined, replace(current, shop=FaultyShop(current.shop, "order.find", fault)), seconds=0.05)
    await Guest(turns).say("取消订单")
    result = await turns.sign_in(GUEST, FIRST_CUSTOMER, proof="test")
    assert [reply.name for reply in result.replies] == ["turn_failed"]
    assert result.is_with_person
    assert (await turns.state(GUEST)).customer == FIRST_CUSTOMER


async def test_without_the_database_nothing_is_answered_and_the_message_may_be_sent_again(joined: Joined) -> None:
    class Away(Conversations):
        is_away = True

        async def append(self, turn: TurnAppend) -> None:
            if self.is_away:
                raise DatabaseAwayError("The database does not answer.")
            await super().append(turn)

    conversations = Away(joined.database)
    guest = Guest(Turns(replace(joined.turn_parts, conversations=conversations)))
    with pytest.raises(DatabaseAwayError):
        await guest.say("你好", "m1")
    assert await joined.conversations.load(DEMO_SHOP, GUEST) == []
    conversations.is_away = False
    again = await guest.say("你好", "m1")
    assert not again.is_repeat
    assert [reply.name for reply in again.replies] == ["greet"]
