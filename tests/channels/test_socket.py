from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette

from xiaoer.app import Joined
from xiaoer.ids import ConversationId, new_conversation_id
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, Guest, SocketClient, order_in, socket_to
from xiaoer.turn import Turns

_WATCHED_TURNS = 64


@pytest.fixture
async def conversation(joined: Joined) -> ConversationId:
    """A conversation that was opened: one turn of one event."""
    opened = new_conversation_id()
    await joined.turns.open(opened, "web")
    return opened


@asynccontextmanager
async def socket_of(app: Starlette, conversation: ConversationId, *, after: int = 0) -> AsyncIterator[SocketClient]:
    path = f"/api/v1/conversations/{conversation}/socket"
    async with socket_to(app, path, f"after={after}") as client:
        yield client


def a_message(text: str, message_id: str) -> dict[str, object]:
    return {"type": "message", "text": text, "message_id": message_id}


def told(frames: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was said by whom, by the names of the replies where the shop spoke."""
    return [
        (frame["from"], frame["text"] if frame["from"] == "customer" else frame["replies"][0]["name"])
        for frame in frames
        if frame["type"] == "message"
    ]


async def test_what_was_said_before_comes_first_and_then_ready(app: Starlette, conversation: ConversationId) -> None:
    async with socket_of(app, conversation) as socket:
        frames = await socket.until("ready")
    assert told(frames) == [("shop", "welcome")]
    assert frames[-1] == {"type": "ready", "sequence": 1}


async def test_a_message_is_answered_live(app: Starlette, conversation: ConversationId) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(a_message("你好", "m1"))
        frames = [await socket.receive() for _ in range(3)]
    assert frames[0] == {"type": "typing"}
    assert told(frames) == [("customer", "你好"), ("shop", "greet")]
    assert [frame["sequence"] for frame in frames[1:]] == [2, 4]
    assert frames[1]["message_id"] == "m1"


async def test_a_turn_from_elsewhere_is_shown_live(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    async with socket_of(app, conversation) as one, socket_of(app, conversation) as other:
        await one.until("ready")
        await other.until("ready")
        await Guest(joined.turns, conversation).say("谢谢")
        for socket in (one, other):
            assert told([await socket.receive(), await socket.receive()]) == [("customer", "谢谢"), ("shop", "thanks")]


async def test_another_conversation_shows_nothing_here(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await Guest(joined.turns).say("谢谢")
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}


async def test_a_ping_brings_what_another_process_stored(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await elsewhere(joined, conversation, "谢谢")
        await socket.send({"type": "ping"})
        assert told(await socket.until("pong")) == [("customer", "谢谢"), ("shop", "thanks")]
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}


async def elsewhere(joined: Joined, conversation: ConversationId, text: str) -> None:
    """Serve a message in a process whose live turns this one does not see."""
    parts = replace(joined.turn_parts, deliver=lambda conversation, events: None)
    await Guest(Turns(parts), conversation).say(text)


async def test_a_socket_resumes_after_the_sequence_it_has_seen(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    await Guest(joined.turns, conversation).say("你好")
    seen = await Guest(joined.turns, conversation).say("谢谢")
    await Guest(joined.turns, conversation).say("转人工")
    async with socket_of(app, conversation, after=seen.sequence) as socket:
        assert told(await socket.until("ready")) == [("customer", "转人工"), ("shop", "handed_over")]


async def test_a_long_backlog_comes_whole_and_in_order(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    for number in range(90):
        await Guest(joined.turns, conversation).say(f"你好 {number}")
    async with socket_of(app, conversation) as socket:
        frames = await socket.until("ready")
    said = [frame["text"] for frame in frames if frame.get("from") == "customer"]
    assert said == [f"你好 {number}" for number in range(90)]
    assert frames[-1]["sequence"] == 1 + 90 * 3


async def test_a_repeated_message_is_shown_again_and_runs_nothing(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(a_message("你好", "m1"))
        first = [await socket.receive() for _ in range(3)]
        await socket.send(a_message("你好", "m1"))
        assert [await socket.receive() for _ in range(3)] == first
    assert (await joined.turns.state(conversation)).turns == 1


async def test_a_message_repeated_after_the_line_broke_is_answered(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    await Guest(joined.turns, conversation).say("你好", "m1")
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(a_message("你好", "m1"))
        frames = [await socket.receive() for _ in range(3)]
    assert told(frames) == [("customer", "你好"), ("shop", "greet")]


async def test_a_watcher_that_cannot_keep_up_is_closed_and_may_come_back(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        socket.reads.clear()
        for _ in range(_WATCHED_TURNS + 10):
            await Guest(joined.turns, conversation).say("你好")
        socket.reads.set()
        seen = await last_sequence(socket)
        assert socket.closed_with == 4408
    async with socket_of(app, conversation, after=seen) as socket:
        frames = await socket.until("ready")
    assert frames[-1]["sequence"] == 1 + (_WATCHED_TURNS + 10) * 3
    assert frames[0]["sequence"] > seen


async def last_sequence(socket: SocketClient) -> int:
    """Read until the server closes the socket."""
    seen = 0
    while True:
        try:
            seen = (await socket.receive())["sequence"]
        except EOFError:
            return seen


async def test_a_binary_frame_is_as_good_as_text(app: Starlette, conversation: ConversationId) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(b'{"type": "ping"}')
        assert await socket.receive() == {"type": "pong"}


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        '{"type": "dance"}',
        '{"type": "message"}',
        '{"type": "message", "text": 1, "message_id": "m"}',
        '{"type": "message", "text": "a", "message_id": null}',
        '{"type": "message", "text": "a", "message_id": ""}',
        '{"type": "message", "text": "a", "message_id": "a\\u0000b"}',
        '{"type": "message", "text": "\\ud800", "message_id": "m"}',
        "[" * 10_000,
        b"",
        b"\xff\xfe",
    ],
)
async def test_a_frame_that_is_none_gets_an_error_and_the_next_one_works(
    app: Starlette, joined: Joined, conversation: ConversationId, frame: str | bytes
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(frame)
        error = (await socket.until("error"))[-1]
        assert set(error) == {"type", "code", "message", "message_id"}
        assert error["code"] == "http.bad_body"
        await socket.send({"type": "ping"})
        assert (await socket.receive()) == {"type": "pong"}
    assert (await joined.turns.state(conversation)).turns == 0


async def test_an_unknown_conversation_is_closed_with_4404(app: Starlette) -> None:
    async with socket_of(app, new_conversation_id()) as socket:
        with pytest.raises(EOFError):
            await socket.receive()
        assert socket.closed_with == 4404


@pytest.mark.parametrize("name", ["rest:alice", "c_short", "..", "c_" + "a" * 22 + "%0A"])
async def test_a_conversation_of_another_channel_has_no_socket(app: Starlette, joined: Joined, name: str) -> None:
    await Guest(joined.turns, ConversationId("rest:alice")).say("你好")
    async with socket_of(app, ConversationId(name)) as socket:
        with pytest.raises(EOFError):
            await socket.receive()


async def test_who_writes_too_fast_gets_an_error_with_the_time_to_wait(
    app: Starlette, conversation: ConversationId, clock: HandClock
) -> None:
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        for number in range(60):
            await socket.send(a_message("你好", f"m{number}"))
        await socket.send(a_message("你好", "too many"))
        error = (await socket.until("error"))[-1]
        assert (error["code"], error["message_id"]) == ("guard.too_many_messages", "too many")
        clock.forward(timedelta(seconds=error["retry_after"]))
        await socket.send({"type": "ping"})
        await socket.until("pong")
        await socket.send(a_message("谢谢", "later"))
        frames = [await socket.receive() for _ in range(3)]
    assert told(frames) == [("customer", "谢谢"), ("shop", "thanks")]


async def test_a_sign_in_goes_on_with_the_task_on_the_open_socket(
    app: Starlette, joined: Joined, conversation: ConversationId
) -> None:
    order = await order_in(joined.records, "paid")
    async with socket_of(app, conversation) as socket:
        await socket.until("ready")
        await socket.send(a_message(f"取消订单 {order.id}", "m1"))
        await socket.until("message")
        assert (await socket.until("message"))[-1]["replies"][0]["name"] == "sign_in_needed"
        await joined.turns.sign_in(conversation, FIRST_CUSTOMER, proof="test")
        assert (await socket.until("message"))[-1]["replies"][0]["name"] == "signed_in"
