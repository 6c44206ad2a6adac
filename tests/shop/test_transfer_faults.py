"""What an import refuses: where it says so, in which words, and what it leaves as it was."""

import json
from pathlib import Path

import pytest

from xiaoer.shop import Records, TransferFilesError
from xiaoer.store import Database

from .conftest import SHOP
from .test_transfer import A_LINE, a_document
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
    refused,
    with_change,
)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


# The report


async def test_a_broken_row_is_reported_with_its_place_what_is_wrong_and_what_to_do(office: Office) -> None:
    result = await office.take({**A_SHOP, "orders.lines.csv": with_change(LINES, 3, ",1,13950", ",one,13950")})

    assert result.faults == 1
    assert office.report == [
        {
            "file": "orders.lines.csv",
            "line": "3",
            "record": UNPAID,
            "field": "quantity",
            "fault": "is 'one', not a whole number",
            "advice": "Write at most 18 digits, as in 12.",
        }
    ]
    assert json.loads((office.folder / "report.json").read_text(encoding="utf-8"))["faults"] == 1


async def test_an_order_with_a_broken_line_is_left_out_whole_and_the_rest_is_kept(office: Office) -> None:
    result = await office.take({**A_SHOP, "orders.lines.csv": with_change(LINES, 3, ",1,13950", ",0,13950")})

    assert (new(result)["orders"], refused(result)["orders"]) == (1, 1)
    assert list(await office.orders()) == [PAID]


async def test_all_that_is_wrong_with_a_row_is_told_at_once(office: Office) -> None:
    orders = with_change(ORDERS, 2, "paid,2026-06-15T10:00:00+08:00,0,", "sent,yesterday,-1,")

    await office.take({**A_SHOP, "orders.csv": orders})

    assert [(line, field) for _, line, field, _ in office.faults] == [(2, "freight"), (2, "placed_at"), (2, "state")]


async def test_a_cell_over_several_lines_does_not_shift_the_lines_told(office: Office) -> None:
    customers = 'id,name,phone,email\nC1,"林\n小\n满",1,a\nC2,,2,b,too,many\n'

    await office.take({"customers.csv": customers})

    assert [(line, fault) for _, line, _, fault in office.faults] == [(5, "has 6 cells, the header 4")]


async def test_a_dry_run_gives_the_same_report(office: Office) -> None:
    files = {
        **A_SHOP,
        "customers.csv": CUSTOMERS.replace("C1,", "C9,"),
        "orders.lines.csv": LINES.replace(",2,", ",x,"),
    }
    foreseen = await office.take(files, dry=True)
    report = (office.folder / "report.csv").read_bytes()

    result = await office.take(files)

    assert ((office.folder / "report.csv").read_bytes(), result.records) == (report, foreseen.records)
    assert result.faults == 2


async def test_a_strict_import_changes_nothing_if_anything_is_wrong(office: Office) -> None:
    result = await office.take({**A_SHOP, "customers.csv": CUSTOMERS + "C2,a,b,c,d\n"}, strict=True)

    assert (result.faults, result.is_kept) == (1, False)
    assert await Records(office.database, SHOP).is_empty()


async def test_a_strict_import_without_a_fault_is_an_import(office: Office) -> None:
    result = await office.take(A_SHOP, strict=True)

    assert (result.faults, result.is_kept, new(result)["orders"]) == (0, True, 2)
    assert len(await office.orders()) == 2


# References and ids


async def test_an_order_of_an_unknown_customer_is_refused(office: Office) -> None:
    await office.take({**A_SHOP, "orders.csv": with_change(ORDERS, 2, ",C1,", ",C404,")})

    assert office.faults == [("orders.csv", 2, "customer", "is 'C404', which customers do not have")]
    assert list(await office.orders()) == [UNPAID]


async def test_a_line_of_an_unknown_product_is_refused_in_its_own_row(office: Office) -> None:
    await office.take({**A_SHOP, "orders.lines.csv": with_change(LINES, 2, ",P1,", ",P404,")})

    assert office.faults == [("orders.lines.csv", 2, "product", "is 'P404', which products do not have")]


