"""What of a received text goes on: no control characters, no broken code points, no more than the limit."""

import re

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str, *, limit: int) -> str:
    """Drop what no person types (control characters, lone surrogates) and cut at `limit` characters."""
    return _FORBIDDEN.sub("", text[:limit]).strip()
