"""Customers who want to be told when something is back: asked for once, due when it is there, taken back."""

import asyncio

import pytest
from msgspec import structs

from xiaoer.ids import CustomerId, SkuId
from xiaoer.pack import Pack
from xiaoer.shop import StockNotice, due_notices
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import ANNA, BERT, NOW, a_half_sold_out_product, a_holder, a_line, a_product, an_order
from .merchants import a_merchant
from .shops import Counter

_GONE, _THERE = SkuId("P1-1"), SkuId("P1-2")
_WANTED = {"product": "P1", "variant": _GONE}


async def _due(counter: Counter) -> list[tuple[str, str, int]]:
    customers, products = await counter.records.all_customers(), await counter.records.products()
    return [(one.customer, one.sku, one.stock) for one in due_notices(customers, products)]


# Which one is meant


@pytest.mark.parametrize(
    ("said", "outcome", "skus"),
    [
        ({"mention": "到货告诉我"}, "one", [_GONE]),
        ({"mention": "雾蓝的到货告诉我", "mention.colour": "雾蓝"}, "one", [_GONE]),
        ({"mention": "雾蓝到货告诉我"}, "one", [_GONE]),
        ({"mention": "米白的到货告诉我", "mention.colour": "米白"}, "none", []),
        ({"mention": "红的到货告诉我", "mention.colour": "红色"}, "unmatched", [_GONE]),
    ],
)
async def test_a_variant_is_looked_for_among_those_that_are_out(
    counter: Counter, said: dict[str, str], outcome: str, skus: list[str]
) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    found = await counter.ask("stock.find", {"product": "P1", **said})
    assert (found.outcome, [choice["value"] for choice in found.facts["choices"]]) == (outcome, skus)


async def test_of_several_that_are_out_one_is_to_be_named(counter: Counter) -> None:
    await counter.lay(goods=(a_product(stock=0),))
    assert (await counter.ask("stock.find", {"product": "P1"})).outcome == "several"
    assert (await counter.ask("stock.find", {"product": "P404"})).outcome == "none"


async def test_where_no_product_is_named_those_that_miss_something_are_shown(counter: Counter) -> None:
    await counter.lay(goods=(a_half_sold_out_product(), a_product("P2", "穗棉坞 毛巾", names=("毛巾",))))
    found = await counter.ask("product.find", {"scope": "sold_out", "mention": "到货告诉我"})
    assert (found.outcome, [choice["value"] for choice in found.facts["choices"]]) == ("several", ["P1"])
    assert (await counter.ask("product.find", {"mention": "到货告诉我"})).outcome == "none"
    named = await counter.ask("product.find", {"scope": "sold_out", "mention": "毛巾到货告诉我"})
    assert [choice["value"] for choice in named.facts["choices"]] == ["P2"]


# Asking, once


async def test_a_notice_is_noted_once_with_who_and_when(counter: Counter) -> None:
    await counter.lay(an_order("paid"), goods=(a_half_sold_out_product(),))
    assert (await counter.ask("stock.check_notice", _WANTED)).outcome == "allowed"
    done = await counter.ask("stock.notify", _WANTED, key="k1")
    assert (done.outcome, done.facts["title"]) == ("done", "穗棉坞 云柔四件套 雾蓝")
    again = await counter.ask("stock.notify", _WANTED, key="k2")
    assert (again.outcome, again.facts["reason"], again.facts["asked_at"]) == ("refused", "asked_before", "2026-06-15")
    holder = await counter.holder()
    assert holder.stock_notices == (StockNotice(sku=_GONE, product=a_half_sold_out_product().id, asked_at=NOW),)
    (entry,) = holder.history
    assert (entry.by, entry.action, entry.details["sku"]) == ("customer:C1", "ask_stock_notice", _GONE)
    assert (await counter.order(), await counter.stock()) == (an_order("paid"), 5)


async def test_of_two_wishes_at_once_one_is_noted(counter: Counter) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    results = await asyncio.gather(*(counter.ask("stock.notify", _WANTED, key=f"k{n}") for n in range(5)))
    assert sorted(result.outcome for result in results) == ["done", *["refused"] * 4]
    assert len((await counter.holder()).stock_notices) == 1


@pytest.mark.parametrize(
    ("wanted", "outcome", "reason"),
    [
        ({"product": "P1", "variant": _THERE}, "refused", "in_stock"),
        ({"product": "P1", "variant": "P1-404"}, "missing", None),
        ({"product": "P404", "variant": _GONE}, "missing", None),
    ],
)
async def test_what_cannot_be_waited_for_is_not_noted(
    counter: Counter, wanted: dict[str, str], outcome: str, reason: str | None
) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    for action in ("stock.check_notice", "stock.notify"):
        result = await counter.ask(action, wanted)
        assert (result.outcome, result.facts.get("reason")) == (outcome, reason)
    assert (await counter.holder()).stock_notices == ()


async def test_a_product_of_which_all_is_there_is_not_waited_for(counter: Counter) -> None:
    await counter.lay()
    check = await counter.ask("stock.check_notice", {"product": "P1"})
    assert (check.outcome, check.facts["reason"], check.facts["stock"]) == ("refused", "in_stock", 10)


# Taking it back, and what is due


