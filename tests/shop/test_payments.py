"""By which way an order is paid: what may be changed, what moves, and that all books add up whatever is done."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import ACTIONS, BalanceError, Customer, Order, moved_amounts, read_policies, with_moved
from xiaoer.shop.actions import ALL_ACTIONS, Change, Effect, Request
from xiaoer.shop.goods import Goods
from xiaoer.shop.remote.effects import effects_of, history_of, with_effects
from xiaoer.shop.states import OrderState
from xiaoer.shop.ways import spent_by, ways_of
from xiaoer.store import Database

from .factories import ANNA, BERT, NOW, NUMBER, a_holder, a_line, a_product, an_order
from .merchants import a_merchant
from .shops import Counter

_LINE = f"{NUMBER}-1"
_CHEAP, _DEAR = a_product().variants

# Another way to pay


async def test_a_gift_card_pays_and_the_former_way_gets_back(counter: Counter) -> None:
    await counter.lay(an_order("paid", method_id="M1"), holders=(a_holder(20_000),))
    done = await counter.ask("order.change_payment", {"method": "G1", "reason": "想用卡付"})
    order = await counter.order()
    assert (done.outcome, done.facts["method"], done.facts["former"]) == ("done", "礼品卡 尾号6021", "微信支付")
    assert await counter.balance() == 9_000
    assert order.payment is not None
    assert (order.payment.method, order.payment.method_id, order.payment.amount) == ("gift_card", "G1", Money(11_000))
    assert [(item.amount, item.method_id, item.state) for item in order.refunds] == [
        (Money(11_000), "M1", "processing")
    ]
    assert order.paid_amount - order.refunded_amount == order.total
    entry = order.history[-1]
    assert (entry.by, entry.at, entry.action, entry.reason) == (f"customer:{ANNA}", NOW, "change_payment", "想用卡付")
    assert entry.details == {"from": "M1", "to": "G1"}


async def test_what_a_gift_card_paid_is_back_on_it_at_once(counter: Counter) -> None:
    order = an_order("paid", method="gift_card", method_id="G1")
    await counter.lay(order, holders=(a_holder(500),))
    await counter.ask("order.change_payment", {"method": "M2"})
    assert await counter.balance() == 11_500
    assert [(item.state, item.paid_at) for item in (await counter.order()).refunds] == [("paid", NOW)]


async def test_there_and_back_leaves_all_as_it_was(counter: Counter) -> None:
    first = an_order("paid", method_id="M1")
    await counter.lay(first, holders=(a_holder(20_000),))
    await counter.ask("order.change_payment", {"method": "G1"}, key="there")
    await counter.ask("order.change_payment", {"method": "M1"}, key="back")
    order = await counter.order()
    assert await counter.balance() == 20_000
    assert order.paid_at == first.paid_at
    assert order.paid_amount - order.refunded_amount == order.total
    again = await counter.ask("order.check_payment", {"method": "M1"})
    assert again.facts["reason"] == "same_method"


async def test_before_payment_the_way_is_only_chosen(counter: Counter) -> None:
    await counter.lay(an_order("unpaid"), holders=(a_holder(20_000),))
    assert (await counter.ask("order.change_payment", {"method": "G1"})).outcome == "done"
    order = await counter.order()
    assert (order.pay_with, order.payment, order.refunds, order.state) == ("G1", None, (), "unpaid")
    assert await counter.balance() == 20_000


@pytest.mark.parametrize(
    ("state", "method", "balance", "reason"),
    [
        ("paid", "G1", 10_999, "not_covered"),
        ("unpaid", "G1", 10_999, "not_covered"),
        ("packing", "M2", 0, "being_packed"),
        ("shipped", "M2", 0, "in_transit"),
        ("cancelled", "M2", 0, "already_cancelled"),
        ("paid", "M1", 0, "same_method"),
        ("paid", "B9", 0, "unknown_method"),
    ],
)
async def test_no_other_way_and_nothing_moves(
    counter: Counter, state: OrderState, method: str, balance: int, reason: str
) -> None:
    order = an_order(state, method_id="M1")
    # Somebody else's gift card has enough on it, and cannot be named.
    other = a_holder(10**6, id=BERT)
    rich = structs.replace(other, payment_methods=(structs.replace(other.payment_methods[2], id="B9"),))
    await counter.lay(order, holders=(a_holder(balance), rich))
    refused = await counter.ask("order.change_payment", {"method": method})
    checked = await counter.ask("order.check_payment", {"method": method})
    assert (refused.outcome, refused.facts["reason"], checked.facts["reason"]) == ("refused", reason, reason)
    assert await counter.order() == order
    assert (await counter.balance(), await counter.balance("B9", customer=BERT)) == (balance, 10**6)


async def test_a_gift_card_of_another_currency_pays_nothing(counter: Counter) -> None:
    await counter.lay(an_order("paid"), holders=(a_holder(10**6, currency="USD"),))
    assert (await counter.ask("order.check_payment", {"method": "G1"})).facts["reason"] == "unknown_method"


async def test_what_was_paid_back_since_is_not_paid_again(counter: Counter) -> None:
    line = structs.replace(a_line(), unit_price=Money(15_000))
    await counter.lay(an_order("paid", lines=(line,), method_id="M1"), holders=(a_holder(20_000),))
    await counter.ask("order.protect_price", key="price")
    checked = await counter.ask("order.check_payment", {"method": "G1"})
    await counter.ask("order.change_payment", {"method": "G1"}, key="pay")
    assert checked.facts["amount"]["minor"] == 11_000
    assert await counter.balance() == 9_000


# Money back, and differences


async def test_a_cancelled_order_is_paid_back_onto_a_gift_card_if_wanted(counter: Counter) -> None:
    await counter.lay(an_order("paid", method_id="M1"), holders=(a_holder(0),))
    done = await counter.ask("order.cancel", {"reason": "x", "refund_to": "G1"})
    assert (done.facts["refund_method"], done.facts["refund_days"]) == ("礼品卡 尾号6021", 0)
    assert await counter.balance() == 11_000


@pytest.mark.parametrize(("way", "reason"), [("M2", "other_refund_way"), ("B9", "unknown_method")])
async def test_money_goes_back_to_no_other_card(counter: Counter, way: str, reason: str) -> None:
    await counter.lay(an_order("paid", method_id="M1"), holders=(a_holder(0),))
    refused = await counter.ask("order.cancel", {"reason": "x", "refund_to": way})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", reason)
    assert (await counter.order()).state == "paid"


async def test_a_return_keeps_where_its_money_is_wanted(counter: Counter) -> None:
    await counter.lay(an_order("delivered", method_id="M1"), holders=(a_holder(0),))
    done = await counter.ask("return.open", {"line": _LINE, "reason": "quality", "refund_to": "G1"})
    assert done.facts["refund_method"] == "礼品卡 尾号6021"
    assert [item.refund_to for item in (await counter.order()).returns] == ["G1"]
    assert await counter.balance() == 0  # the goods are not back yet
    told = await counter.ask("aftersale.read", {"request": done.facts["return"]})
    assert told.facts["refund_method"] == "礼品卡 尾号6021"


async def test_a_difference_is_paid_from_the_gift_card_that_is_named(counter: Counter) -> None:
    await counter.lay(an_order("paid", method_id="M1"), holders=(a_holder(1_500),))
    wanted = {"line": _LINE, "variant": _DEAR.sku}
    assert (await counter.ask("order.check_options", wanted)).facts["asks_method"] is True
    named = await counter.ask("order.check_options", {**wanted, "pay_by": "G1"})
    assert (named.facts["asks_method"], named.facts["balance_left"]["minor"]) == (False, 500)
    await counter.ask("order.change_options", {**wanted, "pay_by": "G1"})
    assert [(item.state, item.method_id) for item in (await counter.order()).charges] == [("paid", "G1")]
    assert await counter.balance() == 500


@pytest.mark.parametrize(("state", "action"), [("paid", "order.change_options"), ("delivered", "exchange.open")])
async def test_a_gift_card_has_to_cover_the_difference(counter: Counter, state: OrderState, action: str) -> None:
    order = an_order(state, method="gift_card", method_id="G1")
    await counter.lay(order, holders=(a_holder(999),))
    refused = await counter.ask(action, {"line": _LINE, "variant": _DEAR.sku, "reason": "does_not_fit"})
    assert (refused.outcome, refused.facts["reason"]) == ("refused", "not_covered")
    assert (await counter.order(), await counter.balance()) == (order, 999)


async def test_who_has_one_way_is_not_asked(counter: Counter) -> None:
    holder = a_holder()
    one = structs.replace(holder, payment_methods=holder.payment_methods[:1])
    await counter.lay(an_order("paid", method_id="M1"), holders=(one,))
    checked = await counter.ask("order.check_options", {"line": _LINE, "variant": _DEAR.sku})
    assert (checked.facts["asks_method"], checked.facts["method"]) == (False, "微信支付")


# Over REST


async def test_the_merchants_balances_move_with_the_change(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid", method_id="M1"), holders=(a_holder(20_000),))
        assert (await merchant.ask("order.change_payment", {"method": "G1"})).outcome == "done"
        assert await merchant.balance() == 9_000
        assert (await merchant.ask("order.cancel", {"reason": "x"}, key="k2")).outcome == "done"
        assert await merchant.balance() == 20_000


def test_a_balance_is_never_overdrawn() -> None:
    with pytest.raises(BalanceError, match="G1"):
        with_moved(a_holder(100), {"G1": Money(-101)})


# The books

_EFFECTS = {action.spec.name: action for action in ALL_ACTIONS if isinstance(action, Effect)}
_DEEDS = (
    "order.change_payment",
    "order.change_options",
    "exchange.open",
    "order.cancel",
    "return.open",
    "order.protect_price",
    "claim.open",
)
_METHODS = ("", "original", "M1", "M2", "G1", "G2", "B9")
_deeds = st.lists(
    st.tuples(
        st.sampled_from(_DEEDS),
        st.sampled_from([1, 2]),
        st.sampled_from(_METHODS),
        st.sampled_from([0, 1]),
        st.integers(8_000, 13_000),
        st.booleans(),
    ),
    max_size=8,
)


def test_all_effects_that_take_a_method_are_tried() -> None:
    taking = {"method", "pay_by", "refund_to"}
    assert {name for name, spec in ACTIONS.items() if spec.is_effect and taking & set(spec.parameters)} <= set(_DEEDS)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(["paid", "paid", "packing", "delivered"]),
    first=st.sampled_from(["M1", "G1", ""]),
    balances=st.tuples(st.integers(0, 40_000), st.integers(0, 3_000)),
    deeds=_deeds,
)
def test_what_was_paid_is_kept_given_back_or_on_a_balance(
    pack: Pack,
    state: OrderState,
    first: str,
    balances: tuple[int, int],
    deeds: list[tuple[str, int, str, int, int, bool]],
) -> None:
    """Money paid = kept + paid back; and what a gift card lost or won is what it paid for the order and got back."""
    read = read_policies(pack.clauses, on=date(2026, 6, 15), timezone=ZoneInfo("Asia/Shanghai"))
    policies = replace(read, claim=structs.replace(read.claim, instant_refund_below_minor=10**6))
    method = {"M1": "wechat", "G1": "gift_card", "": "alipay"}[first]
    lines = (a_line(number=1, quantity=2), a_line(number=2))
    order, holder = an_order(state, lines=lines, method=method, method_id=first), a_holder(*balances)
    start, laid, swapped = holder, order, 0
    for name, line, way, variant, price, is_part in deeds:
        given = {
            "order": NUMBER,
            "line": f"{NUMBER}-{line}",
            "lines": f"{NUMBER}-{line}" if is_part else "",
            "method": way,
            "pay_by": way,
            "refund_to": way,
            "variant": a_product().variants[variant].sku,
            "quantity": "1",
            "reason": "faulty",
            "kind": "damaged",
            "wanted": "refund",
        }
        arguments = {key: value for key, value in given.items() if key in ACTIONS[name].parameters and value}
        goods = a_product(stock=9)
        cheaper = structs.replace(
            goods,
            variants=tuple(
                structs.replace(each, price=Money(price + 500 * n)) for n, each in enumerate(goods.variants)
            ),
        )
        request = Request(arguments, ANNA, (order,), Goods.of([cheaper]), policies, pack.phrases, NOW, holder=holder)
        if "method" in ACTIONS[name].parameters and not way:
            continue
        change = _EFFECTS[name].change(request)
        if change.order is None:
            continue
        assert with_effects(order, effects_of(order, change.order), history_of(order, change.order)) == change.order
        holder = with_moved(holder, moved_amounts(order, change.order))  # raises where a balance is overdrawn
        swapped += _swapped_worth(order, change)
        order = change.order
        _add_up(laid, order, start, holder, swapped)


def _swapped_worth(before: Order, change: Change) -> int:
    """What the goods of a new exchange are worth: what went back for them, and the difference."""
    assert change.order is not None
    worth = 0
    for item in change.order.exchanges[len(before.exchanges) :]:
        line, facts = before.line(item.line), change.result.facts
        assert line is not None
        sign = {"charge": 1, "refund": -1, "none": 0}[facts["settlement"]]
        worth += (line.net_price * item.quantity).minor + sign * facts.get("difference", {"minor": 0})["minor"]
    return worth


def _add_up(laid: Order, order: Order, start: Customer, holder: Customer, swapped: int) -> None:
    waiting = sum(charge.amount.minor for charge in order.charges if charge.state == "waiting")
    kept = sum((line.net_price * line.kept_quantity).minor for line in order.lines) if order.state != "cancelled" else 0
    assert order.paid_amount.minor == order.refunded_amount.minor + kept + swapped - waiting
    by_ways = sum(spent_by(order, way).minor for way in ways_of(order, start))
    others = sum(spent_by(order, way).minor for way in ways_of(laid, start) if way not in ways_of(order, start))
    back = sum(refund.amount.minor for refund in order.refunds)
    assert by_ways + others == order.paid_amount.minor - back
    for was, now in zip(start.payment_methods, holder.payment_methods, strict=True):
        if was.balance is None or now.balance is None:
            assert was == now
            continue
        spent = sum(item.amount.minor for item in order.paid if item.method_id == was.id and item not in laid.paid)
        got = sum(item.amount.minor for item in order.refunds if item.method_id == was.id and item.state == "paid")
        assert now.balance.minor == was.balance.minor - spent + got >= 0


def test_a_refund_under_way_moves_no_balance() -> None:
    before = an_order("paid", method="gift_card", method_id="G1")
    waiting = structs.replace(before, placed_at=before.placed_at - timedelta(days=1))
    assert moved_amounts(before, waiting) == {}
