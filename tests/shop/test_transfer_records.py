"""What an import refuses because the parts of a record do not fit together."""

import json
from pathlib import Path

import pytest

from xiaoer.ids import CustomerId
from xiaoer.money import Money
from xiaoer.shop import Records
from xiaoer.store import Database

from .conftest import SHOP
from .test_transfer import a_document
from .transfers import (
    A_SHOP,
    GOODS_AND_CUSTOMERS,
    LINES,
    PAID,
    Office,
)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


async def test_an_order_without_a_line_is_refused(office: Office) -> None:
    await office.take({**A_SHOP, "orders.lines.csv": "\n".join(LINES.split("\n")[:2])})

    assert office.faults == [("orders.csv", 3, "lines", "has no row")]


async def test_amounts_of_an_order_in_two_currencies_are_refused(office: Office) -> None:
    lines = LINES.replace("minor\n", "minor,unit_price.currency\n").replace("12900", "12900,USD")

    await office.take({**A_SHOP, "orders.lines.csv": lines})

    told = "is in CNY, and others in USD"
    assert office.faults == [
        ("orders.csv", 2, "freight.currency", told),
        ("orders.csv", 2, "payment.amount.currency", told),
    ]


async def test_more_given_back_than_bought_is_refused(office: Office) -> None:
    lines = LINES.replace("minor\n", "minor,returned_quantity\n").replace("12900", "12900,3")

    await office.take({**A_SHOP, "orders.lines.csv": lines})

    assert office.faults == [("orders.lines.csv", 2, "returned_quantity", "is 3, of 2 bought")]


async def test_more_cancelled_than_is_left_is_refused(office: Office) -> None:
    lines = LINES.replace("minor\n", "minor,returned_quantity,cancelled_quantity\n").replace("12900", "12900,1,2")

    await office.take({**A_SHOP, "orders.lines.csv": lines})

    told = "is 2, with 1 returned of 2 bought"
    assert office.faults == [("orders.lines.csv", 2, "cancelled_quantity", told)]


async def test_returns_and_refunds_name_what_the_order_has(office: Office) -> None:
    item = {"id": "R1", "line": "9", "quantity": 1, "reason": "x", "state": "opened", "opened_at": "2026-06-16"}
    refund = {"id": "F1", "amount": {"minor": 1}, "method": "wechat", "state": "processing", "asked_at": "2026-06-16"}
    order = a_document(
        returns=[
            {**item, "refund_amount": {"minor": 1}},
            {**item, "id": "R2", "line": "1", "quantity": 2, "refund_amount": {"minor": 1}},
        ],
        refunds=[{**refund, "expected_by": "2026-06-20", "return_id": "R9"}],
    )

    await office.take({**GOODS_AND_CUSTOMERS, "orders.jsonl": json.dumps(order)})

    assert [(field, fault) for _, _, field, fault in office.faults] == [
        ("refunds[0].return_id", "is 'R9', which is no return of the order"),
        ("returns[0].line", "is '9', which is no line of the order"),
        ("returns[1].quantity", "is 2, of 1 bought"),
    ]


async def test_claims_name_lines_and_refunds_of_the_order(office: Office) -> None:
    claim = {"id": "C1", "kind": "damaged", "lines": ["1"], "wanted": "refund", "state": "accepted"}
    times = {"opened_at": "2026-06-16", "answer_by": "2026-06-17"}
    order = a_document(
        claims=[
            {**claim, **times, "refund_id": "F9"},
            {**claim, **times, "id": "C2", "lines": ["1", "9"]},
            {**claim, **times, "id": "C3", "lines": []},
        ],
    )

    await office.take({**GOODS_AND_CUSTOMERS, "orders.jsonl": json.dumps(order)})

    assert [(field, fault) for _, _, field, fault in office.faults] == [
        ("claims[0].refund_id", "is 'F9', which is no refund of the order"),
        ("claims[1].lines", "names '9', which is no line of the order"),
        ("claims[2].lines", "names no line"),
    ]


