"""Tables with a column of texts and one of intents: CSV, the first sheet of an Excel file, or JSON lines."""

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xiaoer.learn.data.errors import DataFileError, LibraryMissingError
from xiaoer.learn.data.formats.rows import BadField, Rows, json_rows, moment_in, text_of
from xiaoer.learn.data.samples import Sample
from xiaoer.text import mask

_UNREADABLE = (OSError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile)
"""What the library lets through of zip and XML."""
_FURTHER = ("group", "time", "sentiment", "act")


def read_table(path: Path, *, text: str = "text", intent: str = "intent") -> Rows:
    """Read rows under headings; `text` and `intent` name the columns.

    `group`, `time`, `sentiment` and `act` (speech act) may stand beside them.

    Customers wrote these texts: phone numbers and the like are masked. A row without an intent is not labelled yet.

    Raises:
        DataFileError: a column is missing, or the file is none of its kind.
        LibraryMissingError: an Excel file, and its library is not installed.
    """
    if path.suffix.lower() == ".jsonl":
        return _lines(path, text, intent)
    lines = iter(_excel(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path))
    headings = [str(cell).strip() for cell in next(lines, (1, []))[1]]
    missing = [name for name in (text, intent) if name not in headings]
    if missing:
        there = ", ".join(filter(None, headings)) or "none"
        raise DataFileError(
            f"{path}:1: there is no column {missing[0]!r}, but {there}. Name the columns: --text, --intent."
        )
    places = {name: headings.index(name) for name in (text, intent, *_FURTHER) if name in headings}
    rows = Rows(path.name)
    for line, cells in lines:
        if any(str(cell).strip() for cell in cells):
            row = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
            rows.take(line, _sample, row, text, intent, f"{path.name}:{line}")
    return rows


def _lines(path: Path, text: str, intent: str) -> Rows:
    rows = Rows(path.name)
    for line, given in json_rows(path, rows):
        row = {name: "" if given.get(name) is None else given[name] for name in (text, intent, *_FURTHER)}
        rows.take(line, _sample, row, text, intent, f"{path.name}:{line}")
    return rows


def _sample(row: Mapping[str, object], text: str, intent: str, place: str) -> Sample:
    words = str(row[text]).strip()
    if not words:
        raise BadField(text, "no text stands here")
    return Sample(
        id=place,
        text=mask(words),
        intent=str(row[intent]).strip() or None,
        source=place.rpartition(":")[0],
        group=str(row.get("group", "")).strip(),
        time=moment_in(row.get("time"), "time"),
        sentiment=_mood(row.get("sentiment")),
        act=str(row.get("act", "")).strip(),
    )


def _mood(given: object) -> float | None:
    written = str(given if given is not None else "").strip()
    if not written:
        return None
    try:
        mood = float(written)
    except ValueError:
        mood = math.nan
    if not -1 <= mood <= 1:
        raise BadField("sentiment", f"no number from -1 to 1: {written!r}")
    return mood


def _csv(path: Path) -> Iterator[tuple[int, Sequence[object]]]:
    content = text_of(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader, line = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True), 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataFileError(f"{path}:{line}: not a table in CSV from here on ({error}).") from error
        yield line, cells
        line = reader.line_num + 1


def _excel(path: Path) -> Iterable[tuple[int, Sequence[object]]]:
    try:
        import openpyxl  # noqa: PLC0415  # of the extra `data`
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415
    except ImportError as error:
        raise LibraryMissingError("openpyxl", f"Reading {path.name}") from error
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (*_UNREADABLE, InvalidFileException) as error:
        raise DataFileError(f"{path} is no Excel file: {error}") from error
    with_lines = enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
    return ((line, ["" if cell is None else cell for cell in cells]) for line, cells in with_lines)
