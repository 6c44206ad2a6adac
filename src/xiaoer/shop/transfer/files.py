"""The files of a folder: which table each holds, in which format, and what stands in it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from xiaoer.shop.transfer.csv_reading import CsvReader
from xiaoer.shop.transfer.csv_rows import Layout, read_csv, read_layout
from xiaoer.shop.transfer.errors import TransferFilesError
from xiaoer.shop.transfer.faults import Fault, did_you_mean, dotted
from xiaoer.shop.transfer.json_rows import read_array, read_lines
from xiaoer.shop.transfer.raw import RawRow
from xiaoer.shop.transfer.reading import RowReader
from xiaoer.shop.transfer.tables import Table, tables
from xiaoer.shop.transfer.values import Assumed

_SUFFIXES = (".csv", ".json", ".jsonl")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file with the rows of a table; `digest` is that of its bytes, `layout` that of a CSV file."""

    path: Path
    table: Table
    size: int
    digest: str
    layout: Layout | None

    def rows(self, stream: BinaryIO) -> Iterator[RawRow]:
        """Read the rows of the open file in order, each with its line."""
        if self.layout is not None:
            return read_csv(stream, self.layout)
        return (read_array if _suffix(self.path) == ".json" else read_lines)(stream)

    def reader(self, assumed: Assumed) -> RowReader | CsvReader:
        """Give what checks the rows."""
        if self.layout is not None:
            return CsvReader(self.layout.header, self.table, assumed)
        return RowReader(self.table, assumed)


def find_files(folder: Path) -> tuple[TableFile, ...]:
    """Find the files that hold tables, in the order of the tables.

    Raises:
        TransferFilesError: there is none, a file's name or header is not one of a table, or a table has two files.
    """
    names = {table.name: table for table in tables()}
    found = _found(folder, names)
    layouts = {name: read_layout(path, names[name]) for name, path in found.items() if _suffix(path) == ".csv"}
    wrong = [_header_message(found[name], layout) for name, layout in layouts.items() if isinstance(layout, list)]
    if wrong:
        raise TransferFilesError("\n".join(wrong))
    right = {name: layout for name, layout in layouts.items() if isinstance(layout, Layout)}
    return tuple(_file(found[name], names[name], right.get(name)) for name in names if name in found)


def _found(folder: Path, names: Collection[str]) -> dict[str, Path]:
    """Find the file of each table, by the table's name."""
    if not folder.is_dir():
        raise TransferFilesError(f"There is no folder {folder}. Name the one in which the files are.")
    paths = [path for path in sorted(folder.iterdir()) if _suffix(path) in _SUFFIXES and path.name[0] not in ".#"]
    problems = [_unknown(path, names) for path in paths if path.stem not in names]
    problems += [
        f"{path}: its table {path.stem} has another file too. Keep one of them."
        for before, path in pairwise(paths)
        if before.stem == path.stem
    ]
    if not paths:
        problems.append(f"{folder} holds no table: put products.csv, customers.csv … or .json, .jsonl there.")
    if problems:
        raise TransferFilesError("\n".join(problems))
    return {path.stem: path for path in paths}


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _unknown(path: Path, names: Iterable[str]) -> str:
    hint = did_you_mean(path.stem, names)
    return f"{path}: there is no table {path.stem!r}. {hint}Rename it, or put # before its name to leave it out."


def _file(path: Path, table: Table, layout: Layout | None) -> TableFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return TableFile(path, table, path.stat().st_size, digest, layout)


def _header_message(path: Path, faults: list[Fault]) -> str:
    return "\n".join(f"{path}:1: the column {dotted(f.where)} {f.what}. {f.advice}" for f in faults)
