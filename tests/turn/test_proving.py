"""Proof by words in whole turns: whom it proves, how often it may be tried, and what is written down of it."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from structlog.testing import capture_logs

from xiaoer.app import Joined
from xiaoer.events import Claim, IdentityProved, ProofRefused
from xiaoer.ids import ConversationId, CustomerId
from xiaoer.shop import EmbeddedShop, Order
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, GUEST, GivenShelf, Guest, order_in
from xiaoer.turn import TurnResult, Turns

WRONG = "手机尾号 0001"


def names(result: TurnResult) -> list[str]:
    return [reply.name for reply in result.replies]


class Watched:
    """The shop, counting what is looked at; with `is_broken` it fails as it looks."""

    def __init__(self, joined: Joined, *, is_broken: bool = False) -> None:
        self.looked_at: Counter[str] = Counter()
        shop, looked_at = joined.releases.current.shop, self.looked_at

        class Shop(EmbeddedShop):
            async def identify(self, claim: Claim) -> CustomerId | None:
                looked_at[type(claim).__name__] += 1
                if is_broken:
                    raise RuntimeError(f"cannot look at {claim}")
                return await shop.identify(claim)

        current = joined.releases.current
        own = Shop(joined.database, DEMO_SHOP, current.pack, now=joined.clock.now())
        parts = replace(joined.turn_parts, releases=GivenShelf(replace(current, shop=own)))
        self.turns = Turns(parts)


async def tail_of(joined: Joined, customer: CustomerId = FIRST_CUSTOMER) -> str:
    found = await joined.records.customer(customer)
    assert found is not None
    return found.phone[-4:]


async def asked(turns: Turns, order: Order, conversation: str = "c") -> Guest:
    guest = Guest(turns, ConversationId(conversation))
    assert names(await guest.say(f"取消订单 {order.id}")) == ["sign_in_needed"]
    return guest


async def test_an_order_and_the_phone_prove_who_the_customer_is_and_the_task_goes_on(joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    guest = await asked(joined.turns, order)
    assert names(await guest.say(f"尾号 {await tail_of(joined)}")) == ["proved", "why_cancel"]
    log = await joined.conversations.load(DEMO_SHOP, guest.conversation)
    proved = [item.event for item in log if isinstance(item.event, IdentityProved)]
    assert proved == [IdentityProved(customer=FIRST_CUSTOMER, by="conversation:order_and_phone")]


async def test_the_tries_at_an_order_are_counted_over_all_conversations(joined: Joined) -> None:
    order, tail = await order_in(joined.records, "paid"), await tail_of(joined)
    said = [names(await (await asked(joined.turns, order, f"c{n}")).say(WRONG)) for n in range(3)]
    assert said == [["proof_wrong"], ["proof_wrong"], ["proof_blocked"]]
    last = await asked(joined.turns, order, "c4")
    assert names(await last.say(f"尾号 {tail}")) == ["proof_blocked"]
    assert (await joined.turns.state(last.conversation)).customer is None
    clock = joined.clock
    assert isinstance(clock, HandClock)
    clock.forward(timedelta(minutes=31))
    assert names(await last.say(f"尾号 {tail}")) == ["proved", "why_cancel"]


async def test_of_twenty_tries_at_once_only_so_many_are_looked_at(joined: Joined) -> None:
    order, watched = await order_in(joined.records, "paid"), Watched(joined)
    guests = [await asked(watched.turns, order, f"c{n}") for n in range(20)]
    results = await asyncio.gather(*(guest.say(WRONG) for guest in guests))
    assert watched.looked_at == {"OrderClaim": 3}
    assert Counter(names(result)[0] for result in results) == {"proof_wrong": 2, "proof_blocked": 18}


async def test_wrong_and_absent_are_answered_word_for_word_alike(joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    present = await (await asked(joined.turns, order, "c1")).say(WRONG)
    guest = Guest(joined.turns, ConversationId("c2"))
    await guest.say("取消订单 20260101000000")
    absent = await guest.say(WRONG)
    assert [reply.text for reply in present.replies] == [reply.text for reply in absent.replies]


async def test_a_name_of_a_conversation_that_may_be_guessed_opens_no_proof(joined: Joined) -> None:
    order, watched = await order_in(joined.records, "paid"), Watched(joined)
    guest = Guest(watched.turns, is_private=False)
    shown = await guest.say(f"取消订单 {order.id}")
    assert "后四位" not in shown.replies[0].text
    assert names(await guest.say(f"尾号 {await tail_of(joined)}"))[-1] != "proved"
    assert not watched.looked_at
    assert (await joined.turns.state(GUEST)).customer is None


async def test_who_is_signed_in_becomes_nobody_else_by_words(joined: Joined) -> None:
    others = [o for o in await joined.records.orders() if o.customer != FIRST_CUSTOMER]
    watched = Watched(joined)
    guest = Guest(watched.turns, customer=FIRST_CUSTOMER)
    said = f"订单 {others[0].id} 尾号 {await tail_of(joined, others[0].customer)}"
    assert names(await guest.say(said)) == ["another_customer"]
    assert not watched.looked_at
    assert (await joined.turns.state(GUEST)).customer == FIRST_CUSTOMER


async def test_no_piece_of_a_proof_stands_in_the_logs(joined: Joined) -> None:
    order, tail = await order_in(joined.records, "paid"), await tail_of(joined)
    for turns in (joined.turns, Watched(joined, is_broken=True).turns):
        guest = await asked(turns, order, f"c{id(turns)}")
        with capture_logs() as logs:
            await guest.say(f"订单 {order.id} 手机 1390000{tail}")
        assert order.id not in repr(logs)
        assert tail not in repr(logs).replace(guest.conversation, "")


async def test_what_was_refused_is_noted_without_what_was_said(joined: Joined) -> None:
    guest = await asked(joined.turns, await order_in(joined.records, "paid"))
    await guest.say(WRONG)
    log = await joined.conversations.load(DEMO_SHOP, guest.conversation)
    refused = [item.event for item in log if isinstance(item.event, ProofRefused)]
    assert refused == [ProofRefused(by="order_and_phone", why="wrong")]