async def test_who_refers_to_what_this_import_refused_is_refused(office: Office) -> None:
    result = await office.take({**A_SHOP, "customers.csv": "id,name,phone,email,points\nC1,林小满,1,,many\n"})

    assert refused(result) == {"products": 0, "customers": 1, "orders": 2}
    assert [file for file, *_ in office.faults] == ["customers.csv", "orders.csv", "orders.csv"]


async def test_a_doubled_id_leaves_both_out(office: Office) -> None:
    customers = CUSTOMERS + "C2,范沐阳,2,\nC1,林大满,3,\n"

    result = await office.take({"customers.csv": customers})

    assert office.faults == [("customers.csv", 4, "id", "is there already, on line 2")]
    assert (new(result)["customers"], refused(result)["customers"]) == (1, 1)


async def test_a_doubled_id_in_rows_that_follow_one_another_is_told_too(office: Office) -> None:
    await office.take({"customers.csv": CUSTOMERS + CUSTOMERS.split("\n")[1]})

    assert office.faults == [("customers.csv", 3, "id", "is there already, on line 2")]


async def test_two_lines_of_an_order_with_one_id_are_refused(office: Office) -> None:
    again = f"{PAID},1,P1-2,P1,云柔,bedding,,1,100\n"

    await office.take({**A_SHOP, "orders.lines.csv": LINES + again})

    assert office.faults == [("orders.lines.csv", 4, "id", "is '1', as in a row before")]


async def test_a_row_of_a_record_that_is_not_in_the_import_is_refused(office: Office) -> None:
    await office.take(A_SHOP)

    result = await office.take({"orders.lines.csv": LINES})

    assert [(line, field) for _, line, field, _ in office.faults] == [(2, "order"), (3, "order")]
    assert result.changes == 0


async def test_a_row_that_does_not_say_whose_it_is_is_refused_alone(office: Office) -> None:
    result = await office.take({**A_SHOP, "orders.lines.csv": LINES + ",2,P1-2,P1,云柔,bedding,,1,100\n"})

    assert office.faults == [("orders.lines.csv", 4, "order", "is missing")]
    assert new(result)["orders"] == 2


@pytest.mark.parametrize(("id", "fault"), [("2.02606E+13", "spreadsheet"), (" C1", "spaces"), ("C" * 129, "129")])
async def test_an_id_that_cannot_be_one_is_refused(office: Office, id: str, fault: str) -> None:
    await office.take({"customers.csv": CUSTOMERS.replace("C1,", f"{id},", 1)})

    ((_, line, field, told),) = office.faults
    assert (line, field) == (2, "id")
    assert fault in told


# Values


@pytest.mark.parametrize(
    ("price", "fault"),
    [
        ("129", "is 129, which could be in major or in minor units"),
        ("1.299", "is '1.299', not an amount"),
        ("¥129.00", "is '¥129.00', not an amount"),
        ("１２.００", "is '１２.００', not an amount"),
        ("-1.00", "is -1.00"),
        ("", "is missing"),
    ],
)
async def test_a_price_that_is_none_or_could_be_two_is_refused(office: Office, price: str, fault: str) -> None:
    await office.take({"products.csv": PRODUCTS, "products.variants.csv": with_change(VARIANTS, 2, "129.00", price)})

    ((file, line, field, told),) = office.faults
    assert (file, line, told) == ("products.variants.csv", 2, fault)
    assert field == "price"


async def test_a_struct_with_one_cell_filled_needs_the_others(office: Office) -> None:
    await office.take({**A_SHOP, "orders.csv": with_change(ORDERS, 2, "258.00", "")})

    assert office.faults == [("orders.csv", 2, "payment.amount", "is missing")]


async def test_a_line_that_is_not_utf8_is_refused_and_the_next_is_read(office: Office) -> None:
    customers = CUSTOMERS.encode() + "C2,范沐阳,2,\n".encode("gbk") + "C3,周若溪,3,\n".encode()

    result = await office.take({"customers.csv": customers})

    assert office.faults == [("customers.csv", 3, "", "is not UTF-8")]
    assert new(result)["customers"] == 2


async def test_a_quotation_mark_that_is_not_closed_is_refused(office: Office) -> None:
    await office.take({"customers.csv": CUSTOMERS + 'C2,"范沐阳,2,\n'})

    ((_, line, _, fault),) = office.faults
    assert line == 3
    assert fault.startswith("cannot be read")


