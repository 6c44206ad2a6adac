from datetime import timedelta

import pytest
from msgspec.structs import replace

from xiaoer.shop import Trace
from xiaoer.shop.states import OrderState

from .factories import ANNA, BERT, NOW, NUMBER, a_line, a_product, an_order
from .shops import Counter


def _values(facts: dict[str, list[dict[str, str]]]) -> list[str]:
    return [choice["value"] for choice in facts["choices"]]


async def test_the_only_order_that_fits_is_the_one(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("completed", id="20260000000002", delivered=timedelta(days=20)))
    found = await counter.ask("order.find", {"scope": "cancellable", "mention": "我要取消"})
    assert (found.outcome, _values(found.facts), found.facts["total"]) == ("one", [NUMBER], 1)


async def test_several_orders_are_given_to_choose_from(counter: Counter) -> None:
    orders = [an_order("paid", id=f"2026000000{n:04d}", placed=timedelta(days=n)) for n in range(1, 8)]
    await counter.lay(*orders)
    found = await counter.ask("order.find", {"scope": "any"})
    assert found.outcome == "several"
    assert found.facts["total"] == 7
    assert _values(found.facts) == [order.id for order in orders[:5]]
    card = found.facts["choices"][0]["card"]
    assert (card["kind"], card["id"], card["fields"][0]) == ("order", orders[0].id, ["state", "paid"])
    assert "四件套" in found.facts["choices"][0]["says"]


async def test_an_order_that_does_not_fit_the_scope_is_found_when_it_is_named(counter: Counter) -> None:
    await counter.lay(an_order("shipped"), an_order("paid", id="20260000000002"))
    found = await counter.ask("order.find", {"scope": "cancellable", "mention.order_id": NUMBER})
    assert (found.outcome, _values(found.facts)) == ("one", [NUMBER])


async def test_the_order_talked_about_before_is_taken_when_nothing_else_is_said(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id="20260000000002"))
    arguments = {"scope": "any", "context": NUMBER, "mention": "取消吧"}
    assert (await counter.ask("order.find", arguments)).outcome == "one"
    named = await counter.ask("order.find", arguments | {"mention": "尾号0002"})
    assert _values(named.facts) == ["20260000000002"]


async def test_the_other_one_is_not_the_order_talked_about(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id="20260000000002"))
    arguments = {"scope": "cancellable", "context": NUMBER, "mention": "另外那单取消"}
    found = await counter.ask("order.find", arguments)
    assert (found.outcome, _values(found.facts)) == ("one", ["20260000000002"])
    await counter.lay(an_order("paid", id="20260000000003"))
    assert (await counter.ask("order.find", arguments)).outcome == "several"


async def test_the_order_talked_about_goes_before_the_one_that_is_likely_meant(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("shipped", id="20260000000002"))
    assert _values((await counter.ask("order.find", {"scope": "in_transit"})).facts) == ["20260000000002"]
    hurried = await counter.ask("order.find", {"scope": "in_transit", "context": NUMBER, "mention": "催一下"})
    assert _values(hurried.facts) == [NUMBER]
    await counter.lay(an_order("completed", delivered=timedelta(days=20)))
    over = await counter.ask("order.find", {"scope": "in_transit", "context": NUMBER, "mention": "催一下"})
    assert _values(over.facts) == ["20260000000002"]