async def test_a_notice_is_taken_back(counter: Counter) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    assert (await counter.ask("stock.find_notice")).outcome == "none"
    await counter.ask("stock.notify", _WANTED, key="k1")
    found = await counter.ask("stock.find_notice", {"mention": "四件套的到货提醒不要了"})
    assert (found.outcome, [choice["value"] for choice in found.facts["choices"]]) == ("one", [_GONE])
    assert (await counter.ask("stock.withdraw_notice", {"notice": _GONE}, key="k2")).outcome == "done"
    assert (await counter.ask("stock.withdraw_notice", {"notice": _GONE}, key="k3")).outcome == "missing"
    holder = await counter.holder()
    assert holder.stock_notices == ()
    assert [entry.action for entry in holder.history] == ["ask_stock_notice", "withdraw_stock_notice"]


async def test_a_notice_is_due_once_a_cancelled_order_puts_goods_back(counter: Counter) -> None:
    await counter.lay(an_order("paid"), goods=(a_half_sold_out_product(),))
    await counter.ask("stock.notify", _WANTED, key="k1")
    assert await _due(counter) == []
    assert (await counter.ask("stock.read_notices")).facts == {"waiting": ["穗棉坞 云柔四件套 雾蓝"]}
    await counter.ask("order.cancel", {"reason": "x"}, key="k2")
    assert await _due(counter) == [(ANNA, _GONE, 1)]
    assert (await counter.ask("stock.read_notices")).facts == {"back": ["穗棉坞 云柔四件套 雾蓝"]}


async def test_a_notice_is_due_once_an_exchange_is_taken_back(counter: Counter) -> None:
    line = structs.replace(a_line(number=2), quantity=1)
    await counter.lay(an_order("delivered", lines=(line,)), goods=(a_product(stock=1),))
    swap = {"line": line.id, "variant": _GONE, "reason": "quality"}
    opened = await counter.ask("exchange.open", swap, key="k1")
    assert opened.outcome == "done"
    assert (await counter.ask("stock.notify", _WANTED, key="k2")).outcome == "done"
    assert await _due(counter) == []
    case = (await counter.order()).exchanges[0].id
    assert (await counter.ask("aftersale.withdraw", {"request": case}, key="k3")).outcome == "done"
    assert await _due(counter) == [(ANNA, _GONE, 1)]


async def test_what_others_wait_for_is_told_to_nobody_else(counter: Counter) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),), holders=(a_holder(), a_holder(id=BERT)))
    await counter.ask("stock.notify", _WANTED, key="k1")
    assert (await counter.ask("stock.read_notices", customer=BERT)).facts == {}
    assert (await counter.ask("stock.find_notice", customer=BERT)).outcome == "none"
    foreign = await counter.ask("stock.withdraw_notice", {"notice": _GONE}, customer=BERT, key="k2")
    assert foreign.outcome == "missing"
    assert len((await counter.holder()).stock_notices) == 1


@pytest.mark.parametrize("customer", [CustomerId("C404"), None])
async def test_without_a_customer_nothing_is_noted(counter: Counter, customer: CustomerId | None) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    assert (await counter.ask("stock.notify", _WANTED, customer=customer)).outcome == "missing"
    assert (await counter.ask("stock.read_notices", customer=customer)).outcome == "missing"


# Being told


async def test_what_is_waited_for_is_back_once_there_is_some_of_it(counter: Counter) -> None:
    await counter.lay(an_order("paid"), goods=(a_half_sold_out_product(),))
    asked: dict[str, str] = {"notice": _GONE}
    assert (await counter.ask("stock.read_notice", asked)).outcome == "missing"
    await counter.ask("stock.notify", _WANTED, key="k1")
    assert (await counter.ask("stock.read_notice", asked)).outcome == "waiting"
    await counter.ask("order.cancel", {"reason": "x"}, key="k2")
    found = await counter.ask("stock.read_notice", asked)
    assert (found.outcome, found.facts) == ("back", {"title": "穗棉坞 云柔四件套 雾蓝", "stock": 1})
    assert (await counter.ask("stock.read_notice", asked, customer=BERT)).outcome == "missing"


async def test_a_notice_that_was_told_of_is_closed_by_the_shop(counter: Counter) -> None:
    await counter.lay(goods=(a_half_sold_out_product(),))
    await counter.ask("stock.notify", _WANTED, key="k1")
    closed: dict[str, str] = {"notice": _GONE, "because": "told"}
    for _ in range(2):
        assert (await counter.ask("stock.withdraw_notice", closed, key="k2")).outcome == "done"
    holder = await counter.holder()
    assert holder.stock_notices == ()
    entry = holder.history[-1]
    assert (len(holder.history), entry.by, entry.details["because"]) == (2, "shop", "told")


# On the merchant's system


@pytest.mark.parametrize("fault", [Fault.IS_LOST, Fault.IS_CUT_OFF, Fault.FAILS], ids=lambda f: f.name)
async def test_a_notice_whose_answer_was_lost_is_noted_once(database: Database, pack: Pack, fault: Fault) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(goods=(a_half_sold_out_product(),))
        merchant.faults.add(fault, on="POST /customer-changes")
        assert (await merchant.ask("stock.notify", _WANTED)).outcome == "done"
        holder = await merchant.holder()
        assert (len(holder.stock_notices), len(holder.history)) == (1, 1)
        assert len(set(merchant.server.keys)) == 1
        assert (await merchant.ask("stock.withdraw_notice", {"notice": _GONE}, key="k2")).outcome == "done"
        assert (await merchant.holder()).stock_notices == ()


async def test_what_has_come_in_meanwhile_is_not_noted(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(goods=(a_half_sold_out_product(),))
        await merchant.shop.words()
        await merchant.lay(goods=(a_product(),))
        assert (await merchant.ask("stock.notify", _WANTED)).facts["reason"] == "in_stock"
