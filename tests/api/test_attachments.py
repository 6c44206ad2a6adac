"""Pictures of a conversation over HTTP and the socket."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from xiaoer.api.shapes import Answer, Attachment, ConversationOpened, History
from xiaoer.app import Joined, web_app
from xiaoer.events import MessageReceived
from xiaoer.ids import ConversationId, new_conversation_id
from xiaoer.pack import Pack
from xiaoer.settings import AttachmentSettings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import joined_with, settings_for, socket_to

from ..media.pictures import PLACE, a_bomb, a_photo, a_picture
from .test_conversations_api import API, expect, expect_error, names, opened, say

_LIMITS = AttachmentSettings(max_bytes=20_000, max_per_message=2, max_per_conversation=3)


@pytest.fixture
async def joined(shop_pack: Pack, tmp_path: Path, clock: HandClock) -> AsyncIterator[Joined]:
    settings = settings_for(tmp_path, attachments=_LIMITS)
    async with joined_with(a_shop_reader(), shop_pack, settings, clock=clock) as parts:
        yield parts


async def send(client: httpx.AsyncClient, conversation: str, data: bytes, **headers: str) -> httpx.Response:
    sent = {"content-type": "image/png", **headers}
    return await client.post(f"{API}/{conversation}/attachments", content=data, headers=sent)


async def sent(client: httpx.AsyncClient, conversation: str, data: bytes | None = None) -> str:
    return expect(await send(client, conversation, data or a_picture()), 201, Attachment).id


async def read(client: httpx.AsyncClient, conversation: str, picture: str) -> httpx.Response:
    return await client.get(f"{API}/{conversation}/attachments/{picture}")


async def messages(joined: Joined, conversation: str) -> list[MessageReceived]:
    events = await joined.conversations.load(joined.shop_id, ConversationId(conversation))
    return [item.event for item in events if isinstance(item.event, MessageReceived)]


async def test_a_client_is_told_what_may_be_sent(client: httpx.AsyncClient) -> None:
    conversation = expect(await client.post(API, json={}), 201, ConversationOpened)
    history = expect(await client.get(f"{API}/{conversation.id}/messages"), 200, History)
    assert conversation.pictures == history.pictures
    assert conversation.pictures is not None
    assert (conversation.pictures.max_bytes, conversation.pictures.max_per_message) == (20_000, 2)


async def test_a_picture_is_sent_named_and_read_back(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client)
    picture = expect(await send(client, conversation, a_picture(width=50, height=20)), 201, Attachment)
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 50, 20)
    answer = expect(await say(client, conversation, "", attachments=[picture.id]), 200, Answer)
    assert names(answer) == ["pictures_alone"]
    assert [message.attachments for message in await messages(joined, conversation)] == [(picture.id,)]
    history = expect(await client.get(f"{API}/{conversation}/messages"), 200, History)
    assert [message.attachments for message in history.messages if message.sender == "customer"] == [(picture.id,)]
    response = await read(client, conversation, picture.id)
    assert (response.status_code, len(response.content)) == (200, picture.bytes)


async def test_a_picture_is_given_so_that_nothing_in_it_can_run(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    picture = await sent(client, conversation, a_photo() + b"<script>alert(1)</script>")
    response = await read(client, conversation, picture)
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["content-disposition"].startswith("attachment;")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert response.headers["cache-control"].startswith("private")
    assert PLACE not in response.content
    assert b"script" not in response.content


async def test_the_bytes_count_and_not_what_they_are_called(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    expect(await send(client, conversation, a_picture("WEBP"), **{"content-type": "text/html"}), 201, Attachment)
    for data in (b"<html><script>alert(1)</script>", b"%PDF-1.7", b"", a_picture("BMP")):
        disposition = 'attachment; filename="bowl.jpg"'
        response = await send(client, conversation, data, **{"content-disposition": disposition})
        expect_error(response, 422, "attachment.unreadable")


async def test_a_bomb_is_refused(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    expect_error(await send(client, conversation, a_bomb(edge=60_000)), 422, "attachment.unreadable")


@pytest.mark.parametrize("is_stated", [True, False])
async def test_a_file_that_is_too_large_is_refused(client: httpx.AsyncClient, is_stated: bool) -> None:
    conversation = await opened(client)

    def pieces() -> Iterator[bytes]:
        for _ in range(400):
            yield bytes(1000)

    async def in_pieces() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    content = b"".join(pieces()) if is_stated else in_pieces()
    response = await client.post(f"{API}/{conversation}/attachments", content=content)
    expect_error(response, 413, "http.too_large")


async def test_pictures_are_counted(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client)
    pictures = [await sent(client, conversation, a_picture(width=10 + number)) for number in range(3)]
    expect_error(await send(client, conversation, a_picture(width=99)), 409, "attachment.too_many")
    expect_error(await say(client, conversation, "看", attachments=pictures), 409, "attachment.too_many")
    assert await messages(joined, conversation) == []


async def test_another_conversations_picture_and_an_absent_one_are_the_same(
    client: httpx.AsyncClient, joined: Joined
) -> None:
    own, other = await opened(client), await opened(client)
    picture = await sent(client, own)
    foreign, absent = await read(client, other, picture), await read(client, other, "a" * 32)
    expect_error(foreign, 404, "attachment.unknown")
    assert foreign.content == absent.content
    assert await read_status(client, new_conversation_id(), picture) == 404
    named, guessed = [await say(client, other, "看", attachments=[name]) for name in (picture, "a" * 32)]
    expect_error(named, 404, "attachment.unknown")
    assert named.content == guessed.content
    assert await messages(joined, other) == []


async def read_status(client: httpx.AsyncClient, conversation: str, picture: str) -> int:
    return (await read(client, conversation, picture)).status_code


@pytest.mark.parametrize("name", ["..%2f..%2fvisitor.secret", "%2e%2e", "..", "x" * 65, "%00", "new"])
async def test_no_path_leads_out_of_a_conversation(client: httpx.AsyncClient, name: str) -> None:
    conversation = await opened(client)
    await sent(client, conversation)
    assert await read_status(client, conversation, name) in (400, 404, 405)
    response = await say(client, conversation, "看", attachments=[name])
    expect_error(response, 400, "http.bad_body")


async def test_a_message_sent_again_changes_nothing(
    client: httpx.AsyncClient, joined: Joined, clock: HandClock
) -> None:
    conversation = await opened(client)
    picture = await sent(client, conversation)
    first = await say(client, conversation, "看", attachments=[picture], message_id="m1")
    clock.forward(timedelta(hours=30))
    second = await say(client, conversation, "看", attachments=[picture], message_id="m1")
    assert (first.status_code, second.content) == (200, first.content)
    assert len(await messages(joined, conversation)) == 1


async def test_a_picture_not_named_in_time_is_gone(client: httpx.AsyncClient, joined: Joined, clock: HandClock) -> None:
    conversation = await opened(client)
    picture = await sent(client, conversation)
    clock.forward(timedelta(hours=25, minutes=1))
    expect_error(await say(client, conversation, "看", attachments=[picture]), 404, "attachment.unknown")
    assert await joined.album.sweep(joined.conversations, joined.shop_id) == 1
    assert await read_status(client, conversation, picture) == 404


async def test_a_picture_named_twice_in_a_message_counts_once(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client)
    picture = await sent(client, conversation)
    expect(await say(client, conversation, "", attachments=[picture] * 5), 200, Answer)
    assert [message.attachments for message in await messages(joined, conversation)] == [(picture,)]


async def test_pictures_count_as_messages_for_the_rate(shop_pack: Pack, tmp_path: Path, clock: HandClock) -> None:
    settings = settings_for(tmp_path, guard={"messages_per_minute": 3})
    async with joined_with(a_shop_reader(), shop_pack, settings, clock=clock) as parts:
        transport = httpx.ASGITransport(web_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            conversation = await opened(client)
            answers = [(await send(client, conversation, b"nothing")).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 429, 429]


async def test_a_shop_may_take_no_pictures(shop_pack: Pack, tmp_path: Path, clock: HandClock) -> None:
    settings = settings_for(tmp_path, attachments=AttachmentSettings(enabled=False))
    async with joined_with(a_shop_reader(), shop_pack, settings, clock=clock) as parts:
        transport = httpx.ASGITransport(web_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            conversation = expect(await client.post(API, json={}), 201, ConversationOpened)
            assert conversation.pictures is None
            expect_error(await send(client, conversation.id, a_picture()), 403, "attachment.off")


async def test_a_picture_goes_over_the_socket(client: httpx.AsyncClient, app: Starlette, joined: Joined) -> None:
    conversation = await opened(client)
    picture = await sent(client, conversation)
    async with socket_to(app, f"{API}/{conversation}/socket") as line:
        await line.until("ready")
        await line.send({"type": "message", "text": "", "message_id": "m1", "attachments": [picture]})
        assert (await line.until("message"))[-1]["attachments"] == [picture]
        await line.send({"type": "message", "text": "看", "message_id": "m2", "attachments": ["../secret"]})
        assert (await line.until("error"))[-1]["code"] == "http.bad_body"
        await line.send({"type": "message", "text": "看", "message_id": "m3", "attachments": ["b" * 32]})
        assert (await line.until("error"))[-1]["code"] == "attachment.unknown"
    assert len(await messages(joined, conversation)) == 1