async def test_a_number_that_fits_nothing_gives_the_others_to_choose_from(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    found = await counter.ask("order.find", {"scope": "any", "mention": "20269999999999"})
    assert (found.outcome, _values(found.facts)) == ("unmatched", [NUMBER])


async def test_who_has_bought_nothing_has_no_order(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    assert (await counter.ask("order.find", {"scope": "any"}, customer=BERT)).outcome == "none"
    assert (await counter.ask("order.find", {"scope": "any"}, customer=None)).outcome == "none"


async def test_kinds_of_entities_that_say_nothing_of_orders_are_passed_over(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    assert (await counter.ask("order.find", {"scope": "any", "mention.region": "成都"})).outcome == "one"


@pytest.mark.parametrize(
    ("scope", "fitting"),
    [
        ("cancellable", {"paid"}),
        ("addressable", {"paid", "packing"}),
        ("returnable", {"completed"}),
        ("refunding", {"delivered"}),
        ("invoiceable", {"paid", "packing", "delivered", "completed"}),
    ],
)
async def test_a_scope_leaves_the_orders_for_which_the_task_can_be_done(
    counter: Counter, scope: str, fitting: set[str]
) -> None:
    states: tuple[OrderState, ...] = ("paid", "packing", "delivered", "completed", "cancelled")
    orders = [an_order(state, id=f"2026000000000{n}") for n, state in enumerate(states)]
    await counter.lay(*orders)
    await counter.ask("return.open", {"order": orders[2].id, "line": f"{orders[2].id}-1", "reason": "quality"})
    found = await counter.ask("order.find", {"scope": scope})
    assert {choice["card"]["fields"][0][1] for choice in found.facts["choices"]} == fitting


async def test_where_nothing_fits_the_scope_what_comes_nearest_is_shown(counter: Counter) -> None:
    states: tuple[OrderState, ...] = ("unpaid", "shipped", "delivered")
    await counter.lay(*(an_order(state, id=f"2026000000000{n}") for n, state in enumerate(states)))
    await counter.ask("return.open", {"order": "20260000000002", "line": "20260000000002-1", "reason": "quality"})
    found = await counter.ask("order.find", {"scope": "returnable"})
    assert _values(found.facts) == ["20260000000002"]
    assert _values((await counter.ask("order.find", {"scope": "changeable"})).facts) == ["20260000000000"]


async def test_an_order_is_read_with_its_parcel_and_a_masked_address(counter: Counter) -> None:
    await counter.lay(an_order("shipped"))
    read = await counter.ask("order.read")
    order = read.facts["order"]
    assert (read.outcome, order["state"], order["carrier"]) == ("ok", "shipped", "zto")
    assert order["expected_delivery"] == "2026-06-16"
    assert order["address"] == {
        "person": "林**",
        "phone": "138****1234",
        "region": "浙江省杭州市西湖区",
        "street": "青梧路1****",
    }
    assert "promised_ship_by" not in order


async def test_the_last_station_of_a_parcel_is_read(counter: Counter) -> None:
    station = Trace(at=NOW - timedelta(hours=2), place="杭州转运中心", what="in_transit")
    order = an_order("shipped")
    await counter.lay(replace(order, shipments=(replace(order.shipments[0], traces=(station,)),)))
    read = (await counter.ask("order.read")).facts["order"]["last_trace"]
    assert (read["what"], read["place"], read["at"]) == ("in_transit", "杭州转运中心", "2026-06-15T00:00:00+00:00")


async def test_an_unsent_order_says_when_it_will_be_sent(counter: Counter) -> None:
    await counter.lay(an_order("paid", placed=timedelta(hours=5)))
    order = (await counter.ask("order.read")).facts["order"]
    assert order["promised_ship_by"] == "2026-06-16T21:05:00+00:00"


async def test_an_absent_order_is_not_read(counter: Counter) -> None:
    assert (await counter.ask("order.read")).outcome == "missing"


async def test_an_order_is_cancelled_and_its_goods_are_for_sale_again(counter: Counter) -> None:
    await counter.lay(an_order("paid", lines=(a_line(quantity=2), a_line(number=2, quantity=3))))
    assert (await counter.ask("order.check_cancel")).outcome == "allowed"
    done = await counter.ask("order.cancel", {"reason": "not_wanted"})
    assert (done.outcome, done.facts["state"], done.facts["refund_amount"]["minor"]) == ("done", "cancelled", 58_000)
    order = await counter.order()
    assert (order.state, order.refunds[0].amount.minor, order.refunds[0].state) == ("cancelled", 58_000, "processing")
    assert await counter.stock() == 15
    entry = order.history[-1]
    assert (entry.by, entry.action, entry.reason) == (f"customer:{ANNA}", "cancel", "not_wanted")


async def test_an_unpaid_order_is_cancelled_without_a_refund(counter: Counter) -> None:
    await counter.lay(an_order("unpaid"))
    assert (await counter.ask("order.cancel", {"reason": "not_wanted"})).outcome == "done"
    assert (await counter.order()).refunds == ()


async def test_an_order_on_its_way_is_not_cancelled(counter: Counter) -> None:
    await counter.lay(an_order("shipped"))
    checked = await counter.ask("order.check_cancel")
    refused = await counter.ask("order.cancel", {"reason": "not_wanted"})
    assert (checked.outcome, checked.facts["reason"], checked.facts["clause"]) == (
        "refused",
        "in_transit",
        "order.cancel",
    )
    assert refused.facts == checked.facts
    assert (await counter.order()).state == "shipped"


async def test_goods_are_found_by_their_name(counter: Counter) -> None:
    cooker = a_product("P2", "暖电匠 电饭煲", names=("电饭煲",))
    await counter.lay(goods=(a_product(), cooker, a_product("P3", "穗棉坞 贡缎四件套")))
    assert _values((await counter.ask("product.find", {"mention": "电饭煲多少钱"})).facts) == ["P2"]
    assert (await counter.ask("product.find", {"mention": "四件套"})).outcome == "several"
    assert (await counter.ask("product.find", {"mention": "沙发"})).outcome == "none"
    assert (await counter.ask("product.find", {"mention": "这个呢", "context": "P2"})).outcome == "one"


async def test_a_product_is_read_with_prices_and_stock(counter: Counter) -> None:
    await counter.lay()
    read = await counter.ask("product.read", {"product": "P1"})
    product = read.facts["product"]
    assert (product["price_from"]["minor"], product["price_to"]["minor"], product["stock"]) == (11_000, 12_000, 10)
    assert product["attributes"] == [{"name": "材质", "value": "棉"}]
    assert (await counter.ask("product.read", {"product": "P9"})).outcome == "missing"


async def test_another_option_is_wanted_of_the_order_spoken_of_before_whatever_came_already(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("delivered", id="20260000000002"))
    wanted = {"scope": "to_exchange", "mention": "换成米白的", "wanted.colour": "米白"}
    assert _values((await counter.ask("order.find", wanted)).facts) == ["20260000000002"]
    assert _values((await counter.ask("order.find", wanted | {"context": NUMBER})).facts) == [NUMBER]


async def test_of_several_orders_the_one_is_meant_in_which_something_can_become_what_is_wanted(
    counter: Counter,
) -> None:
    cup = a_product("P2", "灶火里 保温杯", names=("保温杯",), colours=("曜黑", "樱粉"))
    cups = an_order("delivered", id="20260000000002", lines=(a_line(cup, order="20260000000002"),))
    await counter.lay(an_order("delivered"), cups, goods=(a_product(), cup))
    wanted = {"scope": "to_exchange", "mention": "换成樱粉的", "wanted.colour": "樱粉"}
    assert _values((await counter.ask("order.find", wanted)).facts) == [cups.id]
    assert _values((await counter.ask("order.find", wanted | {"context": NUMBER})).facts) == [cups.id]
    assert (await counter.ask("order.find", wanted | {"wanted.colour": "大红"})).outcome == "several"


async def test_of_several_lines_the_one_is_meant_that_can_become_what_is_wanted(counter: Counter) -> None:
    cup = a_product("P2", "灶火里 保温杯", names=("保温杯",), colours=("曜黑", "樱粉"))
    lines = (a_line(), replace(a_line(cup), id=f"{NUMBER}-2"))
    await counter.lay(an_order("paid", lines=lines), goods=(a_product(), cup))
    found = await counter.ask("line.find", {"order": NUMBER, "mention": "换成樱粉的", "wanted.colour": "樱粉"})
    assert (found.outcome, _values(found.facts)) == ("one", [f"{NUMBER}-2"])


async def test_of_orders_that_are_named_alike_the_one_spoken_of_before_is_meant(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id="20260000000002"))
    named = {"scope": "any", "mention": "四件套那单"}
    assert (await counter.ask("order.find", named)).outcome == "several"
    assert _values((await counter.ask("order.find", named | {"context": NUMBER})).facts) == [NUMBER]


async def test_a_thing_may_be_called_by_its_option_alone(counter: Counter) -> None:
    white = an_order("paid", id="20260000000002", lines=(a_line(number=2, order="20260000000002"),))
    await counter.lay(an_order("paid"), white)
    found = await counter.ask("order.find", {"scope": "any", "mention": "米白到哪了", "mention.product": "米白"})
    assert (found.outcome, _values(found.facts)) == ("one", [white.id])


async def test_several_orders_are_meant_together_only_where_that_is_said_and_asked_for(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id="20260000000002"), an_order("shipped", id="20260000000003"))
    said = {"scope": "cancellable", "mention": "都取消"}
    assert (await counter.ask("order.find", said)).outcome == "several"
    found = await counter.ask("order.find", said | {"several": "yes"})
    assert (found.outcome, _values(found.facts)) == ("these", [NUMBER, "20260000000002"])
    spoken_of = said | {"several": "yes", "context": NUMBER}
    assert _values((await counter.ask("order.find", spoken_of)).facts) == [NUMBER]
    assert (await counter.ask("order.find", spoken_of | {"mention": "两单都取消"})).outcome == "these"
    assert (await counter.ask("order.find", said | {"several": "yes", "mention": "取消"})).outcome == "several"


LAMP = a_product("P2", "栎木间 小台灯", names=("台灯",), category="lamps")
TRAY = a_product("P3", "栎木间 木托盘", names=("托盘", "盘子"), category="trays")
BED, SECOND, THIRD = NUMBER, "20260000000002", "20260000000003"


@pytest.fixture
async def three(counter: Counter) -> Counter:
    """Three orders, a thing in each."""
    orders = (
        an_order(id=SECOND, lines=(a_line(LAMP, order=SECOND),)),
        an_order(id=THIRD, lines=(a_line(TRAY, order=THIRD),)),
    )
    await counter.lay(an_order(), *orders, goods=(a_product(), LAMP, TRAY))
    return counter


@pytest.mark.parametrize(
    ("said", "outcome", "found"),
    [
        ("四件套和台灯都不要了", "these", [BED, SECOND]),
        ("四件套那单和托盘那单取消", "these", [BED, THIRD]),
        ("取消四件套 台灯 盘子", "these", [BED, SECOND, THIRD]),
        (f"取消{BED}和{THIRD}", "these", [BED, THIRD]),
        ("除了台灯都取消", "these", [BED, THIRD]),
        ("除了台灯、托盘都取消", "one", [BED]),
        ("台灯不要了 买了四件套没钱了", "one", [SECOND]),
    ],
)
async def test_orders_are_named_one_by_one(three: Counter, said: str, outcome: str, found: list[str]) -> None:
    named = {"mention.product": "台灯"} if outcome == "one" and "不要了" in said else {}
    result = await three.ask("order.find", {"scope": "cancellable", "several": "yes", "mention": said} | named)
    assert (result.outcome, sorted(_values(result.facts))) == (outcome, sorted(found))


async def test_where_one_is_asked_for_no_orders_are_named_one_by_one(three: Counter) -> None:
    result = await three.ask("order.find", {"scope": "cancellable", "mention": "四件套和台灯都不要了"})
    assert result.outcome != "these"


async def test_of_things_in_one_order_that_order_is_meant(counter: Counter) -> None:
    both = an_order(lines=(a_line(), a_line(LAMP, number=2)))
    await counter.lay(both, an_order(id=SECOND, lines=(a_line(TRAY, order=SECOND),)), goods=(a_product(), LAMP, TRAY))
    for said in ("四件套和台灯都不要了", "除了台灯都取消"):
        asked = {"scope": "cancellable", "several": "yes", "mention": said, "mention.product": "台灯"}
        assert _values((await counter.ask("order.find", asked)).facts) == [NUMBER], said


async def test_a_thing_that_was_bought_twice_is_the_one_that_fits_the_scope(three: Counter) -> None:
    old = an_order(
        "completed", id="20250000000001", placed=timedelta(days=90), lines=(a_line(LAMP, order="20250000000001"),)
    )
    await three.lay(old)
    asked = {"scope": "cancellable", "several": "yes", "mention": "四件套和台灯都取消"}
    assert _values((await three.ask("order.find", asked)).facts) == [BED, SECOND]


async def test_what_cannot_be_had_is_named_beside_what_can(counter: Counter) -> None:
    await counter.lay(
        an_order(), an_order("shipped", id=SECOND, lines=(a_line(LAMP, order=SECOND),)), goods=(a_product(), LAMP)
    )
    asked = {"scope": "cancellable", "several": "yes", "mention": "四件套和台灯都取消"}
    assert _values((await counter.ask("order.find", asked)).facts) == [BED, SECOND]


@pytest.mark.parametrize(("said", "count"), [("两单都取消", 2), ("全都取消", 2), ("取消", 1)])
async def test_of_all_orders_the_one_that_does_not_fit_is_meant_too(counter: Counter, said: str, count: int) -> None:
    left = an_order("shipped", id=SECOND, lines=(a_line(LAMP, order=SECOND),))
    await counter.lay(an_order(), left, an_order("completed", id=THIRD), goods=(a_product(), LAMP))
    found = await counter.ask("order.find", {"scope": "cancellable", "several": "yes", "mention": said})
    assert len(_values(found.facts)) == count


async def test_all_the_things_of_the_only_order_that_fits_are_that_order(counter: Counter) -> None:
    both = an_order(lines=(a_line(), a_line(LAMP, number=2)))
    left = an_order("shipped", id=SECOND, lines=(a_line(TRAY, order=SECOND),))
    await counter.lay(both, left, goods=(a_product(), LAMP, TRAY))
    found = await counter.ask("order.find", {"scope": "cancellable", "several": "yes", "mention": "全都取消"})
    assert _values(found.facts) == [NUMBER]
