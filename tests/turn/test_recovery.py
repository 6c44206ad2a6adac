from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from xiaoer.app import Joined
from xiaoer.events import Claim
from xiaoer.ids import ActionKey, ConversationId, CustomerId, ShopId
from xiaoer.pack import ActionSpec
from xiaoer.shop import ActionResult, Order, Shop
from xiaoer.store import Conversations, Journal, TurnAppend
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, GivenShelf, Guest, order_in
from xiaoer.turn import Parts, Turns


class KilledError(BaseException):
    """The process is gone: nothing after this instant happens."""


class KilledBeforeJournal(Journal):
    async def open(self, shop: ShopId, conversation: ConversationId, turn: int, message: bytes, at: datetime) -> None:
        raise KilledError


class KilledAfterJournal(Journal):
    async def open(self, shop: ShopId, conversation: ConversationId, turn: int, message: bytes, at: datetime) -> None:
        await super().open(shop, conversation, turn, message, at)
        raise KilledError


class KilledBeforeAppend(Conversations):
    async def append(self, turn: TurnAppend) -> None:
        raise KilledError


class KilledAfterAppend(Conversations):
    async def append(self, turn: TurnAppend) -> None:
        await super().append(turn)
        raise KilledError


@dataclass(frozen=True)
class KilledAfterEffect:
    """A shop that is the last thing the process ever asks."""

    shop: Shop

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
        result = await self.shop.run(action, arguments, customer=customer, now=now, key=key)
        if key is not None:
            raise KilledError
        return result

    @property
    def can_identify(self) -> bool:
        return self.shop.can_identify

    async def identify(self, claim: Claim) -> CustomerId | None:
        return await self.shop.identify(claim)

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        return await self.shop.words()


def parts_killed(joined: Joined, when: str) -> Parts:
    """Parts of a process that dies at an instant of the turn that changes the shop."""
    parts, database = joined.turn_parts, joined.database
    current = joined.releases.current
    return {
        "before journal": replace(parts, journal=KilledBeforeJournal(database)),
        "after journal": replace(parts, journal=KilledAfterJournal(database)),
        "after effect": replace(parts, releases=GivenShelf(replace(current, shop=KilledAfterEffect(current.shop)))),
        "before append": replace(parts, conversations=KilledBeforeAppend(database)),
        "after append": replace(parts, conversations=KilledAfterAppend(database)),
    }[when]


NOTED = ("after journal", "after effect", "before append")
EVERY_INSTANT = ("before journal", *NOTED, "after append")


async def killed_at(joined: Joined, when: str, message_id: str | None = "yes") -> Order:
    """Say yes to a cancellation in a process that is killed at an instant; give the order as it was before."""
    order = await order_in(joined.records, "paid")
    guest = Guest(joined.turns, customer=FIRST_CUSTOMER)
    await guest.say(f"取消订单 {order.id}")
    await guest.say("拍错了")
    with pytest.raises(KilledError):
        await Guest(Turns(parts_killed(joined, when)), customer=FIRST_CUSTOMER).say("确认", message_id)
    return order


async def expect_cancelled_once(joined: Joined, before: Order) -> None:
    orders = {order.id: order for order in await joined.records.orders_of(FIRST_CUSTOMER)}
    after = orders[before.id]
    assert after.state == "cancelled"
    assert [entry.action for entry in after.history].count("cancel") == 1
    assert [refund.amount for refund in after.refunds] == [before.paid_amount]


async def stock_of(joined: Joined, order: Order) -> int:
    product = await joined.records.product(order.lines[0].product)
    assert product is not None
    return next(variant.stock for variant in product.variants if variant.sku == order.lines[0].sku)


def restarted(joined: Joined) -> Turns:
    """What a new process has: the database, and no memory."""
    return Turns(joined.turn_parts)


async def recover(joined: Joined, turns: Turns) -> int:
    return await turns.recover(older_than=joined.clock.now() + timedelta(seconds=1))


@pytest.mark.parametrize("when", EVERY_INSTANT)
async def test_a_yes_repeated_after_a_kill_changes_the_shop_once(joined: Joined, when: str) -> None:
    order = await order_in(joined.records, "paid")
    stock = await stock_of(joined, order)
    await killed_at(joined, when)
    result = await Guest(restarted(joined), customer=FIRST_CUSTOMER).say("确认", "yes")
    assert [reply.name for reply in result.replies] == ["cancel_done"]
    await expect_cancelled_once(joined, order)
    assert await stock_of(joined, order) == stock + order.lines[0].quantity
    assert await joined.turn_parts.journal.unfinished(DEMO_SHOP) == []


@pytest.mark.parametrize("when", NOTED)
@pytest.mark.parametrize("message_id", ["yes", None])
async def test_a_cut_off_change_is_finished_without_the_customer(
    joined: Joined, when: str, message_id: str | None
) -> None:
    order = await killed_at(joined, when, message_id)
    turns = restarted(joined)
    assert await recover(joined, turns) == 1
    await expect_cancelled_once(joined, order)
    assert (await turns.state(GUEST)).said_names["cancel_done"] == 1
    assert await recover(joined, turns) == 0


async def test_a_repeat_after_the_recovery_gets_the_answer_that_was_stored(joined: Joined) -> None:
    order = await killed_at(joined, "after effect")
    turns = restarted(joined)
    await recover(joined, turns)
    result = await Guest(turns, customer=FIRST_CUSTOMER).say("确认", "yes")
    assert result.is_repeat
    assert [reply.name for reply in result.replies] == ["cancel_done"]
    await expect_cancelled_once(joined, order)


async def test_what_was_not_noted_is_not_recovered(joined: Joined) -> None:
    order = await killed_at(joined, "before journal")
    assert await recover(joined, restarted(joined)) == 0
    assert (await order_in(joined.records, "paid")).id == order.id


async def test_a_turn_that_may_still_run_is_not_recovered(joined: Joined) -> None:
    await killed_at(joined, "after journal")
    assert isinstance(joined.clock, HandClock)
    began = joined.clock.now()
    turns = restarted(joined)
    assert await turns.recover(older_than=began - timedelta(seconds=1)) == 0
    joined.clock.forward(timedelta(seconds=30))
    assert await turns.recover(older_than=joined.clock.now() - timedelta(seconds=20)) == 1


@pytest.mark.parametrize("message_id", ["yes", None])
@pytest.mark.parametrize("meanwhile", ["你好", "算了"])
async def test_a_cut_off_turn_comes_before_the_message_that_finds_it(
    joined: Joined, message_id: str | None, meanwhile: str
) -> None:
    order = await killed_at(joined, "after effect", message_id)
    turns = restarted(joined)
    answered = await Guest(turns, customer=FIRST_CUSTOMER).say(meanwhile, "meanwhile")
    assert {"nothing_changed", "flow_given_up"}.isdisjoint(reply.name for reply in answered.replies)
    await expect_cancelled_once(joined, order)
    stored = await joined.conversations.load(DEMO_SHOP, GUEST)
    assert await recover(joined, turns) == 0
    assert await joined.conversations.load(DEMO_SHOP, GUEST) == stored


async def test_a_turn_that_cannot_be_recovered_does_not_hold_up_the_others(joined: Joined) -> None:
    journal, now = joined.turn_parts.journal, joined.clock.now()
    await journal.open(DEMO_SHOP, ConversationId("c_first"), 1, b"not a message", now - timedelta(hours=1))
    order = await killed_at(joined, "after effect")
    await recover(joined, restarted(joined))
    await expect_cancelled_once(joined, order)
