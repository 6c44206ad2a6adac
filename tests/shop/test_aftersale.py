from datetime import timedelta

import pytest
from msgspec import structs

from xiaoer.shop import OrderLine
from xiaoer.shop.states import ReturnState

from .factories import ANNA, NOW, NUMBER, a_cancelled_order, a_line, a_product, a_return, an_order
from .shops import Counter

_LINE = f"{NUMBER}-1"


async def test_an_address_is_checked_and_changed(counter: Counter) -> None:
    await counter.lay(an_order("packing"))
    assert (await counter.ask("order.check_address")).outcome == "allowed"
    done = await counter.ask("order.change_address", {"address": "上海市徐汇区拾穗街2号3楼", "phone": "139 0000 5678"})
    address = (await counter.order()).address
    assert done.outcome == "done"
    assert (address.person, address.phone) == ("林小满", "13900005678")
    assert (address.region, address.street) == ("上海市徐汇区", "拾穗街2号3楼")
    assert (await counter.order()).history[-1].by == f"customer:{ANNA}"


@pytest.mark.parametrize("written", ["青梧路99号", "西湖区青梧路99号", "杭州市西湖区青梧路99号"])
async def test_a_street_alone_stays_in_the_same_region(counter: Counter, written: str) -> None:
    await counter.lay(an_order("paid"))
    await counter.ask("order.change_address", {"address": written, "person": "陈知夏"})
    address = (await counter.order()).address
    assert (address.region, address.street, address.person) == ("浙江省杭州市西湖区", "青梧路99号", "陈知夏")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"address": "香港特别行政区九龙弥敦道1号"}, "outside_range"),
        ({"address": "上海市徐汇区"}, "address_incomplete"),
        ({"address": "滨江区云栈路7号"}, "address_incomplete"),
        ({"address": "青梧路99号", "phone": "12"}, "phone_invalid"),
    ],
)
async def test_an_address_that_cannot_be_delivered_to_is_refused(
    counter: Counter, arguments: dict[str, str], reason: str
) -> None:
    await counter.lay(an_order("paid"))
    refused = await counter.ask("order.change_address", arguments)
    assert (refused.outcome, refused.facts["reason"]) == ("refused", reason)
    assert (await counter.order()).address.street == "青梧路18号2幢301室"


