"""Records written as rows of CSV tables."""

import csv
from pathlib import Path
from typing import Any

from xiaoer.shop.transfer.csv_rows import LONGEST_CELL
from xiaoer.shop.transfer.kinds import Record
from xiaoer.shop.transfer.shapes import Amount, Keyed, Leaf, Listed, Nested, Shape
from xiaoer.shop.transfer.tables import MAJOR_STEP, Table
from xiaoer.shop.transfer.values import EMPTY_TEXT, ID, TEXT


class TableWriter:
    """Writes one table. The keys of its mappings are known only at the end: until then the rows lie in a spool.

    The columns of a mapping stand in the order in which its keys were met, so that reading and writing keeps it.
    """

    def __init__(self, folder: Path, table: Table) -> None:
        self._path = folder / f"{table.name}.csv"
        self._spool = folder / f".{table.name}.spool"
        self._table = table
        self._keyed: dict[str, int] = {}
        self._stream = self._spool.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream)
        self.count = 0

    def write(self, keys: tuple[str, ...], element: Record) -> None:
        """Write a row; `keys` name the record and the elements to which it belongs."""
        cells, keyed = [ID.to_cell(key) for key in keys], dict[str, str]()
        _add_cells(self._table.shape, element, "", cells, keyed)
        for name in keyed:
            self._keyed.setdefault(name, len(self._keyed))
        self._writer.writerow([*cells, *(keyed.get(name, "") for name in self._keyed)])
        self.count += 1

    def finish(self) -> None:
        """Write the file: the header, and under it what was spooled."""
        self._stream.close()
        csv.field_size_limit(LONGEST_CELL)
        names, places = self._columns()
        with (
            self._spool.open(encoding="utf-8", newline="") as spool,
            self._path.open("w", encoding="utf-8", newline="") as stream,
        ):
            writer = csv.writer(stream)
            writer.writerow(names)
            for row in csv.reader(spool):
                writer.writerow([row[place] if place < len(row) else "" for place in places])
        self._spool.unlink()

    def close(self) -> None:
        """Let go of the spool, finished or not."""
        self._stream.close()
        self._spool.unlink(missing_ok=True)

    def _columns(self) -> tuple[list[str], list[int]]:
        """Give the names of the columns, and where in a spooled row their cells lie."""
        names, places, fixed = [key.name for key in self._table.keys], list(range(len(self._table.keys))), 0
        columns = [column for column in self._table.columns if column.step != MAJOR_STEP or column.is_keyed]
        end_of_fixed = len(places) + sum(not column.is_keyed for column in columns)
        for column in columns:
            if column.is_keyed:
                met = [name for name in self._keyed if name.startswith(column.name)]
                names += met
                places += [end_of_fixed + self._keyed[name] for name in met]
            else:
                names.append(column.name)
                places.append(len(self._table.keys) + fixed)
                fixed += 1
        return names, places


def _add_cells(shape: Shape, element: Any, lead: str, cells: list[str], keyed: dict[str, str]) -> None:  # noqa: ANN401  # any struct
    """Add the cells of a struct, empty ones for one that is not there."""
    for part in shape.parts:
        value = None if element is None else getattr(element, part.name)
        match part:
            case Leaf():
                cells.append(_cell(part, value))
            case Amount():
                cells += ("", "") if value is None else (str(value.minor), value.currency)
            case Keyed():
                for key, item in (value or {}).items():
                    keyed[f"{lead}{part.name}.{key}"] = part.value.to_cell(item) or EMPTY_TEXT
            case Nested():
                start = len(cells)
                _add_cells(part.shape, value, f"{lead}{part.name}.", cells, keyed)
                if value is not None and not part.is_required and not any(cells[start:]):
                    cells[start + _first_text(part.shape)] = EMPTY_TEXT
            case Listed():
                pass


def _cell(leaf: Leaf, value: Any) -> str:  # noqa: ANN401  # what the leaf holds
    if value is None:
        return ""
    cell = leaf.value.to_cell(value)
    return cell if cell or leaf.is_required or value == leaf.default else EMPTY_TEXT


def _first_text(shape: Shape) -> int:
    """Give the place of a struct's first cell with text, by which it shows that it is there."""
    place = 0
    for part in shape.parts:
        if isinstance(part, Leaf) and part.value is TEXT:
            break
        place += _width(part.shape) if isinstance(part, Nested) else {Leaf: 1, Amount: 2}.get(type(part), 0)
    return place


def _width(shape: Shape) -> int:
    return sum(
        _width(part.shape) if isinstance(part, Nested) else {Leaf: 1, Amount: 2}.get(type(part), 0)
        for part in shape.parts
    )