async def test_no_more_is_credited_for_a_piece_than_it_cost(office: Office) -> None:
    lines = LINES.replace("minor\n", "minor,credit.minor\n").replace("12900", "12900,12901")

    await office.take({**A_SHOP, "orders.lines.csv": lines})

    assert office.faults == [("orders.lines.csv", 2, "credit.minor", "is 12901, of a price of 12900")]


async def test_a_parcels_stations_stand_in_order_of_time(office: Office) -> None:
    shipments = f"order,carrier,tracking_no,shipped_at,delivered_at\n{PAID},zto,77001,2026-06-16,2026-06-15\n"
    traces = f"order,at,place,what\n{PAID},2026-06-17,杭州,signed\n{PAID},2026-06-16,上海,picked_up\n"

    await office.take({**A_SHOP, "orders.shipments.csv": shipments, "orders.shipments.traces.csv": traces})

    assert office.faults == [
        ("orders.shipments.csv", 2, "delivered_at", "is before shipped_at"),
        ("orders.shipments.traces.csv", 3, "at", "is before the row above"),
    ]


@pytest.mark.parametrize(
    ("number", "fault"), [("", "does not say which of 2"), ("3", "is '3', and the record has 1, 2")]
)
async def test_a_station_names_one_of_the_parcels(office: Office, number: str, fault: str) -> None:
    shipments = f"order,carrier,tracking_no,shipped_at\n{PAID},zto,77001,2026-06-15\n{PAID},sf,SF002,2026-06-16\n"
    traces = f"order,shipment,at,place,what\n{PAID},{number},2026-06-16,杭州,picked_up\n"

    await office.take({**A_SHOP, "orders.shipments.csv": shipments, "orders.shipments.traces.csv": traces})

    assert office.faults == [("orders.shipments.traces.csv", 2, "shipment", fault)]


_COUPONS = "customer,id,title,amount,percent,valid_from,valid_until\nC1,K1,券,%s,%s,2026-06-01,%s\n"


@pytest.mark.parametrize(
    ("amount", "percent", "until", "field", "told"),
    [
        ("20.00", "", "2026-05-01", "valid_until", "is before valid_from"),
        ("", "", "2026-07-01", "percent", "is 0, without an amount"),
        ("20.00", "10", "2026-07-01", "percent", "is 10, beside an amount"),
        ("", "120", "2026-07-01", "percent", "is 120"),
    ],
)
async def test_a_coupon_that_cannot_be_is_refused(
    office: Office, amount: str, percent: str, until: str, field: str, told: str
) -> None:
    await office.take({**GOODS_AND_CUSTOMERS, "customers.coupons.csv": _COUPONS % (amount, percent, until)})

    assert office.faults == [("customers.coupons.csv", 2, field, told)]


async def test_a_gift_card_comes_with_its_balance(office: Office) -> None:
    methods = "customer,id,kind,label,balance\nC1,M1,wechat,微信支付,\nC1,G1,gift_card,礼品卡 尾号6021,168.00\n"
    await office.take({**GOODS_AND_CUSTOMERS, "customers.payment_methods.csv": methods})

    holder = await Records(office.database, SHOP).customer(CustomerId("C1"))
    assert holder is not None
    assert [(item.id, item.kind, item.balance) for item in holder.payment_methods] == [
        ("M1", "wechat", None),
        ("G1", "gift_card", Money(16_800)),
    ]


async def test_a_balance_below_zero_is_refused(office: Office) -> None:
    methods = "customer,id,kind,label,balance\nC1,G1,gift_card,礼品卡,-1.00\n"
    await office.take({**GOODS_AND_CUSTOMERS, "customers.payment_methods.csv": methods})

    assert [fault[:3] for fault in office.faults] == [("customers.payment_methods.csv", 2, "balance")]