async def test_an_order_goes_to_no_street_of_which_nobody_knows_the_city(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    checked = await counter.ask("order.check_address", {"address": "12 King Street"})
    refused = await counter.ask("order.change_address", {"address": "12 King Street"}, key="bare")
    assert (checked.outcome, checked.facts["reason"]) == ("refused", "address_incomplete")
    done = await counter.ask("order.change_address", {"address": "12 King Street, Jing'an, Shanghai"}, key="whole")
    assert (refused.outcome, refused.facts["reason"], done.outcome) == ("refused", "address_incomplete", "done")
    assert (await counter.order()).address.region == "Jing'an, Shanghai"


async def test_the_address_of_a_parcel_on_its_way_stays(counter: Counter) -> None:
    await counter.lay(an_order("shipped"))
    assert (await counter.ask("order.check_address")).facts["reason"] == "in_transit"
    assert (await counter.ask("order.change_address", {"address": "青梧路99号"})).outcome == "refused"


async def test_a_line_is_found_chosen_or_asked_for(counter: Counter) -> None:
    cooker = a_product("P2", "暖电匠 电饭煲", names=("电饭煲",))
    await counter.lay(an_order("delivered", lines=(a_line(), a_line(cooker, number=2))), goods=(a_product(), cooker))
    one = await counter.ask("line.find", {"mention": "电饭煲坏了"})
    assert (one.outcome, one.facts["choices"][0]["value"]) == ("one", f"{NUMBER}-2")
    assert (await counter.ask("line.find", {"mention": "退货"})).outcome == "several"
    assert (await counter.ask("line.find", {"mention.product": "帐篷"})).outcome == "unmatched"
    assert (await counter.ask("line.find", {"context": _LINE})).outcome == "one"
    assert (await counter.ask("line.find", {"order": "20260000000000"})).outcome == "none"


async def test_the_only_line_is_meant_whatever_is_said(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    assert (await counter.ask("line.find", {"mention.product": "帐篷"})).outcome == "one"


async def test_a_return_is_opened_with_a_pick_up(counter: Counter) -> None:
    await counter.lay(an_order("delivered", lines=(a_line(quantity=2),)))
    checked = await counter.ask("return.check", {"line": _LINE, "reason": "not_wanted"})
    done = await counter.ask("return.open", {"line": _LINE, "reason": "not_wanted"})
    assert (checked.outcome, checked.facts["deadline"], checked.facts["clause"]) == (
        "allowed",
        "2026-06-21",
        "return.no_reason",
    )
    assert (done.outcome, done.facts["refund_amount"]["minor"], done.facts["refund_days"]) == ("done", 22_000, 3)
    assert done.facts["pick_up"] == {
        "date": "2026-06-16",
        "from": "2026-06-16T01:00:00+00:00",
        "to": "2026-06-16T10:00:00+00:00",
    }
    order = await counter.order()
    assert (order.returns[0].id, order.lines[0].returned_quantity) == (done.facts["return"], 2)
    assert (await counter.ask("refund.read")).facts["return_state"] == "opened"


async def test_a_second_return_of_the_same_goods_is_refused(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    await counter.ask("return.open", {"line": _LINE, "reason": "quality"}, key="first")
    again = await counter.ask("return.open", {"line": _LINE, "reason": "quality"}, key="second")
    assert (again.outcome, again.facts["reason"]) == ("refused", "already_returned")
    assert len((await counter.order()).returns) == 1


async def test_a_late_return_is_refused_by_its_clause(counter: Counter) -> None:
    await counter.lay(an_order("delivered", delivered=timedelta(days=8)))
    checked = await counter.ask("return.check", {"line": _LINE})
    assert (checked.outcome, checked.facts["reason"], checked.facts["deadline"]) == (
        "refused",
        "too_late",
        "2026-06-14",
    )


async def test_a_line_of_another_order_is_missing(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    assert (await counter.ask("return.check", {"line": "20260000000002-1"})).outcome == "missing"


async def test_a_refund_is_followed_until_it_is_paid(counter: Counter) -> None:
    await counter.lay(an_order("paid", method="bank_card"))
    assert (await counter.ask("refund.read")).outcome == "none"
    await counter.ask("order.cancel", {"reason": "not_wanted"})
    under_way = await counter.ask("refund.read")
    assert (under_way.outcome, under_way.facts["method"], under_way.facts["expected_by"]) == (
        "in_progress",
        "bank_card",
        "2026-06-18",
    )
    assert (await counter.ask("refund.read", {"order": "20260000000000"})).outcome == "missing"


async def test_an_invoice_is_asked_for_and_read(counter: Counter) -> None:
    await counter.lay(an_order("completed"))
    wanted = {"kind": "personal", "title": "林小满", "email": "lin@example.com"}
    assert (await counter.ask("invoice.read")).outcome == "none"
    assert (await counter.ask("invoice.request", wanted, key="first")).outcome == "done"
    read = await counter.ask("invoice.read")
    assert (read.outcome, read.facts["amount"]["minor"], read.facts["title"]) == ("requested", 11_000, "林小满")
    again = await counter.ask("invoice.request", wanted, key="second")
    assert again.facts["reason"] == "already_requested"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "special"}, "tax_no_missing"),
        ({"kind": "special", "tax_no": "123"}, "tax_no_invalid"),
        ({"kind": "golden"}, "kind_unknown"),
        ({"email": "lin.example.com"}, "email_invalid"),
    ],
)
async def test_an_invoice_with_wrong_particulars_is_refused(
    counter: Counter, changes: dict[str, str], reason: str
) -> None:
    await counter.lay(an_order("completed"))
    wanted = {"kind": "company", "title": "青芒文化", "email": "lin@example.com", **changes}
    refused = await counter.ask("invoice.request", wanted)
    assert (refused.outcome, refused.facts["reason"]) == ("refused", reason)


async def test_an_unpaid_order_has_no_invoice_yet(counter: Counter) -> None:
    await counter.lay(an_order("unpaid"))
    assert (await counter.ask("invoice.read")).outcome == "not_yet"
    assert (await counter.ask("invoice.read", {"order": "20260000000000"})).outcome == "missing"


@pytest.mark.parametrize(("said", "pieces", "amount"), [("1", 1, 11_000), ("5", 3, 33_000), ("0", 1, 11_000)])
async def test_some_pieces_of_a_line_go_back_and_the_rest_may_follow(
    counter: Counter, said: str, pieces: int, amount: int
) -> None:
    await counter.lay(an_order("delivered", lines=(a_line(quantity=3),)))
    wanted = {"line": _LINE, "reason": "not_wanted", "quantity": said}
    checked = await counter.ask("return.check", wanted)
    assert (checked.facts["quantity"], checked.facts["refund_amount"]["minor"]) == (pieces, amount)
    await counter.ask("return.open", wanted, key="first")
    order = await counter.order()
    assert (order.returns[0].quantity, order.lines[0].kept_quantity) == (pieces, 3 - pieces)
    rest = await counter.ask("return.check", {"line": _LINE, "reason": "not_wanted"})
    assert rest.outcome == ("refused" if pieces == 3 else "allowed")


