"""Where pictures are kept, for whom, and how long."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from xiaoer.events import MessageReceived
from xiaoer.ids import AttachmentId, ConversationId, ShopId, new_conversation_id
from xiaoer.media import Album, TooManyAttachmentsError, UnknownAttachmentError
from xiaoer.settings import AttachmentSettings
from xiaoer.store import Conversations, Database, TurnAppend
from xiaoer.testing.clock import HandClock

from .pictures import a_picture

SHOP = ShopId("shop")
OWN, OTHER = new_conversation_id(), new_conversation_id()
_DAY = timedelta(hours=24)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def album(tmp_path: Path, clock: HandClock) -> Album:
    return Album(tmp_path, AttachmentSettings(max_per_message=2, max_per_conversation=3), clock)


@pytest.fixture
async def conversations() -> AsyncIterator[Conversations]:
    database = await Database.open(":memory:")
    yield Conversations(database)
    await database.close()


async def name_it(conversations: Conversations, clock: HandClock, *pictures: AttachmentId) -> None:
    """Store a message of the conversation that names pictures."""
    said = MessageReceived(text="", channel="web", attachments=pictures)
    turn = TurnAppend(shop=SHOP, conversation=OWN, after=0, turn=1, at=clock.now(), events=(said,), channel="web")
    await conversations.append(turn)


async def test_a_picture_is_found_in_its_own_conversation_alone(album: Album) -> None:
    picture = await album.keep(OWN, a_picture())
    found = await album.find(OWN, picture.id)
    assert found is not None
    assert found.read_bytes() == picture.data
    assert await album.find(OTHER, picture.id) is None
    with pytest.raises(UnknownAttachmentError):
        await album.require(OTHER, [picture.id])


@pytest.mark.parametrize("name", ["..", "../../secret", "a" * 32 + "/..", "%2e%2e", "A" * 32, "", "\0", "new"])
async def test_only_ids_are_looked_for(album: Album, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_text("not to be read")
    await album.keep(OWN, a_picture())
    assert await album.find(OWN, name) is None
    assert await album.find(ConversationId(f"../{OWN}"), "a" * 32) is None


def count(folder: Path) -> int:
    return len(list(folder.rglob("*.jpg")))


async def test_the_same_picture_twice_is_one(album: Album, tmp_path: Path) -> None:
    first, second = [await album.keep(OWN, a_picture()) for _ in range(2)]
    assert first.id == second.id
    assert count(tmp_path) == 1


async def test_a_message_and_a_conversation_have_so_many_pictures_at_most(album: Album) -> None:
    pictures = [(await album.keep(OWN, a_picture(width=10 + number))).id for number in range(3)]
    with pytest.raises(TooManyAttachmentsError):
        await album.keep(OWN, a_picture(width=99))
    await album.keep(OTHER, a_picture())
    await album.require(OWN, pictures[:2])
    with pytest.raises(TooManyAttachmentsError):
        await album.require(OWN, pictures)


async def test_a_picture_that_no_message_names_can_be_named_for_a_day_and_is_gone_soon_after(
    album: Album, clock: HandClock, conversations: Conversations
) -> None:
    picture = (await album.keep(OWN, a_picture())).id
    clock.forward(_DAY)
    await album.require(OWN, [picture])
    clock.forward(timedelta(seconds=2))
    with pytest.raises(UnknownAttachmentError):
        await album.require(OWN, [picture])
    assert await album.sweep(conversations, SHOP) == 0
    clock.forward(timedelta(hours=1))
    assert await album.sweep(conversations, SHOP) == 1
    assert await album.find(OWN, picture) is None


async def test_a_picture_that_a_message_names_stays(
    album: Album, clock: HandClock, conversations: Conversations, tmp_path: Path
) -> None:
    named, orphan = [(await album.keep(OWN, a_picture(width=width))).id for width in (10, 20)]
    await name_it(conversations, clock, named)
    for _ in range(3):
        clock.forward(2 * _DAY)
        await album.sweep(conversations, SHOP)
    assert await album.find(OWN, named) is not None
    assert await album.find(OWN, orphan) is None
    await album.require(OWN, [named])
    assert not (tmp_path / "new" / OWN).exists()


async def test_what_a_crash_left_half_written_is_never_given_and_cleared_away(
    album: Album, clock: HandClock, conversations: Conversations, tmp_path: Path
) -> None:
    half = tmp_path / "new" / OWN / f"{'a' * 32}.part"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    os.utime(half, (clock.now().timestamp(),) * 2)
    assert await album.find(OWN, "a" * 32) is None
    clock.forward(2 * _DAY)
    await album.sweep(conversations, SHOP)
    assert not half.exists()


_KEEPER = """
    import asyncio, sys, time
    from pathlib import Path
    from xiaoer.ids import ConversationId
    from xiaoer.media import Album
    from xiaoer.settings import AttachmentSettings
    from xiaoer.testing.clock import HandClock

    album = Album(Path(sys.argv[1]), AttachmentSettings(), HandClock())
    picture = asyncio.run(album.keep(ConversationId(sys.argv[2]), sys.stdin.buffer.read()))
    print(picture.id, flush=True)
    time.sleep(600)
"""


def kept_and_killed(folder: Path) -> AttachmentId:
    """Keep a picture in a process that is killed once it has said so."""
    command = [sys.executable, "-c", dedent(_KEEPER), str(folder), OWN]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as keeper:  # noqa: S603 - our own
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        keeper.stdin.write(a_picture())
        keeper.stdin.close()
        picture = AttachmentId(keeper.stdout.readline().decode().strip())
        keeper.send_signal(signal.SIGKILL)
        keeper.wait()
    return picture


@pytest.mark.service
async def test_a_picture_that_was_acknowledged_is_there_after_a_kill(
    album: Album, clock: HandClock, conversations: Conversations, tmp_path: Path
) -> None:
    picture = kept_and_killed(tmp_path)
    await album.require(OWN, [picture])
    await name_it(conversations, clock, picture)
    clock.forward(2 * _DAY)
    await album.sweep(conversations, SHOP)
    assert await album.find(OWN, picture) is not None
