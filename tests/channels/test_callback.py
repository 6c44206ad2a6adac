import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from xiaoer.app import Joined
from xiaoer.channels import CallbackDelivery
from xiaoer.ids import ConversationId
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import GUEST, Guest

ADDRESS = "https://shop.example/answers"


@dataclass
class Receiver:
    """A shop's server that takes answers, or fails for a while."""

    status: int = 200
    is_away: bool = False
    got: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody there")
        self.keys.append(request.headers["idempotency-key"])
        if self.status == 200:
            self.got.append(json.loads(request.content)[0]["name"])
        return httpx.Response(self.status)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def delivery(joined: Joined, receiver: Receiver) -> AsyncIterator[CallbackDelivery]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as client:
        yield CallbackDelivery(joined.outbox, client, joined.clock)


async def deliver_all(delivery: CallbackDelivery) -> None:
    while await delivery.deliver_due():
        pass


async def test_answers_arrive_in_their_order(joined: Joined, delivery: CallbackDelivery, receiver: Receiver) -> None:
    for text in ("你好", "谢谢", "人工"):
        await Guest(joined.turns).say(text, reply_to=ADDRESS)
    await deliver_all(delivery)
    assert receiver.got == ["greet", "thanks", "handed_over"]
    assert await delivery.deliver_due() == 0


async def test_no_two_answers_carry_one_key(joined: Joined, delivery: CallbackDelivery, receiver: Receiver) -> None:
    for text in ("你好", "谢谢", "人工"):
        await Guest(joined.turns).say(text, reply_to=ADDRESS)
        await deliver_all(delivery)
    assert len(set(receiver.keys)) == 3


@pytest.mark.parametrize("fault", ["away", "error", "redirect"])
async def test_what_a_failing_server_refused_is_tried_again_in_the_same_order(
    joined: Joined, delivery: CallbackDelivery, receiver: Receiver, clock: HandClock, fault: str
) -> None:
    receiver.is_away, receiver.status = fault == "away", {"error": 500, "redirect": 302}.get(fault, 200)
    for text in ("你好", "谢谢"):
        await Guest(joined.turns).say(text, reply_to=ADDRESS)
    await deliver_all(delivery)
    assert receiver.got == []
    receiver.is_away, receiver.status = False, 200
    assert await delivery.deliver_due() == 0, "it must wait before it tries again"
    clock.forward(timedelta(minutes=10))
    await deliver_all(delivery)
    assert receiver.got == ["greet", "thanks"]


async def test_the_pauses_grow_while_a_server_fails(
    joined: Joined, delivery: CallbackDelivery, receiver: Receiver, clock: HandClock
) -> None:
    receiver.status = 503
    await Guest(joined.turns).say("你好", reply_to=ADDRESS)
    tries = []
    for second in range(64):
        if await delivery.deliver_due():
            tries.append(second)
        clock.forward(timedelta(seconds=1))
    assert tries == [0, 1, 3, 7, 15, 31, 63]
    assert len(set(receiver.keys)) == 1, "all tries carry one key"


async def test_a_failing_address_holds_up_its_own_conversation_alone(
    joined: Joined, delivery: CallbackDelivery, receiver: Receiver, clock: HandClock
) -> None:
    await Guest(joined.turns).say("你好", reply_to="http://shop.example:port/")
    await Guest(joined.turns, ConversationId("c_other")).say("谢谢", reply_to=ADDRESS)
    await deliver_all(delivery)
    assert receiver.got == ["thanks"]
    (waiting,) = await joined.outbox.due(clock.now() + timedelta(minutes=10))
    assert (waiting.conversation, waiting.attempts) == (GUEST, 1)
