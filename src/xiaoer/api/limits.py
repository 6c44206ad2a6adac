"""No request body larger than allowed, whether it says its size or not."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xiaoer.api.failures import failure
from xiaoer.channels import BodyTooLargeError


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
        if stated.isdigit() and int(stated) > self._max_bytes:
            error = BodyTooLargeError(f"The request is larger than {self._max_bytes} bytes.")
            await failure(error.code, str(error), error.status)(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise BodyTooLargeError(f"The request is larger than {self._max_bytes} bytes.")
            return message

        return counted
