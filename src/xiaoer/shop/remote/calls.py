"""One call to the merchant's system and its answer, as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

_PART = re.compile(r"(?!\.+$)[^/\\\x00-\x1f\x7f]{1,200}")
"""What may stand between two slashes: nothing that leads elsewhere, however it is unpacked on the way."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. `route` names it in messages and logs, without any id; `path` is what is sent.

    `answers` are the statuses of 300 and more that the caller knows what to do with.
    """

    route: str
    path: str
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes = b""
    key: str = ""
    etag: str = ""
    answers: frozenset[int] = frozenset()

    @property
    def method(self) -> str:
        """A change is posted, everything else is only read."""
        return "POST" if self.body else "GET"

    @property
    def is_repeatable(self) -> bool:
        """Whether the call may be made again when its answer was lost: a change may only under its key."""
        return not self.body or bool(self.key)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole and within the bounds."""

    status: int
    body: bytes
    etag: str = ""


def path_of(*parts: str) -> str | None:
    """Join parts to a path, each escaped; none where an id can be no part of one: then there is nothing of that id."""
    if not all(_PART.fullmatch(part) for part in parts):
        return None
    return "".join("/" + quote(part, safe="") for part in parts)
