"""Signatures of requests, so that a merchant's system knows that nobody made or changed one on the way."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

SIGNATURE_HEADER = "xiaoer-signature"
_TOLERANCE_SECONDS = 300
_VERSION = "v1"
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers; `target` is the path with its query as it stands in the request, `key` may be empty."""

    method: str
    target: str
    key: str
    body: bytes


def signature(secret: str, signed: Signed, *, at: datetime) -> str:
    """Give the header's value: `t=<Unix seconds>,v1=<HMAC-SHA256 in hexadecimal>`."""
    seconds = int(at.timestamp())
    return f"t={seconds},{_VERSION}={_digest(secret, signed, seconds)}"


def is_signature(value: str, secret: str, signed: Signed, *, now: datetime) -> bool:
    """Say whether a header's value is a signature of this request, and at most five minutes old."""
    parts = dict(part.partition("=")[::2] for part in value.split(","))
    seconds = parts.get("t", "")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= _MOST_DIGITS):
        return False
    if abs(now.timestamp() - int(seconds)) > _TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(parts.get(_VERSION, "").encode(), _digest(secret, signed, int(seconds)).encode())


def _digest(secret: str, signed: Signed, seconds: int) -> str:
    head = "\n".join((str(seconds), signed.method, signed.target, signed.key, ""))
    return hmac.new(secret.encode(), head.encode() + signed.body, hashlib.sha256).hexdigest()
