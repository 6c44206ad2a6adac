"""Whatever a shop holds, an export of it makes the same shop, in either format."""

import typing
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.ids import ShopId
from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import (
    Coupon,
    Customer,
    ExportFormat,
    ImportSetting,
    Order,
    Records,
    Shipment,
    Transaction,
    export_shop,
    import_shop,
    seed_demo,
)
from xiaoer.shop.reach import is_of_conversation
from xiaoer.shop.transfer.carrying import Undone, carried_over
from xiaoer.shop.transfer.kinds import KINDS, Record
from xiaoer.shop.transfer.shapes import Amount, Keyed, Leaf, Listed, Nested, Part, Shape
from xiaoer.shop.transfer.values import DAY, ID, MOMENT, TEXT, TRUTH, WORDS, Value
from xiaoer.store import Database

from .conftest import SHOP
from .factories import NOW

_numbers = count()
_TRICKY = [
    "",
    " ",
    "\\",
    "\\e",
    "\\\\e",
    "|",
    "a|b",
    '"',
    'a"b',
    "a,b;c\td",
    "a\nb",
    "a\r\nb",
    "\r",
    "\ufeff",
    "#",
    "1.0",
    "雾蓝",
    "customer:C1",
    "cancel",
    "withdraw_stock_notice",
]
_texts = st.sampled_from(_TRICKY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
_ids = st.text("abcXYZ019-_.雾", min_size=1, max_size=8)
_zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
_moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=_zones)  # noqa: DTZ001  # given a zone
_CURRENCIES = ("CNY", "USD")


def _values(value: Value) -> st.SearchStrategy[Any]:
    options: Any = value.schema.get("enum")
    least: Any = value.schema.get("minimum")
    if options is not None:
        return st.sampled_from(options)
    if least is not None:
        return st.integers(least, 10**12)
    words = st.lists(_texts, max_size=3).map(tuple)
    known = [(ID, _ids), (TEXT, _texts), (MOMENT, _moments), (TRUTH, st.booleans()), (WORDS, words), (DAY, st.dates())]
    found = [strategy for one, strategy in known if one is value]
    assert found, f"this test makes no values of the kind {value.words}: teach it"
    return found[0]


def _ids_of(kind: str) -> st.SearchStrategy[list[str]]:
    """The ids of a kind's records, the same ones wherever an example asks for them."""
    return st.shared(st.lists(_ids, min_size=1, max_size=3, unique=True), key=f"ids of {kind}")


def _inside(part: Part, currency: str) -> st.SearchStrategy[Any]:
    match part:
        case Leaf():
            return _ids_of(part.refers_to).flatmap(st.sampled_from) if part.refers_to else _values(part.value)
        case Amount():
            return st.integers(0, 10**9).map(lambda minor: Money(minor, currency))
        case Nested():
            return structs(part.shape, currency)
        case Keyed():
            return st.dictionaries(_texts, _values(part.value), max_size=3)
        case Listed():
            rows, key = structs(part.shape, currency), part.shape.key
            unique = (lambda row: getattr(row, key)) if key else None
            return st.lists(rows, min_size=int(part.is_required), max_size=3, unique_by=unique).map(tuple)


def structs(shape: Shape, currency: str) -> st.SearchStrategy[Any]:
    """Any record of a shape: a field that a model gets tomorrow is in it."""
    hints = typing.get_type_hints(shape.record)
    fields = {
        part.name: st.none() | _inside(part, currency)
        if type(None) in typing.get_args(hints[part.name])
        else _inside(part, currency)
        for part in shape.parts
    }
    return st.fixed_dictionaries(fields).map(lambda values: shape.record(**values))


_RECORDS = {kind.name: {currency: structs(kind.shape, currency) for currency in _CURRENCIES} for kind in KINDS}


def _shipment(shipment: Shipment) -> Shipment:
    traces = tuple(sorted(shipment.traces, key=lambda trace: trace.at))
    delivered_at = shipment.delivered_at and max(shipment.delivered_at, shipment.shipped_at)
    return msgspec.structs.replace(shipment, traces=traces, delivered_at=delivered_at)


def _coupon(coupon: Coupon) -> Coupon:
    percent = 0 if coupon.amount is not None else min(max(coupon.percent, 1), 100)
    valid_until = max(coupon.valid_until, coupon.valid_from)
    return msgspec.structs.replace(coupon, percent=percent, valid_until=valid_until)


