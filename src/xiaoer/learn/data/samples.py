"""The one data model: a sample is a text with what is known of it, a table is samples in their order."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from xiaoer.text import name_key, normalise


class Span(msgspec.Struct, frozen=True, order=True):
    """An entity marked in a text: characters `start` to `end` (not included)."""

    start: int
    end: int
    entity: str


class Sample(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A text of a table, and what is known of it.

    `id` is one of its kind in a table; `source` the file that it came from. Samples of one `group` (a conversation, an
    original and what was made of it) belong together: no split parts them. `split` names the part it was put into.
    `sentiment` is the mood that the text tells, from -1 (furious) to 1 (delighted); `act` its speech act: question,
    request, statement or acknowledgement.
    """

    id: str
    text: str
    intent: str | None = None
    spans: tuple[Span, ...] = ()
    source: str = ""
    group: str = ""
    time: datetime | None = None
    split: str = ""
    sentiment: Annotated[float, msgspec.Meta(ge=-1, le=1)] | None = None
    act: str = ""


Table: TypeAlias = tuple[Sample, ...]


def key_of(text: str) -> str:
    """Give the form in which texts that say the same to the models are equal: normal, letters and digits alone."""
    normal = normalise(text).text
    return name_key(normal) or normal


def with_own_ids(samples: Iterable[Sample]) -> Table:
    """Give every sample an id of its own: a second one of a name gets a number behind it."""
    taken: Counter[str] = Counter()
    named = []
    for sample in samples:
        taken[sample.id] += 1
        count = taken[sample.id]
        named.append(sample if count == 1 else msgspec.structs.replace(sample, id=f"{sample.id}#{count}"))
    return tuple(named)


def texts_and_intents(samples: Sequence[Sample]) -> tuple[list[str], list[str]]:
    """Give the texts of labelled samples and their intents."""
    return [sample.text for sample in samples], [sample.intent or "" for sample in samples]


def encode(table: Sequence[Sample]) -> bytes:
    """Write a table as lines of JSON, a sample each; the same table gives the same bytes."""
    return b"".join(msgspec.json.encode(sample, order="deterministic") + b"\n" for sample in table)


def hash_of(written: bytes) -> str:
    """Hash the content of a file: 12 hexadecimal digits, as those that name models."""
    return hashlib.sha256(written).hexdigest()[:12]


def file_hash(path: Path) -> str:
    """Hash a file's content."""
    return hash_of(path.read_bytes())
