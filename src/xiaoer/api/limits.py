"""No request body larger than allowed, whether it says its size or not."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xiaoer.api.failures import failure
from xiaoer.channels import BodyTooLargeError

_MOST_DIGITS = 18


class BodyLimit:
    """Refuses larger bodies: at once by their stated length, otherwise as soon as they exceed it."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request unless its body is too large."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if stated.isdigit() and (len(stated) > _MOST_DIGITS or int(stated) > self._max_bytes):
            await self._refuse(scope, receive, send)
            return
        await self._serve_counted(scope, receive, send)

    async def _serve_counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes; what is answered to one that grows too large is our refusal alone."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise self._too_large()
            return message

        async def answer(message: Message) -> None:
            if received <= self._max_bytes:
                await send(message)

        with suppress(BodyTooLargeError):
            await self._app(scope, counted, answer)
        if received > self._max_bytes:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = self._too_large()
        await failure(error.code, str(error), error.status)(scope, receive, send)

    def _too_large(self) -> BodyTooLargeError:
        return BodyTooLargeError(f"The request is larger than {self._max_bytes} bytes.")
