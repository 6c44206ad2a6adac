"""Reading a request's body: no more than allowed, and a clear error for what is no such JSON."""

from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request

from xiaoer.errors import XiaoerError

_T = TypeVar("_T")

MessageText: TypeAlias = Annotated[str, Meta(max_length=100_000)]
GivenName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*\Z")]
"""A name that a client gives to itself or to a message; no database keeps one with a NUL."""


AttachmentName: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
"""The id of a picture that was sent before."""


class BodyTooLargeError(XiaoerError):
    """A request is larger than allowed."""

    code = "http.too_large"
    status = 413


class BadBodyError(XiaoerError):
    """A request's body is not the JSON that it must be; the message names the field."""

    code = "http.bad_body"
    status = 400


async def read_body(request: Request, decoder: msgspec.json.Decoder[_T], max_bytes: int) -> _T:
    """Read a JSON body.

    Raises:
        BodyTooLargeError: over `max_bytes`. BadBodyError: not the JSON wanted.
    """
    body = bytearray()
    async for chunk in request.stream():
        body.extend(chunk)
        if len(body) > max_bytes:
            raise BodyTooLargeError(f"The request is larger than {max_bytes} bytes.")
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadBodyError(f"The body is not the JSON wanted: {error}") from error
