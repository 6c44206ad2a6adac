"""Events as bytes and back: JSON with the event's kind under `type`, so that a log can be read with any tool."""

import msgspec

from xiaoer.errors import XiaoerError
from xiaoer.events.records import AnyEvent

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


class UnreadableEventError(XiaoerError):
    """A stored event is not one that this version knows."""

    code = "events.unreadable"


def encode(event: AnyEvent) -> bytes:
    """Write an event as JSON in UTF-8; fields at their default are left out."""
    return _encoder.encode(event)


def decode(data: bytes | str) -> AnyEvent:
    """Read an event.

    Raises:
        UnreadableEventError: the bytes are no event of this version.
    """
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise UnreadableEventError(f"Not an event that this version knows ({error}): {data[:120]!r}") from error
