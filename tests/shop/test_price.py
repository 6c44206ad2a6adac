"""Price protection: the difference to today's price is paid back, once for each fall."""

from datetime import timedelta

import msgspec
import pytest

from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import Order, OrderLine, Product
from xiaoer.shop.states import OrderState
from xiaoer.store import Database

from .factories import NUMBER, a_line, a_product, an_order
from .merchants import a_merchant
from .shops import Counter


def priced(minor: int, product: Product | None = None) -> Product:
    product = product or a_product()
    variants = tuple(msgspec.structs.replace(variant, price=Money(minor)) for variant in product.variants)
    return msgspec.structs.replace(product, variants=variants)


def bought_for(minor: int, **line: int) -> OrderLine:
    return msgspec.structs.replace(a_line(**line), unit_price=Money(minor))  # type: ignore[arg-type]  # numbers alone


def an_order_of(*lines: OrderLine, state: OrderState = "paid", placed: timedelta = timedelta(days=3)) -> Order:
    return an_order(state, lines=lines, placed=placed)


async def test_the_difference_for_all_pieces_goes_back_to_where_it_came_from(counter: Counter) -> None:
    await counter.lay(an_order_of(bought_for(15_000, quantity=3)), goods=(priced(12_000),))
    checked = await counter.ask("order.check_price")
    result = await counter.ask("order.protect_price")
    order = await counter.order()
    assert checked.facts["refund_amount"] == {"minor": 9_000, "currency": "CNY"}
    assert (result.outcome, result.facts["quantity"], result.facts["refund_method"]) == ("done", 3, "wechat")
    assert [(refund.amount, refund.method) for refund in order.refunds] == [(Money(9_000), "wechat")]
    assert order.lines[0].credit == Money(3_000)
    assert [entry.action for entry in order.history] == ["protect_price"]


async def test_a_second_time_only_a_further_fall_counts(counter: Counter) -> None:
    await counter.lay(an_order_of(bought_for(15_000)), goods=(priced(12_000),))
    await counter.ask("order.protect_price", key="1")
    again = await counter.ask("order.protect_price", key="2")
    assert (again.outcome, again.facts["reason"]) == ("refused", "not_cheaper")
    await counter.lay(goods=(priced(11_500),))
    further = await counter.ask("order.protect_price", key="3")
    order = await counter.order()
    assert further.facts["refund_amount"] == {"minor": 500, "currency": "CNY"}
    assert (order.lines[0].credit, order.refunded_amount) == (Money(3_500), Money(3_500))


async def test_what_was_protected_is_not_paid_back_again_with_the_goods(counter: Counter) -> None:
    await counter.lay(an_order_of(bought_for(15_000), bought_for(20_000, number=2)), goods=(priced(12_000),))
    await counter.ask("order.protect_price", {"lines": f"{NUMBER}-1"}, key="1")
    result = await counter.ask("order.cancel", {"lines": f"{NUMBER}-1", "reason": "price"}, key="2")
    assert result.facts["refund_amount"] == {"minor": 12_000, "currency": "CNY"}
    assert (await counter.order()).refunded_amount == Money(15_000)


@pytest.mark.parametrize(("days", "outcome"), [(7, "allowed"), (8, "refused")])
async def test_the_price_is_protected_some_days_after_payment(counter: Counter, days: int, outcome: str) -> None:
    await counter.lay(an_order_of(bought_for(15_000), placed=timedelta(days=days)))
    result = await counter.ask("order.check_price")
    assert result.outcome == outcome
    assert result.facts.get("reason", "too_late") == "too_late"


@pytest.mark.parametrize("minor", [15_000, 15_001])
async def test_what_is_no_cheaper_now_is_refused_with_both_prices(counter: Counter, minor: int) -> None:
    await counter.lay(an_order_of(bought_for(15_000)), goods=(priced(minor),))
    result = await counter.ask("order.check_price")
    assert (result.facts["reason"], result.facts["paid_price"], result.facts["price_now"]) == (
        "not_cheaper",
        {"minor": 15_000, "currency": "CNY"},
        {"minor": minor, "currency": "CNY"},
    )


@pytest.mark.parametrize(
    ("state", "reason"),
    [("unpaid", "not_paid"), ("cancelled", "already_cancelled"), ("closed", "already_closed")],
)
async def test_what_was_not_bought_has_no_price_to_protect(counter: Counter, state: OrderState, reason: str) -> None:
    await counter.lay(an_order_of(bought_for(15_000), state=state))
    assert (await counter.ask("order.check_price")).facts["reason"] == reason


async def test_excluded_goods_and_goods_no_longer_sold_or_kept_are_refused(counter: Counter) -> None:
    cherries = a_product("P2", "山阳 车厘子", category="fresh")
    lines = (
        msgspec.structs.replace(a_line(cherries), unit_price=Money(15_000)),
        msgspec.structs.replace(bought_for(15_000, number=2), product=a_product("P3").id),
        bought_for(15_000, number=3, returned=1),
    )
    await counter.lay(an_order_of(*lines), goods=(a_product(), cherries))
    reasons = [(await counter.ask("order.check_price", {"lines": line.id})).facts["reason"] for line in lines]
    assert reasons == ["not_protected", "not_sold", "line_gone"]


async def test_other_options_of_the_product_do_not_count(counter: Counter) -> None:
    blue, white = a_product().variants
    cheap_white = msgspec.structs.replace(
        a_product(), variants=(msgspec.structs.replace(blue, price=Money(15_000)), white)
    )
    await counter.lay(an_order_of(bought_for(15_000)), goods=(cheap_white,))
    assert (await counter.ask("order.check_price")).facts["reason"] == "not_cheaper"


async def test_of_several_lines_the_cheaper_ones_are_protected(counter: Counter) -> None:
    lines = (bought_for(9_000), bought_for(15_000, number=2))
    await counter.lay(an_order_of(*lines))
    result = await counter.ask("order.check_price")
    named = await counter.ask("order.check_price", {"lines": ",".join(line.id for line in lines)})
    assert result.facts["lines"] == ["穗棉坞 云柔四件套 米白"]
    assert "left_out" not in result.facts
    assert named.facts["left_out"] == [{"name": "穗棉坞 云柔四件套 雾蓝", "reason": "not_cheaper"}]


async def test_no_more_is_paid_back_than_is_left_of_the_payment(counter: Counter) -> None:
    order = an_order_of(bought_for(15_000, quantity=2))
    assert order.payment
    payment = msgspec.structs.replace(order.payment, amount=Money(1_000))
    await counter.lay(msgspec.structs.replace(order, payment=payment))
    assert (await counter.ask("order.protect_price", key="1")).facts["refund_amount"]["minor"] == 1_000
    await counter.lay(goods=(priced(5_000),))
    assert (await counter.ask("order.protect_price", key="2")).facts["reason"] == "nothing_left"


async def test_a_remote_price_counts_as_it_is_now_and_not_as_it_was_seen(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order_of(bought_for(15_000)), goods=(priced(12_000),))
        await merchant.shop.words()
        await merchant.lay(goods=(priced(14_000),))
        result = await merchant.ask("order.protect_price")
        assert result.facts["refund_amount"] == {"minor": 1_000, "currency": "CNY"}
