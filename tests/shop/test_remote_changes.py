"""A change is made once, whatever is lost, changed or refused in between."""

from collections.abc import Iterable

import msgspec
import pytest

from xiaoer.ids import ActionKey, CustomerId, OrderId
from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import (
    ActionResult,
    ChangeRefusedError,
    Customer,
    Order,
    OrderChangingError,
    Product,
    Records,
    ShopAwayError,
    Transaction,
    UntellableChangeError,
)
from xiaoer.shop.actions import Change
from xiaoer.shop.counter import Wanted
from xiaoer.shop.standing import Standing
from xiaoer.shop.states import OrderState
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import ANNA, NOW, NUMBER, a_line, a_product, an_order
from .merchants import THEIRS, Merchant, a_merchant

_CANCEL = {"reason": "not_wanted"}
_CHANGES = "POST /changes"


def changes_asked(merchant: Merchant) -> int:
    return merchant.faults.asked.count(_CHANGES)


async def expect_cancelled_once(merchant: Merchant) -> None:
    order = await merchant.order()
    assert (order.state, len(order.refunds), len(order.history), await merchant.stock()) == ("cancelled", 1, 1, 11)


@pytest.mark.parametrize("fault", [Fault.IS_LOST, Fault.IS_CUT_OFF], ids=lambda f: f.name)
async def test_an_answer_lost_after_the_change_is_asked_for_again_and_makes_one_change(
    database: Database, pack: Pack, fault: Fault
) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        merchant.faults.add(fault, on=_CHANGES)
        assert (await merchant.ask("order.cancel", _CANCEL)).outcome == "done"
        assert len(merchant.server.keys) == 2
        assert len(set(merchant.server.keys)) == 1
        await expect_cancelled_once(merchant)


@pytest.mark.parametrize("fault", [Fault.FAILS, Fault.IS_GARBAGE, Fault.IS_BUSY], ids=lambda f: f.name)
async def test_a_change_that_was_not_made_is_asked_for_again(database: Database, pack: Pack, fault: Fault) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        merchant.faults.add(fault, on=_CHANGES)
        assert (await merchant.ask("order.cancel", _CANCEL)).outcome == "done"
        await expect_cancelled_once(merchant)


@pytest.mark.parametrize("fault", [Fault.IS_LOST, Fault.FAILS], ids=lambda f: f.name)
async def test_a_turn_run_again_after_a_crash_gets_the_first_result(
    database: Database, pack: Pack, fault: Fault
) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(an_order("paid"))
        merchant.faults.add(fault, on=_CHANGES)
        with pytest.raises(ShopAwayError):
            await merchant.ask("order.cancel", _CANCEL, key="k1")
        again = await merchant.ask("order.cancel", _CANCEL, key="k1")
        assert again.outcome == "done"
        assert again.facts["state"] == "cancelled"
        await expect_cancelled_once(merchant)


async def test_a_refusal_is_remembered_under_its_key(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("shipped"))
        first = await merchant.ask("order.cancel", _CANCEL, key="k1")
        await merchant.lay(an_order("paid"))
        assert first.outcome == "refused"
        assert await merchant.ask("order.cancel", _CANCEL, key="k1") == first
        assert changes_asked(merchant) == 0


class MeddledRecords(Records):
    """A merchant's records in which an order is changed as soon as it was read, as often as there are changes given."""

    def __init__(self, database: Database, changed: Iterable[Order]) -> None:
        super().__init__(database, THEIRS)
        self._changed = iter(changed)

    async def order_of(self, customer: CustomerId, order: OrderId) -> Order | None:
        found = await super().order_of(customer, order)
        changed = next(self._changed, None)

        async def meddle(transaction: Transaction) -> None:
            if changed is not None:
                await transaction.store_orders([changed])

        await self.change(meddle)
        return found


def noted(text: str, state: OrderState = "paid") -> Order:
    return msgspec.structs.replace(an_order(state), note=text)