@pytest.mark.parametrize("state", ["sent", ""])
async def test_a_state_that_orders_do_not_have_is_refused(office: Office, state: str) -> None:
    await office.take({**A_SHOP, "orders.csv": with_change(ORDERS, 3, "unpaid", state)})

    assert [(line, field) for _, line, field, _ in office.faults] == [(3, "state")]


# JSON


async def test_a_fault_deep_in_a_document_is_told_by_the_way_to_it(office: Office) -> None:
    order = a_document(
        lines=[{**A_LINE, "unit_price": {"minor": 1}}, {**A_LINE, "id": "2", "unit_price": {"minor": -1}}]
    )

    await office.take({**GOODS_AND_CUSTOMERS, "orders.jsonl": f"\n{json.dumps(order)}\n"})

    assert office.faults == [("orders.jsonl", 2, "lines[1].unit_price.minor", "is -1")]


@pytest.mark.parametrize(
    ("fields", "field", "fault"),
    [
        ({"noet": "x"}, "noet", "is not known"),
        ({"lines": {}}, "lines", "is no list"),
        ({"lines": [1]}, "lines[0]", "is no object"),
        ({"address": "杭州"}, "address", "is no object"),
        ({"note": ["x"]}, "note", "is a list, not text"),
        ({"freight": {"minor": 1, "cents": 2}}, "freight.cents", "is not known"),
        ({"freight": 800}, "freight", "is 800, which could be in major or in minor units"),
    ],
)
async def test_what_a_document_cannot_hold_is_refused(
    office: Office, fields: dict[str, object], field: str, fault: str
) -> None:
    await office.take({**GOODS_AND_CUSTOMERS, "orders.json": json.dumps([a_document(**fields)])})

    assert [(told_field, told) for _, _, told_field, told in office.faults] == [(field, fault)]


async def test_a_line_that_is_no_json_is_refused_and_the_next_is_read(office: Office) -> None:
    good = json.dumps(a_document())

    result = await office.take({**GOODS_AND_CUSTOMERS, "orders.jsonl": f'{{"id": \n{good}\n[1]\n{{"id": NaN}}\n'})

    assert [(line, fault.split(" (")[0]) for _, line, _, fault in office.faults] == [
        (1, "is not JSON in UTF-8"),
        (3, "is no object"),
        (4, "is not JSON in UTF-8"),
    ]
    assert new(result)["orders"] == 1


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ('{"id": 1}', 1, "is no array"),
        ('[\n{"id": "C1", "name": "", "phone": "", "email": ""},\n{"id": }]', 3, "is not JSON in UTF-8"),
        (
            '[\n{"id": "C1", "name": "", "phone": "", "email": ""}\n{}]',
            2,
            "is followed by neither a comma nor a closing",
        ),
        ("[" * 100_000, 1, "is not JSON in UTF-8"),
    ],
)
async def test_an_array_that_is_broken_is_read_up_to_there(office: Office, text: str, line: int, fault: str) -> None:
    await office.take({"customers.json": text})

    ((_, told_line, _, told),) = office.faults
    assert (told_line, told[: len(fault)]) == (line, fault)


# Files


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "holds no table"),
        ({"order.csv": ORDERS}, "Did you mean 'orders'?"),
        ({"customers.csv": CUSTOMERS, "customers.jsonl": ""}, "has another file too"),
        ({"customers.csv": "id,name,phone,mail\n"}, "the column mail is not known. Did you mean 'email'?"),
        ({"customers.csv": "id,name,phone\n"}, "the column email is missing from the header"),
        ({"customers.csv": "id,name,phone,email,name\n"}, "stands in the header 2 times"),
        ({"products.variants.csv": "product,sku,price,price.minor,stock\n"}, "stands beside price"),
        ({"products.variants.csv": "product,sku,stock\n"}, "the column price.minor is missing"),
        ({"customers.csv": "姓名,电话\n".encode("gbk")}, "is not UTF-8"),
        ({"customers.csv": ""}, "the column id is missing"),
    ],
)
async def test_files_that_cannot_be_tables_stop_an_import_before_it_begins(
    office: Office, files: dict[str, str | bytes], told: str
) -> None:
    with pytest.raises(TransferFilesError) as refusal:
        await office.take({"products.csv": PRODUCTS, **files} if files else {})

    assert told in str(refusal.value)
    assert await Records(office.database, SHOP).is_empty()
