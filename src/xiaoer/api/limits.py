"""No request body larger than allowed, whether it says its size or not."""

import re
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xiaoer.api.failures import failure
from xiaoer.channels import BodyTooLargeError

_MOST_DIGITS = 18
_UPLOADS = re.compile(r"/api/v1/conversations/[^/]+/attachments")


class BodyLimit:
    """Refuses larger bodies: at once by their stated length, otherwise as soon as they exceed it.

    A picture may have `upload_bytes`.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, upload_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request unless its body is too large."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        most = self._upload_bytes if _UPLOADS.fullmatch(scope["path"]) else self._max_bytes
        stated = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if stated.isdigit() and (len(stated) > _MOST_DIGITS or int(stated) > most):
            await _refuse(scope, receive, send, most)
            return
        await self._serve_counted(scope, receive, send, most)

    async def _serve_counted(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        """Count the body as it comes; what is answered to one that grows too large is our refusal alone."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise _too_large(most)
            return message

        async def answer(message: Message) -> None:
            if received <= most:
                await send(message)

        with suppress(BodyTooLargeError):
            await self._app(scope, counted, answer)
        if received > most:
            await _refuse(scope, receive, send, most)


async def _refuse(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    error = _too_large(most)
    await failure(error.code, str(error), error.status)(scope, receive, send)


def _too_large(most: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"The request is larger than {most} bytes.")
