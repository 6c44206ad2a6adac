"""Columns follow from the definition of a record, whatever its fields are."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from xiaoer.ids import CustomerId, OrderId
from xiaoer.money import Money
from xiaoer.shop.transfer.csv_reading import CsvReader
from xiaoer.shop.transfer.headers import Header, read_header
from xiaoer.shop.transfer.kinds import KINDS, id_types
from xiaoer.shop.transfer.reading import RowReader
from xiaoer.shop.transfer.shapes import shape_of
from xiaoer.shop.transfer.tables import Table, tables, tables_of
from xiaoer.shop.transfer.trails import trails_to
from xiaoer.shop.transfer.values import Assumed
from xiaoer.shop.transfer.writing import TableWriter

ASSUMED = Assumed("CNY", ZoneInfo("Asia/Shanghai"))


class Part(Struct, frozen=True, kw_only=True):
    """An element of a list inside a struct that may be left out."""

    amount: Money
    method: str = ""


class Split(Struct, frozen=True, kw_only=True):
    """A struct that may be left out, with a list inside."""

    note: str = ""
    limit: int | None = None
    parts: tuple[Part, ...] = ()


class Oddity(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record with all that models may come to have."""

    id: OrderId
    owner: CustomerId | None = None
    level: Literal["low", "high"] = "low"
    words: tuple[str, ...] = ()
    label: str | None = None
    name: str = "nobody"
    is_open: bool = False
    ratio: float = 1.0
    numbers: tuple[int, ...] = ()
    balances: dict[str, Money] = {}
    counts: dict[str, int] = {}
    deposit: Money | None = None
    split: Split | None = None
    at: datetime | None = None


class Vague(Struct, frozen=True, kw_only=True):
    """Nothing shows that it is there."""

    limit: int | None = None


class Holder(Struct, frozen=True, kw_only=True):
    id: OrderId
    vague: Vague | None = None


TABLE = Table(0, 0, shape_of(Oddity, id_types()))


def there_and_back(folder: Path, *records: Oddity) -> list[Oddity]:
    """Write rows of the table and read them again."""
    writer = TableWriter(folder, TABLE)
    for record in records:
        writer.write((), record)
    writer.finish()
    with (folder / "products.csv").open(encoding="utf-8", newline="") as stream:
        header_cells, *rows = csv.reader(stream)
    header = read_header(TABLE, header_cells)
    assert isinstance(header, Header)
    read = [CsvReader(header, TABLE, ASSUMED).read(row) for row in rows]
    assert [row.faults for row in read] == [[] for _ in records]
    return [msgspec.json.decode(row.document or b"", type=Oddity) for row in read]


def test_columns_stand_as_the_fields_do() -> None:
    names = [column.name for column in TABLE.columns]

    assert names[:5] == ["id", "owner", "level", "words", "label"]
    assert names[9:] == [
        "balances",
        "counts.",
        "deposit.minor",
        "deposit.currency",
        "deposit",
        "split.note",
        "split.limit",
        "at",
    ]


@pytest.mark.parametrize(
    "record",
    [
        Oddity(id=OrderId("1")),
        Oddity(id=OrderId("1"), label="", name="", words=("",)),
        Oddity(id=OrderId("1"), label="\\e", name="\\\\e", words=("a|b", "\\", "")),
        Oddity(id=OrderId("1"), split=Split()),
        Oddity(id=OrderId("1"), split=Split(limit=0)),
        Oddity(id=OrderId("1"), deposit=Money(0, "USD"), is_open=True, ratio=0.1, level="high"),
        Oddity(id=OrderId("1"), numbers=(1, 2), balances={"a": Money(1)}, counts={"": 0, "a.b": 2}),
        Oddity(id=OrderId("1"), owner=CustomerId("C1"), at=datetime(2026, 6, 15, 1, 2, 3, 4, UTC)),
    ],
)
def test_every_value_comes_back(tmp_path: Path, record: Oddity) -> None:
    assert there_and_back(tmp_path, record) == [record]


def test_the_columns_of_a_mapping_stand_in_the_order_in_which_keys_are_met(tmp_path: Path) -> None:
    there_and_back(tmp_path, Oddity(id=OrderId("1"), counts={"b": 1}), Oddity(id=OrderId("2"), counts={"a": 1, "b": 2}))

    header = (tmp_path / "products.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header.index("counts.b") < header.index("counts.a")
    assert [path.name for path in tmp_path.iterdir()] == ["products.csv"]


def test_what_could_not_be_told_from_nothing_is_refused_when_the_columns_are_made() -> None:
    with pytest.raises(TypeError, match="Vague"):
        shape_of(Holder, {})


def test_references_are_seen_by_the_type_of_the_id() -> None:
    refers = {column.name: column.refers_to for column in TABLE.columns if column.refers_to}

    assert refers == {"owner": "customers"}


def test_kinds_refer_only_to_kinds_before_them() -> None:
    names = [kind.name for kind in KINDS]
    for place, kind in enumerate(KINDS):
        referred: list[str] = []
        trails_to(kind.shape, lambda part, seen=referred: bool(seen.append(getattr(part, "refers_to", ""))))  # type: ignore[misc]
        assert {name for name in referred if name} <= set(names[: place + 1]), kind.name


def test_a_table_stands_behind_its_parent_and_names_all_above_it() -> None:
    for kind in range(len(KINDS)):
        for number, table in enumerate(tables_of(kind)):
            assert table.number == number
            assert all(above.number < number for above in table.line)
            assert len(table.keys) == len(table.line)
    names = [table.name for table in tables()]
    assert len(names) == len(set(names))
    assert {"products.variants", "customers.addresses", "orders.lines", "orders.shipments.traces"} <= set(names)


_LINES = next(table for table in tables() if table.name == "orders.lines")
_NAMES = [column.name for column in (*_LINES.keys, *_LINES.columns) if not column.is_keyed]
_CELLS = st.sampled_from(["", "1", "0", "-1", "12.99", "CNY", "\\e", "\\\\", " ", "a\0", "雾蓝", "P1"]) | st.text(
    max_size=3
)


@settings(max_examples=300)
@given(st.data())
def test_the_quick_way_to_read_a_row_comes_to_what_the_careful_way_does(data: st.DataObject) -> None:
    left_out = [data.draw(st.sampled_from([amount, f"{amount}.minor"])) for amount in ("unit_price", "credit")]
    names = [name for name in _NAMES if name not in left_out]
    header = read_header(_LINES, [*names, "options.size"])
    assert isinstance(header, Header)
    right = {"quantity": "2", "unit_price": "12.50", "unit_price.currency": "CNY", "returned_quantity": "0"}
    cells = [data.draw(st.just(right.get(name, "1")) | _CELLS) for name in names]
    cells.append(data.draw(_CELLS))

    quick: Any = CsvReader(header, _LINES, ASSUMED).read(cells)
    careful = RowReader(_LINES, ASSUMED).read(header.row(cells))

    assert quick[:2] == careful[:2]
    assert quick.faults == careful.faults
    assert (quick.document is None) == (careful.document is None)
    if quick.document is not None and careful.document is not None:
        assert msgspec.json.decode(quick.document) == msgspec.json.decode(careful.document)
