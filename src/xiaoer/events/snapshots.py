"""The state of a conversation as bytes: what the fold gave, so that it need not begin at the first event again."""

import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from xiaoer.events.state import Conversation

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Conversation)


def encode_state(state: Conversation) -> bytes:
    """Write a state as JSON in UTF-8."""
    return _encoder.encode(state)


def decode_state(data: bytes) -> Conversation:
    """Read a state that this version's fold has given.

    Raises:
        msgspec.MsgspecError: it is none.
    """
    return _decoder.decode(data)


@lru_cache(maxsize=1)
def fold_version() -> str:
    """Name the fold by its code: what another one gave does not count, and the events are folded anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
