"""Where pictures are kept: files named by a digest of what is in them, in a folder for each conversation.

What was sent lies under `new`. Which pictures belong to a message only the conversation's events say; once a picture
is old enough, it is asked there whether a message names it, and the picture goes to `kept`, or is deleted.
"""

import asyncio
import os
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from xiaoer.clock import Clock
from xiaoer.events import MessageReceived
from xiaoer.ids import AttachmentId, ConversationId, ShopId
from xiaoer.media.errors import TooManyAttachmentsError, UnknownAttachmentError
from xiaoer.media.pictures import Picture, clean_picture
from xiaoer.settings import AttachmentSettings
from xiaoer.store import Conversations

_NEW, _KEPT = "new", "kept"
_SUFFIX = ".jpg"
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PICTURE = re.compile(r"[0-9a-f]{32}")
_GRACE = timedelta(hours=1)
"""How much longer than it may be named a picture lies: a turn that names it may just be running."""


class Album:
    """The pictures of one shop's conversations, under a folder of their own."""

    def __init__(self, folder: Path, limits: AttachmentSettings, clock: Clock) -> None:
        self._folder = folder
        self._limits = limits
        self._clock = clock
        # A large picture takes hundreds of megabytes while it is unpacked, and a processor for a second.
        self._unpacking = asyncio.Semaphore(1)

    async def keep(self, conversation: ConversationId, data: bytes) -> Picture:
        """Make a picture harmless and keep it; it is on the disk when this returns. The same one twice is one.

        Raises:
            UnreadablePictureError: it is no picture that is taken. TooManyAttachmentsError: the conversation is full.
        """
        async with self._unpacking:
            await asyncio.to_thread(self._make_room, conversation)
            picture = await asyncio.to_thread(clean_picture, data, self._limits)
            await asyncio.to_thread(self._write, conversation, picture)
        return picture

    async def find(self, conversation: ConversationId, picture: str) -> Path | None:
        """Find a conversation's picture; one of another conversation is none."""
        if not _PICTURE.fullmatch(picture) or not _CONVERSATION.fullmatch(conversation):
            return None
        return await asyncio.to_thread(self._find, conversation, picture)

    async def require(self, conversation: ConversationId, pictures: Collection[AttachmentId]) -> None:
        """Make sure that a message may name these pictures.

        Raises:
            TooManyAttachmentsError: they are more than a message may have.
            UnknownAttachmentError: one of them is not this conversation's, or was sent too long ago.
        """
        if len(pictures) > self._limits.max_per_message:
            raise TooManyAttachmentsError(f"A message may have {self._limits.max_per_message} pictures at most.")
        for picture in pictures:
            path = await self.find(conversation, picture)
            if path is None or (path.parent.parent.name == _NEW and self._age(path) > self._lifetime):
                raise UnknownAttachmentError("There is no such picture; send it again.")

    async def sweep(self, conversations: Conversations, shop: ShopId) -> int:
        """Clear away pictures that no message named in time; give how many."""
        deleted = 0
        for place in await asyncio.to_thread(lambda: list(self._folder.glob(f"{_NEW}/*"))):
            old = await asyncio.to_thread(self._old, place)
            if not old:
                continue
            events = await conversations.load(shop, ConversationId(place.name))
            messages = (item.event for item in events if isinstance(item.event, MessageReceived))
            named = {picture for message in messages for picture in message.attachments}
            deleted += await asyncio.to_thread(self._settle, place, old, named)
        return deleted

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(hours=self._limits.unsent_hours)

    # On the disk, in threads

    def _make_room(self, conversation: ConversationId) -> None:
        if not _CONVERSATION.fullmatch(conversation):
            raise UnknownAttachmentError("This conversation takes no pictures.")
        if len(list(self._folder.glob(f"*/{conversation}/*{_SUFFIX}"))) >= self._limits.max_per_conversation:
            most = self._limits.max_per_conversation
            raise TooManyAttachmentsError(f"A conversation may have {most} pictures at most.")

    def _write(self, conversation: ConversationId, picture: Picture) -> None:
        path = self._find(conversation, picture.id) or self._path(_NEW, conversation, picture.id)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".part")
            with beside.open("wb") as file:
                file.write(picture.data)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(path)
            _flush(path.parent)
        moment = self._clock.now().timestamp()
        os.utime(path, (moment, moment))

    def _find(self, conversation: str, picture: str) -> Path | None:
        paths = (self._path(state, conversation, picture) for state in (_KEPT, _NEW))
        return next((path for path in paths if path.is_file()), None)

    def _path(self, state: str, conversation: str, picture: str) -> Path:
        return self._folder / state / conversation / f"{picture}{_SUFFIX}"

    def _old(self, place: Path) -> list[Path]:
        return [path for path in _files(place) if self._age(path) > self._lifetime + _GRACE]

    def _settle(self, place: Path, old: Collection[Path], named: Collection[str]) -> int:
        deleted = 0
        for path in old:
            if path.stem in named and path.suffix == _SUFFIX:
                kept = self._path(_KEPT, place.name, path.stem)
                kept.parent.mkdir(parents=True, exist_ok=True)
                path.rename(kept)
            else:
                path.unlink(missing_ok=True)
                deleted += 1
        with suppress(OSError):  # others lie there still
            place.rmdir()
        return deleted

    def _age(self, path: Path) -> timedelta:
        now = self._clock.now()
        return now - datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)


def _files(place: Path) -> Iterator[Path]:
    return place.iterdir() if place.is_dir() else iter(())


def _flush(folder: Path) -> None:
    """Have the disk keep a folder's new name as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
