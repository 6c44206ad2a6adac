"""A fuse that blows at one step of a process's work, and the real parts with the fuse in each of their seams."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import httpx
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xiaoer.answer import Composer
from xiaoer.events import Choice, Claim, Reading, Reply
from xiaoer.ids import ActionKey, CustomerId
from xiaoer.pack import ActionSpec, Pack
from xiaoer.shop import ActionResult, Shop
from xiaoer.store import Database, GroupWriter, TurnAppend, Unit
from xiaoer.store.sqlite import Place, Readers
from xiaoer.turn import Reader

_T = TypeVar("_T")


class KilledError(BaseException):
    """The process is gone: nothing in it may mend this, and nothing after this instant happens."""


@dataclass
class Fuse:
    """Notes each step that a process comes to, and kills it at one; a killed process comes to no further step.

    A step that comes again is called by its number as well: `answer sent 2`. `watch` sees each of them.
    """

    at: str = ""
    watch: Callable[[str], None] | None = None
    passed: list[str] = field(default_factory=list)
    _is_blown: bool = False

    def cross(self, step: str) -> None:
        """Come to a step."""
        self.check()
        times = 1 + sum(re.fullmatch(rf"{step}( \d+)?", name) is not None for name in self.passed)
        name = step if times == 1 else f"{step} {times}"
        self.passed.append(name)
        if self.watch is not None:
            self.watch(name)
        if name == self.at:
            self._is_blown = True
            self.check()

    def check(self) -> None:
        """Let nothing go on in a process that was killed."""
        if self._is_blown:
            raise KilledError(self.at)


class FusedWriter(GroupWriter):
    """Stands before the real writer: a process can end before it asks for a write, at its commit, and after it.

    `names` are of what is written beside turns, in order; the last one is of all that follows.
    """

    def __init__(self, inner: GroupWriter) -> None:  # the real writer alone is set up
        self.fuse = Fuse()
        self.names: tuple[str, ...] = ("more",)
        self._inner = inner
        self._written = 0
        self._asked = ""

    async def run(self, unit: Unit[_T]) -> _T:
        name = self.names[min(self._written, len(self.names) - 1)]
        self._written += 1
        return await self._stored(name, lambda: self._inner.run(unit))

    async def append(self, append: TurnAppend) -> None:
        await self._stored("turn", lambda: self._inner.append(append))

    async def close(self) -> None:
        await self._inner.close()

    def commit(self) -> None:
        """All of a write stands in its transaction, which ends now."""
        self.fuse.cross(f"{self._asked} commit")

    async def _stored(self, name: str, write: Callable[[], Awaitable[_T]]) -> _T:
        self.fuse.cross(f"{name} asked")
        self._asked = name
        try:
            given = await write()
        except Exception:
            self.fuse.check()  # who was killed hears of no failure
            raise
        self.fuse.cross(f"{name} stored")
        return given


class FusedDatabase(Database):
    """The real database behind a fused writer."""

    def __init__(self, *, readers: AsyncEngine, standing: Readers | None, writing: AsyncEngine, place: Place) -> None:
        super().__init__(readers=readers, standing=standing, writing=writing, place=place)
        self.fused = FusedWriter(self.writer)
        self.writer = self.fused
        event.listen(writing.sync_engine, "commit", lambda _: self.fused.commit())


@dataclass(frozen=True)
class FusedReader:
    """A reader that is asked at a step."""

    reader: Reader
    fuse: Fuse

    @property
    def model_id(self) -> str:
        return self.reader.model_id

    def read(self, text: str, *, now: datetime) -> Reading:
        self.fuse.cross("message read")
        return self.reader.read(text, now=now)

    def meant(self, text: str) -> str:
        return self.reader.meant(text)


class FusedComposer(Composer):
    """Words replies at a step."""

    def __init__(self, pack: Pack, fuse: Fuse) -> None:
        super().__init__(pack)
        self._fuse = fuse

    def say(self, name: str, known: Mapping[str, Any], choices: Sequence[Choice] = (), *, turn: int) -> Reply:
        self._fuse.cross("reply worded")
        return super().say(name, known, choices, turn=turn)


@dataclass(frozen=True)
class FusedShop:
    """A shop that is asked for a change at one step and has answered at another."""

    shop: Shop
    fuse: Fuse

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        return self.shop.specs

    @property
    def can_identify(self) -> bool:
        return self.shop.can_identify

    async def identify(self, claim: Claim) -> CustomerId | None:
        return await self.shop.identify(claim)

    async def run(
        self,
        action: str,
        arguments: Mapping[str, str],
        *,
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey | None = None,
    ) -> ActionResult:
        if key is None:
            return await self.shop.run(action, arguments, customer=customer, now=now)
        self.fuse.cross("shop asked")
        result = await self.shop.run(action, arguments, customer=customer, now=now, key=key)
        self.fuse.cross("shop answered")
        return result

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        return await self.shop.words()


@dataclass(frozen=True)
class FusedLine(httpx.AsyncBaseTransport):
    """A line on which something is posted at one step and has arrived, its answer too, at another."""

    line: httpx.AsyncBaseTransport
    fuse: Fuse
    sent: str
    arrived: str

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.line.handle_async_request(request)
        self.fuse.cross(self.sent)
        response = await self.line.handle_async_request(request)
        self.fuse.cross(self.arrived)
        return response

    async def aclose(self) -> None:
        await self.line.aclose()


def fused_app(app: ASGIApp, fuse: Fuse) -> ASGIApp:
    """Give an application to which a message comes, and whose reply leaves, in steps."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def pass_on(message: Message) -> None:
            fuse.cross("reply begins" if message["type"] == "http.response.start" else "reply leaves")
            await send(message)

        fuse.cross("message arrives")
        await app(scope, receive, pass_on)
        fuse.cross("reply left")

    return serve
