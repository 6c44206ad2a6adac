import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from random import Random
from threading import Event

import httpx
import msgspec
import pytest

from xiaoer.access import VisitorTokens
from xiaoer.events import ActionFinished, MessageReceived, Replied
from xiaoer.ids import ConversationId
from xiaoer.shop import Order, Records
from xiaoer.store import Conversations, Database, Journal, StoredEvent
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP, settings_for

from . import serving
from .clients import Acknowledged, Sent, insist, send_all

_KILLS = 50
_TALKERS = 5
_TEXTS = ("你好", "谢谢", "取消订单", "是包邮吗", "算了", "我的快递到哪了", "转人工", "asdf")


class Server:
    """A server that is killed without a warning, again and again."""

    def __init__(self, data: Path) -> None:
        self._keeper = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, serving.__file__, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._child = 0
        self.url = f"http://127.0.0.1:{self._line()}"

    def start(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write("\n")
        self._keeper.stdin.flush()
        self._child = int(self._line())

    def kill(self) -> None:
        os.kill(self._child, signal.SIGKILL)

    def close(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait(30)
        assert self._keeper.stdout is not None
        self._keeper.stdout.close()

    def _line(self) -> str:
        assert self._keeper.stdout is not None
        line = self._keeper.stdout.readline()
        assert line, "the server did not start"
        return line.strip()


def talk(name: str, chance: Random) -> Iterator[Sent]:
    """Messages without end, in conversations of thirty."""
    number = 0
    while True:
        yield Sent(f"{name}-{number // 30}", chance.choice(_TEXTS), f"{name} {number}")
        number += 1


def cancellations(orders: list[Order], tokens: VisitorTokens) -> Iterator[Sent]:
    """Cancel each order, in a conversation of its own."""
    for order in orders:
        token = tokens.sign(order.customer, now=HandClock().now())
        for step, text in enumerate((f"取消订单 {order.id}", "拍错了", "确认")):
            yield Sent(f"cancel-{order.id}", text, f"{order.id} {step}", token)


async def cancellable(data: Path) -> list[Order]:
    database = await Database.open(f"sqlite+aiosqlite:///{data}/xiaoer.db")
    orders = await Records(database, DEMO_SHOP).orders()
    await database.close()
    return [order for order in orders if order.state in ("paid", "unpaid")]


@pytest.mark.service
def test_after_fifty_kills_nothing_acknowledged_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    secret = settings_for(tmp_path).access.visitor_secret
    assert secret is not None
    tokens = VisitorTokens(DEMO_SHOP, secret.get_secret_value())
    chance, done, over, server = Random(20261121), Acknowledged(), Event(), Server(tmp_path)  # noqa: S311 - instants
    server.start()
    httpx.get(f"{server.url}/readyz", timeout=30)
    orders = asyncio.run(cancellable(tmp_path))
    flows = [talk(f"talker{number}", Random(number)) for number in range(_TALKERS)]  # noqa: S311 - texts
    with ThreadPoolExecutor(_TALKERS + 1) as pool:
        clients = [
            pool.submit(send_all, server.url, messages, done, is_over=over.is_set)
            for messages in [*flows, cancellations(orders, tokens)]
        ]
        for _ in range(_KILLS):
            done.wait(len(done.answers) + chance.randrange(1, 30))
            server.kill()
            server.start()
        over.set()
        for client in clients:
            client.result()
    expect_same_answers_again(server.url, done, chance)
    server.kill()
    server.close()
    asyncio.run(expect_log_to_hold(tmp_path, done))
    asyncio.run(expect_orders_changed_once(tmp_path, orders, done))


def expect_same_answers_again(url: str, done: Acknowledged, chance: Random) -> None:
    """A message sent again, after whatever kills, gets the very answer that its client got."""
    with httpx.Client(timeout=30) as client:
        for sent in chance.sample(list(done.answers), min(200, len(done.answers))):
            assert insist(client, url, sent) == done.answers[sent]


def conversation_of(sent: Sent, orders: dict[str, str]) -> ConversationId:
    order = sent.sender.removeprefix("cancel-")
    prefix = f"rest+{orders[order]}" if sent.token else "rest"
    return ConversationId(f"{prefix}:{sent.sender}")


async def expect_log_to_hold(data: Path, done: Acknowledged) -> None:
    """Each acknowledged message stands in the log once, with the answer that was given; no turn is torn."""
    database = await Database.open(f"sqlite+aiosqlite:///{data}/xiaoer.db")
    conversations = Conversations(database)
    customers: dict[str, str] = {order.id: order.customer for order in await Records(database, DEMO_SHOP).orders()}
    told: dict[ConversationId, dict[str, list[str]]] = {}
    for sent, answer in done.answers.items():
        texts = [reply["text"] for reply in msgspec.json.decode(answer)]
        told.setdefault(conversation_of(sent, customers), {})[sent.message_id] = texts
    for conversation, answers in told.items():
        log = await conversations.load(DEMO_SHOP, conversation)
        assert [item.sequence for item in log] == list(range(1, len(log) + 1))
        assert answers_in(log) == answers
    assert {row.id for row in await conversations.list(DEMO_SHOP, limit=100_000)} == set(told)
    assert await Journal(database).unfinished(DEMO_SHOP) == []
    await database.close()


def answers_in(log: list[StoredEvent]) -> dict[str, list[str]]:
    """What was said to each message; fail where a message was taken twice or a turn is not whole."""
    found: dict[str, list[str]] = {}
    for _, turn in groupby(log, key=lambda item: item.turn):
        events = [item.event for item in turn]
        (received,) = (event for event in events if isinstance(event, MessageReceived))
        assert received.message_id is not None
        assert received.message_id not in found
        assert isinstance(events[-1], Replied)
        found[received.message_id] = [reply.text for reply in events[-1].replies]
    return found


async def expect_orders_changed_once(data: Path, orders: list[Order], done: Acknowledged) -> None:
    """What was confirmed is cancelled, once, in the shop and in the log; the rest is as it was."""
    database = await Database.open(f"sqlite+aiosqlite:///{data}/xiaoer.db")
    after = {order.id: order for order in await Records(database, DEMO_SHOP).orders()}
    confirmed = {sent.message_id.split()[0] for sent in done.answers if sent.text == "确认"}
    assert confirmed
    for order in orders:
        cancels = [entry for entry in after[order.id].history if entry.action == "cancel"]
        assert len(cancels) == (order.id in confirmed)
        assert (after[order.id].state == "cancelled") == (order.id in confirmed)
        log = await Conversations(database).load(DEMO_SHOP, ConversationId(f"rest+{order.customer}:cancel-{order.id}"))
        keys = Counter(item.event.key for item in log if isinstance(item.event, ActionFinished) and item.event.key)
        assert list(keys.values()) == [1] * (order.id in confirmed)
    await database.close()