async def test_an_order_changed_in_between_is_decided_on_anew(database: Database, pack: Pack) -> None:
    records = MeddledRecords(database, [noted("请放门口"), noted("已经寄出", "shipped")])
    async with a_merchant(database, pack, server={"records": records}) as merchant:
        await merchant.lay(an_order("paid"))
        result = await merchant.ask("order.cancel", _CANCEL)
        assert (result.outcome, result.facts["reason"]) == ("refused", "in_transit")
        assert changes_asked(merchant) == 2
        assert await merchant.order() == noted("已经寄出", "shipped")


async def test_what_was_decided_anew_is_what_a_turn_run_again_gets(database: Database, pack: Pack) -> None:
    records = MeddledRecords(database, [noted("请放门口")])
    async with a_merchant(database, pack, server={"records": records}) as merchant:
        await merchant.lay(an_order("paid"))
        first = await merchant.ask("order.cancel", _CANCEL, key="k1")
        assert first.outcome == "done"
        assert await merchant.ask("order.cancel", _CANCEL, key="k1") == first
        await expect_cancelled_once(merchant)


async def test_an_order_that_keeps_changing_is_left_alone(database: Database, pack: Pack) -> None:
    records = MeddledRecords(database, [noted(str(number)) for number in range(9)])
    async with a_merchant(database, pack, server={"records": records}) as merchant:
        await merchant.lay(an_order("paid"))
        with pytest.raises(OrderChangingError):
            await merchant.ask("order.cancel", _CANCEL)
        assert changes_asked(merchant) == 3
        assert (await merchant.order()).state == "paid"


async def test_a_change_that_the_merchant_does_not_make_calls_for_a_person(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        merchant.faults.add(Fault.IS_REFUSED, on=_CHANGES)
        with pytest.raises(ChangeRefusedError, match=r"the change order\.cancel"):
            await merchant.ask("order.cancel", _CANCEL)
        assert changes_asked(merchant) == 1


async def test_a_yes_that_is_not_the_merchants_is_not_believed(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(an_order("paid"))
        merchant.faults.add(Fault.IS_GARBAGE, on=_CHANGES)
        with pytest.raises(ShopAwayError):
            await merchant.ask("order.cancel", _CANCEL)


async def test_a_change_without_a_word_in_the_contract_is_not_sent(database: Database, pack: Pack) -> None:
    def decide(
        order: Order | None, goods: Iterable[Product], holder: Customer | None, standing: Standing | None
    ) -> Change:
        assert order is not None
        return Change(ActionResult("done"), msgspec.structs.replace(order, freight=Money(1)))

    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        wanted = Wanted(ActionKey("k"), "order.reprice", ANNA, NUMBER, NOW)
        with pytest.raises(UntellableChangeError):
            await merchant.remote.change_once(wanted, decide)
        assert changes_asked(merchant) == 0


async def test_goods_that_change_in_more_than_their_stock_are_not_sent(database: Database, pack: Pack) -> None:
    def decide(
        order: Order | None, goods: Iterable[Product], holder: Customer | None, standing: Standing | None
    ) -> Change:
        assert order is not None
        renamed = tuple(msgspec.structs.replace(product, title="别的") for product in goods)
        return Change(ActionResult("done"), order, renamed)

    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        wanted = Wanted(ActionKey("k"), "product.rename", ANNA, NUMBER, NOW)
        with pytest.raises(UntellableChangeError):
            await merchant.remote.change_once(wanted, decide)


async def test_goods_never_listed_go_back_into_stock_too(database: Database, pack: Pack) -> None:
    other = a_product("P2", "穗棉坞 竹纤维毛巾", names=("毛巾",))
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid", lines=(a_line(), a_line(other, number=2, quantity=2))))
        await merchant.shop.words()
        await merchant.lay(goods=(a_product(), other))
        assert (await merchant.ask("order.cancel", _CANCEL)).outcome == "done"
        assert await merchant.stock() == 10 + 10 + 3
