"""Ways for a web server to fail, one request at a time; and a server that a test starts and ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from enum import Enum
from functools import partial

import uvicorn
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PIECE = b" " * 65_536


class Fault(Enum):
    """How a request can end other than well."""

    HANGS = "no answer, for as long as the asker waits"
    DRIPS = "an answer that comes in pieces and never ends"
    FAILS = "an answer of status 500"
    IS_BUSY = "an answer of status 429 that says when to come again"
    IS_REFUSED = "an answer of status 422"
    IS_GARBAGE = "a page in place of JSON"
    IS_CUT_OFF = "half of an answer, after everything was done"
    IS_LOST = "everything done, and the line cut before the answer"
    IS_ENDLESS = "an answer as long as the asker takes it"


@dataclass(slots=True)
class Faults:
    """What the next requests end in. `asked` lists the requests that came, as `GET /products`."""

    asked: list[str] = field(default_factory=list)
    _waiting: list[tuple[str, Fault]] = field(default_factory=list)

    def add(self, fault: Fault, *, times: int = 1, on: str = "") -> None:
        """Let the next requests end in a fault; `on` is what they begin with, as `POST /changes`."""
        self._waiting += [(on, fault)] * times

    def clear(self) -> None:
        """Let all go well again."""
        self._waiting.clear()

    def between(self, app: ASGIApp) -> ASGIApp:
        """Give an application that is this one but for the faults."""
        return partial(self._serve, app)

    async def _serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        asked = f"{scope['method']} {scope['path']}"
        self.asked.append(asked)
        fault = self._next(asked)
        if fault is None:
            await app(scope, receive, send)
        elif fault in (Fault.IS_CUT_OFF, Fault.IS_LOST):
            await app(scope, receive, partial(_cut_short, send, fault))
        else:
            await _fail(fault, scope, receive, send)

    def _next(self, asked: str) -> Fault | None:
        for index, (on, fault) in enumerate(self._waiting):
            if asked.startswith(on):
                del self._waiting[index]
                return fault
        return None


async def _cut_short(send: Send, fault: Fault, message: Message) -> None:
    """Send an answer's head, and of its body half or nothing; the server then cuts the line."""
    if message["type"] == "http.response.start":
        await send(message)
    elif fault is Fault.IS_CUT_OFF:
        await send({**message, "body": message["body"][: len(message["body"]) // 2], "more_body": True})


async def _fail(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    match fault:
        case Fault.HANGS:
            await _until_hung_up(receive)
        case Fault.DRIPS:
            await _send_pieces(receive, send, b" ", pause_seconds=0.01)
        case Fault.IS_ENDLESS:
            await _send_pieces(receive, send, _PIECE, pause_seconds=0)
        case Fault.IS_GARBAGE:
            await Response("<html>Welcome</html>", media_type="text/html")(scope, receive, send)
        case Fault.IS_REFUSED:
            await _failure(422)(scope, receive, send)
        case Fault.IS_BUSY:
            await _failure(429, {"retry-after": "1"})(scope, receive, send)
        case _:
            await _failure(500)(scope, receive, send)


def _failure(status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": "broken", "message": "Something broke."}}, status, headers)


async def _until_hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_pieces(receive: Receive, send: Send, piece: bytes, *, pause_seconds: float) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    hanging_up = asyncio.create_task(_until_hung_up(receive))
    while not hanging_up.done():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(pause_seconds)


class _Server(uvicorn.Server):
    """Tells when it listens, stops at once, and leaves the process's signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens, self.stops = asyncio.Event(), asyncio.Event()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # theirs is a generator
        """Capture none."""
        return nullcontext()

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        await self.on_tick(0)
        self.listens.set()
        await self.stops.wait()


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """Serve an application on a free port of this machine, in this event loop; give the port."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        interface="asgi3",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await server.listens.wait()
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.force_exit = True
        server.stops.set()
        await serving
