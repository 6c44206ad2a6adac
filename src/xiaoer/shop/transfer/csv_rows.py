"""The rows of a CSV file: RFC 4180, in UTF-8, with a comma, semicolon or tab between the cells."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xiaoer.shop.transfer.faults import Bad, Fault
from xiaoer.shop.transfer.headers import Header, delimiter_of, read_header
from xiaoer.shop.transfer.raw import RawRow
from xiaoer.shop.transfer.tables import Table

LONGEST_CELL = 1 << 20
"""In characters. A quotation mark that is never closed swallows no more than that."""

_NOT_UTF8 = Bad("is not UTF-8", "Save the file as CSV UTF-8.")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its header, and what stands between cells."""

    header: Header
    delimiter: str


def read_layout(path: Path, table: Table) -> Layout | list[Fault]:
    """Read the header of a table's file, or say what is wrong with it."""
    try:
        with path.open("rb") as stream:
            delimiter = delimiter_of(table, next(_lines(stream), ""))
        with path.open("rb") as stream:
            header = read_header(table, next(csv.reader(_lines(stream), delimiter=delimiter, strict=True), []))
    except UnicodeDecodeError:
        return [Fault(("header",), *_NOT_UTF8)]
    except csv.Error as error:
        return [Fault(("header",), f"cannot be read ({error})", "Write the file as RFC 4180 says.")]
    return header if isinstance(header, list) else Layout(header, delimiter)


def read_csv(stream: BinaryIO, layout: Layout) -> Iterator[RawRow]:
    """Give the rows below the header; those without a filled cell are left out."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_lines(stream), delimiter=layout.delimiter, strict=True)
    next(reader)
    unread = 0  # lines of which the reader knows nothing
    while True:
        line = reader.line_num + unread + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError:
            unread += 1
            yield RawRow(line, _NOT_UTF8)
        except csv.Error as error:
            yield RawRow(line, Bad(f"cannot be read ({error})", "Look for a quotation mark too many or too few."))
        else:
            if any(cells):
                yield RawRow(line, cells)


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Give the lines as text. One that is not UTF-8 raises; the next call goes on behind it."""
    if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        stream.seek(0)
    return map(bytes.decode, stream)