def _sound(record: Record) -> Record:
    """Make what the values say fit together, as the rules of an import ask."""
    if isinstance(record, Customer):
        return msgspec.structs.replace(record, coupons=tuple(_coupon(coupon) for coupon in record.coupons))
    if not isinstance(record, Order):
        return record
    lines = tuple(
        msgspec.structs.replace(
            line,
            returned_quantity=min(line.returned_quantity, line.quantity),
            cancelled_quantity=min(line.cancelled_quantity, max(0, line.quantity - line.returned_quantity)),
            credit=line.credit and Money(min(line.credit.minor, line.unit_price.minor), line.credit.currency),
        )
        for line in record.lines
    )
    returns = tuple(
        msgspec.structs.replace(item, line=lines[0].id, quantity=min(item.quantity, lines[0].quantity))
        for item in record.returns
    )
    exchanges = tuple(
        msgspec.structs.replace(item, line=lines[0].id, quantity=min(item.quantity, lines[0].quantity))
        for item in record.exchanges
    )
    charges = tuple(msgspec.structs.replace(charge, of=lines[0].id) for charge in record.charges)
    refunds = tuple(
        msgspec.structs.replace(refund, return_id=returns[0].id if returns else "") for refund in record.refunds
    )
    claims = tuple(
        msgspec.structs.replace(claim, lines=(lines[0].id,), refund_id=refunds[0].id if refunds else "")
        for claim in record.claims
    )
    shipments = tuple(_shipment(shipment) for shipment in record.shipments)
    return msgspec.structs.replace(
        record,
        lines=lines,
        returns=returns,
        refunds=refunds,
        exchanges=exchanges,
        charges=charges,
        claims=claims,
        shipments=shipments,
    )


@st.composite
def shops(draw: st.DrawFn) -> list[list[Any]]:
    """The records of a shop, kind by kind; references lead to records that are there."""
    found = []
    for kind in KINDS:
        ids = draw(_ids_of(kind.name))
        records = [draw(_RECORDS[kind.name][draw(st.sampled_from(_CURRENCIES))]) for _ in ids]
        found.append([_sound(msgspec.structs.replace(record, id=id)) for record, id in zip(records, ids, strict=True)])
    return found


def _setting(folder: Path) -> ImportSetting:
    zone = ZoneInfo("Asia/Shanghai")
    return ImportSetting(currency="CNY", timezone=zone, workplace=folder, report=folder / "report.csv")


async def _lay(database: Database, shop: ShopId, records: Sequence[Sequence[Any]]) -> None:
    async def work(transaction: Transaction) -> None:
        for kind, of_kind in zip(KINDS, records, strict=True):
            await kind.store(transaction, of_kind)

    await Records(database, shop).change(work)


async def _there_and_back(database: Database, shop: ShopId, folder: Path, file_format: ExportFormat) -> ShopId:
    """Export a shop, import the files into another, export that, and compare the files byte by byte."""
    other = ShopId(f"{shop}-again")
    await export_shop(database, shop, folder / "there", file_format, lambda told: None)
    result = await import_shop(database, other, folder / "there", _setting(folder), lambda told: None)
    assert result.faults == 0, (folder / "report.csv").read_text(encoding="utf-8")
    await export_shop(database, other, folder / "back", file_format, lambda told: None)
    there, back = ({path.name: path.read_bytes() for path in (folder / name).iterdir()} for name in ("there", "back"))
    assert there == back
    return other


async def _everything(database: Database, shop: ShopId) -> list[Any]:
    pages = [await kind.shelf(database).list(shop, after=None, limit=1_000) for kind in KINDS]
    return [[kind.decode(document) for document in page] for kind, page in zip(KINDS, pages, strict=True)]


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(records=shops())
async def test_any_shop_comes_back_as_it_was(
    database: Database, tmp_path: Path, file_format: ExportFormat, records: list[list[Any]]
) -> None:
    shop = ShopId(f"s{next(_numbers)}")
    await _lay(database, shop, records)

    other = await _there_and_back(database, shop, tmp_path / shop, file_format)

    assert await _everything(database, other) == await _everything(database, shop)
    again = await import_shop(database, shop, tmp_path / shop / "there", _setting(tmp_path / shop), lambda told: None)
    assert (again.changes, again.kept) == (0, 0)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records=shops())
def test_a_record_without_its_history_undoes_nothing_and_loses_nothing(records: list[list[Any]]) -> None:
    for held in (*records[1], *records[2]):
        taken = carried_over(held, msgspec.structs.replace(held, history=()))
        assert not isinstance(taken, Undone)
        assert msgspec.structs.replace(taken, history=held.history) == held
        assert Counter(map(repr, taken.history)) == Counter(
            repr(entry) for entry in held.history if is_of_conversation(entry)
        )


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
async def test_the_demo_shop_comes_back_as_it_was(
    database: Database, pack: Pack, tmp_path: Path, file_format: ExportFormat
) -> None:
    await seed_demo(database, SHOP, pack, now=NOW)

    other = await _there_and_back(database, SHOP, tmp_path, file_format)

    assert await _everything(database, other) == await _everything(database, SHOP)
    assert len((await _everything(database, other))[2]) > 100
