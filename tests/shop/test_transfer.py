"""What an import takes, and what it makes of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiaoer.ids import CustomerId, ProductId
from xiaoer.money import Money
from xiaoer.shop import Records, export_shop
from xiaoer.store import Database

from .conftest import SHOP
from .transfers import (
    A_SHOP,
    CUSTOMERS,
    GOODS_AND_CUSTOMERS,
    LINES,
    ORDERS,
    PAID,
    PRODUCTS,
    UNPAID,
    VARIANTS,
    Office,
    new,
    with_change,
    without_progress,
)

ADDRESS = {"person": "林小满", "phone": "1", "region": "浙江省", "street": "青梧路18号"}
A_LINE = {"id": "1", "sku": "P1-1", "product": "P1", "title": "云柔", "category": "bedding", "quantity": 1}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def a_document(**fields: object) -> dict[str, object]:
    """An order as JSON has it, with its lines inside."""
    order: dict[str, object] = {
        "id": "20260615000013",
        "customer": "C1",
        "state": "shipped",
        "placed_at": "2026-06-15T10:00:00",
        "lines": [{**A_LINE, "unit_price": {"minor": 12900}}],
        "freight": {"minor": 800},
        "address": ADDRESS,
    }
    return {**order, **fields}


# CSV


async def test_a_folder_of_tables_becomes_a_shop(office: Office) -> None:
    result = await office.take(A_SHOP)

    assert (result.faults, new(result)) == (0, {"products": 1, "customers": 1, "orders": 2})
    product = await Records(office.database, SHOP).product(ProductId("P1"))
    assert product is not None
    assert (product.names, product.attributes) == (("四件套", "床品"), {"材质": "棉"})
    assert [(v.sku, v.options, v.price, v.stock) for v in product.variants] == [
        ("P1-1", {"colour": "雾蓝"}, Money(12900), 5),
        ("P1-2", {"colour": "米白"}, Money(13950), 0),
    ]
    order = (await office.orders())[PAID]
    assert (order.lines[0].quantity, order.lines[0].unit_price, order.freight) == (2, Money(12900), Money(0))
    assert order.payment is not None
    assert order.payment.paid_at == datetime(2026, 6, 15, 2, 5, tzinfo=UTC)


async def test_a_struct_with_no_cell_filled_is_not_there(office: Office) -> None:
    await office.take(A_SHOP)

    assert (await office.orders())[UNPAID].payment is None


async def test_a_moment_without_a_zone_is_one_of_the_shops_zone(office: Office) -> None:
    await office.take(A_SHOP)

    assert (await office.orders())[UNPAID].placed_at == datetime(2026, 6, 15, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("delimiter", [";", "\t"])
async def test_semicolons_and_tabs_are_seen_in_the_header(office: Office, delimiter: str) -> None:
    result = await office.take({name: text.replace(",", delimiter) for name, text in A_SHOP.items()})

    assert (result.faults, new(result)["orders"]) == (0, 2)


async def test_a_byte_order_mark_and_windows_line_ends_are_nothing(office: Office) -> None:
    files = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in A_SHOP.items()}

    result = await office.take(files)

    assert (result.faults, new(result)["orders"]) == (0, 2)


async def test_rows_without_a_filled_cell_are_left_out(office: Office) -> None:
    result = await office.take({"customers.csv": CUSTOMERS + ",,,\n\n"})

    assert (result.faults, new(result)["customers"]) == (0, 1)


async def test_columns_and_files_after_a_hash_are_left_out(office: Office) -> None:
    customers = "id,name,phone,email,#remark\nC1,林小满,1,a@example.com,VIP\n"

    result = await office.take({"customers.csv": customers, "#old.csv": "x\n1\n"})

    assert (result.faults, new(result)["customers"]) == (0, 1)


async def test_goods_alone_are_fine(office: Office) -> None:
    result = await office.take({"products.csv": PRODUCTS, "products.variants.csv": VARIANTS})

    assert (result.faults, new(result)) == (0, {"products": 1, "customers": 0, "orders": 0})


async def test_an_order_may_refer_to_what_the_shop_has_already(office: Office) -> None:
    await office.take(GOODS_AND_CUSTOMERS)

    result = await office.take({"orders.csv": ORDERS, "orders.lines.csv": LINES})

    assert (result.faults, new(result)["orders"]) == (0, 2)


async def test_an_amount_has_the_currency_that_its_row_names(office: Office) -> None:
    variants = "product,sku,price,price.currency,stock\nP1,P1-1,129.00,USD,5\n"

    await office.take({"products.csv": PRODUCTS, "products.variants.csv": variants})

    product = await Records(office.database, SHOP).product(ProductId("P1"))
    assert product is not None
    assert product.variants[0].price == Money(12900, "USD")


async def test_parcels_have_their_stations_by_their_number(office: Office) -> None:
    shipments = f"order,carrier,tracking_no,shipped_at\n{PAID},zto,77001,2026-06-15\n{PAID},sf,SF002,2026-06-16\n"
    traces = f"order,shipment,at,place,what\n{PAID},2,2026-06-16,杭州,picked_up\n{PAID},1,2026-06-15,上海,picked_up\n"

    result = await office.take({**A_SHOP, "orders.shipments.csv": shipments, "orders.shipments.traces.csv": traces})

    assert result.faults == 0
    parcels = (await office.orders())[PAID].shipments
    assert [(p.tracking_no, [t.place for t in p.traces]) for p in parcels] == [("77001", ["上海"]), ("SF002", ["杭州"])]


async def test_the_stations_of_an_only_parcel_need_no_number(office: Office) -> None:
    shipments = f"order,carrier,tracking_no,shipped_at\n{PAID},zto,77001,2026-06-15\n"
    traces = f"order,at,place,what\n{PAID},2026-06-15,上海,picked_up\n"

    result = await office.take({**A_SHOP, "orders.shipments.csv": shipments, "orders.shipments.traces.csv": traces})

    assert result.faults == 0
    assert [trace.place for trace in (await office.orders())[PAID].shipments[0].traces] == ["上海"]


# JSON


@pytest.mark.parametrize("name", ["orders.json", "orders.jsonl"])
async def test_nested_documents_are_taken_from_an_array_and_from_lines(office: Office, name: str) -> None:
    orders = [a_document(), a_document(id="20260615000014", payment=None)]
    text = json.dumps(orders, indent=1) if name.endswith(".json") else "\n".join(map(json.dumps, orders))

    result = await office.take({**GOODS_AND_CUSTOMERS, name: text})

    assert (result.faults, new(result)["orders"]) == (0, 2)
    order = (await office.orders())["20260615000013"]
    assert (order.lines[0].unit_price, order.placed_at) == (Money(12900), datetime(2026, 6, 15, 2, tzinfo=UTC))


async def test_a_json_document_may_be_as_flat_as_a_row(office: Office) -> None:
    order = a_document()
    del order["lines"], order["address"], order["freight"]
    flat = {**order, "freight": 8.5, **{f"address.{name}": value for name, value in ADDRESS.items()}}
    line = {
        **A_LINE,
        "order": order["id"],
        "unit_price": "129.00",
        "unit_price.currency": "CNY",
        "options.colour": "雾蓝",
    }

    result = await office.take(
        {**GOODS_AND_CUSTOMERS, "orders.jsonl": json.dumps(flat), "orders.lines.json": json.dumps([line])}
    )

    assert result.faults == 0
    taken = (await office.orders())["20260615000013"]
    assert (taken.freight, taken.address.person, taken.lines[0].options) == (Money(850), "林小满", {"colour": "雾蓝"})


async def test_rows_of_a_table_come_after_those_inside_a_document(office: Office) -> None:
    more = "order,id,sku,product,title,category,quantity,unit_price\n20260615000013,2,P1-2,P1,云柔,bedding,1,139.00\n"

    result = await office.take(
        {**GOODS_AND_CUSTOMERS, "orders.jsonl": json.dumps(a_document()), "orders.lines.csv": more}
    )

    assert result.faults == 0
    assert [line.id for line in (await office.orders())["20260615000013"].lines] == ["1", "2"]


async def test_an_amount_in_json_is_exact(office: Office) -> None:
    text = json.dumps(a_document(lines=[{**A_LINE, "unit_price": 0}])).replace('"unit_price": 0', '"unit_price": 0.29')

    await office.take({**GOODS_AND_CUSTOMERS, "orders.jsonl": text})

    assert (await office.orders())["20260615000013"].lines[0].unit_price == Money(29)


async def test_an_array_is_read_piece_by_piece(office: Office) -> None:
    customers = [{"id": f"C{n}", "name": "顾" * 500, "phone": "", "email": ""} for n in range(3000)]

    result = await office.take({"customers.json": json.dumps(customers, ensure_ascii=False)})

    assert (result.faults, new(result)["customers"]) == (0, 3000)


@pytest.mark.parametrize("text", ["[]", " [ ] ", ""])
async def test_an_array_may_be_empty(office: Office, text: str) -> None:
    result = await office.take({"customers.json": text, "products.jsonl": "\n"})

    assert (result.faults, result.changes) == (0, 0)


# Again


async def test_the_same_import_again_changes_nothing_and_says_so(office: Office) -> None:
    await office.take(A_SHOP)
    before = await office.orders()

    result = await office.take(A_SHOP)

    assert (result.faults, result.changes) == (0, 0)
    assert [counts.unchanged for counts in result.records] == [1, 1, 2]
    assert await office.orders() == before


async def test_a_record_that_differs_replaces_the_one_of_the_shop(office: Office) -> None:
    await office.take(A_SHOP)

    result = await office.take({**A_SHOP, "customers.csv": CUSTOMERS.replace("林小满", "林大满") + "C2,范沐阳,2,\n"})

    counts = {one.kind: (one.new, one.changed, one.unchanged) for one in result.records}
    assert counts == {"products": (0, 0, 1), "customers": (1, 1, 0), "orders": (0, 0, 2)}
    customer = await Records(office.database, SHOP).customer(CustomerId("C1"))
    assert customer is not None
    assert customer.name == "林大满"


async def test_a_moment_in_another_zone_is_the_same_record(office: Office) -> None:
    await office.take(A_SHOP)

    orders = with_change(ORDERS, 2, "2026-06-15T10:00:00+08:00", "2026-06-15T02:00:00Z")
    result = await office.take({**A_SHOP, "orders.csv": orders})

    assert result.changes == 0


async def test_a_dry_run_changes_nothing_and_counts_the_same(office: Office) -> None:
    foreseen = await office.take(A_SHOP, dry=True)

    assert await Records(office.database, SHOP).is_empty()
    assert (foreseen.is_dry_run, foreseen.is_kept) == (True, False)
    assert (await office.take(A_SHOP)).records == foreseen.records


async def test_nothing_is_left_in_the_workplace(office: Office) -> None:
    await office.take(A_SHOP)

    assert list((office.folder / "work").iterdir()) == []


async def test_an_export_does_not_touch_a_folder_with_files(office: Office) -> None:
    await office.take(A_SHOP)

    with pytest.raises(Exception, match="not empty"):
        await export_shop(office.database, SHOP, office.folder, "csv", without_progress)