# Several lines in one


_HERE = a_product("P1", "禾下衣 直筒牛仔裤", names=("牛仔裤",), category="clothes")
_FRESH = a_product("P2", "棠田 冰糖心苹果", names=("苹果",), category="fresh")
_ALSO = a_product("P3", "禾下衣 羽绒服", names=("羽绒服",), category="clothes")
_THREE = (a_line(_HERE, number=1), a_line(_FRESH, number=2), a_line(_ALSO, number=1))


def _three() -> tuple[OrderLine, ...]:
    return tuple(structs.replace(line, id=f"{NUMBER}-{place}") for place, line in enumerate(_THREE, start=1))


async def test_several_lines_go_back_together(counter: Counter) -> None:
    lines = _three()
    await counter.lay(an_order("delivered", lines=lines), goods=(_HERE, _FRESH, _ALSO))
    arguments = {"line": f"{lines[0].id},{lines[2].id}", "reason": "not_wanted"}
    checked, done = await counter.ask("return.check", arguments), await counter.ask("return.open", arguments)
    total = (lines[0].amount + lines[2].amount).minor
    assert (checked.outcome, checked.facts["quantity"], checked.facts["refund_amount"]["minor"]) == (
        "allowed",
        2,
        total,
    )
    assert "left_out" not in checked.facts
    order = await counter.order()
    assert [item.line for item in order.returns] == [lines[0].id, lines[2].id]
    assert done.facts["returns"] == [item.id for item in order.returns]
    assert order.refunded_amount.minor == total


async def test_what_may_not_go_back_stays_and_the_rest_goes(counter: Counter) -> None:
    lines = _three()
    await counter.lay(an_order("delivered", lines=lines), goods=(_HERE, _FRESH, _ALSO))
    arguments = {"line": ",".join(line.id for line in lines[:2]), "reason": "not_wanted"}
    done = await counter.ask("return.open", arguments)
    assert done.outcome == "done"
    assert [each["reason"] for each in done.facts["left_out"]] == ["excluded_category"]
    assert [item.line for item in (await counter.order()).returns] == [lines[0].id]


async def test_lines_of_which_none_may_go_back_are_refused(counter: Counter) -> None:
    lines = _three()
    await counter.lay(an_order("delivered", lines=lines), goods=(_HERE, _FRESH, _ALSO))
    refused = await counter.ask("return.open", {"line": lines[1].id, "reason": "not_wanted"})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", "excluded_category")
    assert (await counter.order()).returns == ()


async def test_a_line_that_is_not_there_leaves_all_as_it_was(counter: Counter) -> None:
    lines = _three()
    await counter.lay(an_order("delivered", lines=lines), goods=(_HERE, _FRESH, _ALSO))
    refused = await counter.ask("return.open", {"line": f"{lines[0].id},other", "reason": "not_wanted"})
    assert refused.outcome == "missing"
    assert (await counter.order()).returns == ()


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
async def test_a_refund_is_late_once_its_day_is_over(counter: Counter, days: int, *, is_late: bool) -> None:
    order = a_cancelled_order()
    due = structs.replace(order.refunds[0], expected_by=NOW - timedelta(days=days))
    await counter.lay(structs.replace(order, refunds=(due,)))
    assert (await counter.ask("refund.read")).facts["is_late"] is is_late


@pytest.mark.parametrize(("state", "is_late"), [("opened", False), ("received", True)])
async def test_the_money_of_a_return_is_late_only_once_the_pieces_are_there(
    counter: Counter, state: ReturnState, *, is_late: bool
) -> None:
    await counter.lay(an_order("delivered", returns=(a_return(state, days=9),)))
    assert (await counter.ask("refund.read")).facts["is_late"] is is_late


async def test_cancelled_lines_are_not_told_as_part_of_an_order(counter: Counter) -> None:
    lines = (a_line(number=1), a_line(a_product(title="栎木间 书架"), number=2))
    await counter.lay(an_order("paid", lines=lines))
    await counter.ask("order.cancel", {"lines": lines[1].id, "reason": "not_wanted"})
    assert (await counter.ask("order.read")).facts["order"]["items"] == [lines[0].title]
    assert (await counter.ask("order.find")).facts["choices"][0]["title"] == lines[0].title


async def test_of_an_order_that_was_cancelled_all_lines_are_told(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    await counter.ask("order.cancel", {"reason": "not_wanted"})
    assert (await counter.ask("order.read")).facts["order"]["items"] == [a_line().title]
