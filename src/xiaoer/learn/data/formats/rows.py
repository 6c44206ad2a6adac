"""Rows of a file on their way to samples: what was read so far, what was wrong, and the checks that all forms share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, ParamSpec

import msgspec

from xiaoer.learn.data.errors import DataFileError, RowFault
from xiaoer.learn.data.samples import Sample, Span

P = ParamSpec("P")


class BadField(Exception):  # noqa: N818  # never leaves this room: it becomes a RowFault
    """A field of a row will not do."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field}: {what}")
        self.field, self.what = field, what


@dataclass(slots=True)
class Rows:
    """What was read of a file; `lines` says where each sample stands, where `take` took it."""

    file: str
    samples: list[Sample] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def take(self, line: int, make: Callable[P, Sample], *given: P.args, **named: P.kwargs) -> None:
        """Keep the sample that a row gives; a row of which something will not do is left out whole and noted."""
        try:
            self.samples.append(make(*given, **named))
            self.lines.append(line)
        except BadField as bad:
            self.refuse(line, bad.field, bad.what)

    def refuse(self, line: int, field: str, what: str) -> None:
        """Note that a row was left out."""
        self.faults.append(RowFault(self.file, line, field, what))


def text_of(path: Path) -> str:
    """Read a file of text; a mark at its beginning, as Excel writes it, is no part of it.

    Raises:
        DataFileError: there is no such file, or it is not in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataFileError(f"{path}:{line}: not in UTF-8; save it as UTF-8 and try again.") from error
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from error


def json_rows(path: Path, rows: Rows) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the objects of a file of JSON lines with their lines; what is none is noted."""
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except msgspec.MsgspecError as error:
            rows.refuse(number, "line", f"no JSON ({error})")
            continue
        if isinstance(row, dict):
            yield number, row
        else:
            rows.refuse(number, "line", 'no object: write {"text": …} on each line')


def words_in(row: dict[str, Any], field: str) -> str:
    """Give the text that must stand in a field."""
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise BadField(field, "no text stands here")
    return value


def spans_in(given: object, text: str, field: str) -> tuple[Span, ...]:
    """Give spans written as `[start, end, entity]` or as objects, checked against the text."""
    if not isinstance(given, list):
        raise BadField(field, "no list of [start, end, entity]")
    spans = sorted(_span(one, text, field) for one in given)
    for before, after in pairwise(spans):
        if after.start < before.end:
            raise BadField(field, f"{before.entity} and {after.entity} overlap at {after.start}")
    return tuple(spans)


def _span(given: object, text: str, field: str) -> Span:
    if isinstance(given, dict):
        given = [given.get(name) for name in ("start_offset", "end_offset", "label")]
    match given:
        case [int() as start, int() as end, str() as entity] if entity:
            if 0 <= start < end <= len(text):
                return Span(start, end, entity)
            raise BadField(field, f"{start} to {end} lies outside of the text, which has {len(text)} characters")
        case _:
            raise BadField(field, f"no [start, end, entity]: {given!r}")


def moment_in(given: object, field: str) -> datetime | None:
    """Give a moment (ISO 8601, or seconds since 1970) in UTC; one without a time zone is taken as UTC."""
    match given:
        case None | "":
            return None
        case datetime():
            moment = given
        case int() | float() if not isinstance(given, bool):
            try:
                moment = datetime.fromtimestamp(given, UTC)
            except (OverflowError, ValueError, OSError) as error:
                raise BadField(field, f"no moment: {given!r}") from error
        case _:
            try:
                moment = datetime.fromisoformat(str(given))
            except ValueError as error:
                raise BadField(field, f"no moment as in 2026-11-26T20:00:00+08:00: {given!r}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
