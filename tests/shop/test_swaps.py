"""Another variant instead: which one is meant, whether it may be had, and that money and stock add up."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.ids import ProductId, ShopId, SkuId
from xiaoer.money import Money
from xiaoer.pack import Pack, Phrases
from xiaoer.shop import Order, Policies, Product, Records
from xiaoer.shop.matching import Mention
from xiaoer.shop.models import Charge, Variant
from xiaoer.shop.rules import Allowed, Refused
from xiaoer.shop.swapping import Swap, may_change_options, may_exchange
from xiaoer.shop.variants import wanted_variants
from xiaoer.store import Database

from .factories import NOW, NUMBER, a_line, a_product, an_order
from .shops import Counter

_PHRASES = Phrases(larger=("大一码", "大点"), smaller=("小一码",), same_again=("新的",))
_SIZES = ("S", "M", "L")
_SHIRT = structs.replace(
    a_product("P5", "禾下衣 重磅圆领T恤", names=("T恤",)),
    variants=tuple(
        Variant(sku=SkuId(f"P5-{n}"), options={"colour": colour, "size": size}, price=Money(9_900), stock=3)
        for n, (colour, size) in enumerate(((c, s) for c in ("黑色", "白色", "米白") for s in _SIZES), start=1)
    ),
)
_LINE = structs.replace(a_line(_SHIRT), sku=SkuId("P5-2"), options={"colour": "黑色", "size": "M"})


@pytest.mark.parametrize(
    ("said", "colour", "size", "found"),
    [
        ("换成白色", "白色", "", ["P5-5"]),
        ("换白的", "白的", "", ["P5-5"]),
        ("黑色的换白色", "黑色", "", ["P5-5"]),
        ("换成米白", "米白", "", ["P5-8"]),
        ("换L码", "", "L", ["P5-3"]),
        ("M太小了换L", "", "M", ["P5-3"]),
        ("换大一码", "", "", ["P5-3"]),
        ("换小一码的白色", "白色", "", ["P5-4"]),
        ("再大点", "", "", ["P5-3"]),
        ("换个新的", "", "", ["P5-2"]),
        ("白色L码", "白色", "L", ["P5-6"]),
    ],
)
def test_the_variant_meant_differs_in_what_is_said(said: str, colour: str, size: str, found: list[str]) -> None:
    mention = Mention.read({"mention": said, "mention.colour": colour, "mention.size": size})
    wanted = wanted_variants(_SHIRT, _LINE, mention, _PHRASES)
    assert [variant.sku for variant in wanted.found] == found


@pytest.mark.parametrize(("said", "colour"), [("换成紫色", "紫色"), ("换个新鲜的紫", "紫")])
def test_an_option_that_is_not_sold_is_told_and_finds_nothing(said: str, colour: str) -> None:
    wanted = wanted_variants(_SHIRT, _LINE, Mention.read({"mention": said, "mention.colour": colour}), _PHRASES)
    assert (wanted.found, wanted.is_told) == ((), True)


def test_beyond_the_largest_size_there_is_none() -> None:
    largest = structs.replace(_LINE, sku=SkuId("P5-3"), options={"colour": "黑色", "size": "L"})
    wanted = wanted_variants(_SHIRT, largest, Mention.read({"mention": "换大一码"}), _PHRASES)
    assert (wanted.found, wanted.is_told) == ((), True)


@pytest.mark.parametrize("said", ["我要换货", "黑色的不好看"])
def test_where_nothing_is_said_of_what_is_wanted_nothing_is_told(said: str) -> None:
    wanted = wanted_variants(_SHIRT, _LINE, Mention.read({"mention": said}), _PHRASES)
    assert (wanted.found, wanted.is_told) == ((), False)


@pytest.mark.parametrize(("said", "found"), [("换39的", ["S-39"]), ("换39.5的", []), ("要139块的", [])])
def test_a_size_in_figures_stands_whole(said: str, found: list[str]) -> None:
    sizes = tuple(
        Variant(sku=SkuId(f"S-{size}"), options={"size": size}, price=Money(100), stock=1) for size in ("38", "39")
    )
    shoe = structs.replace(a_product("P8", "踏川 跑鞋", names=("跑鞋",)), variants=sizes)
    line = structs.replace(a_line(shoe), options={"size": "38"}, sku=SkuId("S-38"))
    wanted = wanted_variants(shoe, line, Mention.read({"mention": said}), _PHRASES)
    assert [variant.sku for variant in wanted.found] == found


# What is decided

_SET = a_product()
_CHEAP, _DEAR = _SET.variants


@pytest.mark.parametrize(("own", "wanted", "settlement"), [(1, _DEAR, "charge"), (2, _CHEAP, "refund")])
def test_the_difference_is_charged_or_paid_back(own: int, wanted: Variant, settlement: str, policies: Policies) -> None:
    line = a_line(number=own, quantity=2)
    decision = may_change_options(an_order("paid", lines=(line,)), Swap(line, wanted), policies)
    assert isinstance(decision, Allowed)
    assert (decision.facts["settlement"], decision.facts["difference"]["minor"]) == (settlement, 2_000)
    assert decision.facts["method"] == "wechat"


def test_before_payment_only_the_total_changes(policies: Policies) -> None:
    order = an_order("unpaid")
    decision = may_change_options(order, Swap(order.lines[0], _DEAR), policies)
    assert isinstance(decision, Allowed)
    assert decision.facts["total"]["minor"] == order.total.minor + 1_000


@pytest.mark.parametrize(
    ("state", "variant", "reason"),
    [
        ("packing", _DEAR, "being_packed"),
        ("delivered", _DEAR, "delivered"),
        ("paid", _CHEAP, "same_variant"),
        ("paid", structs.replace(_DEAR, stock=0), "sold_out"),
    ],
)
def test_options_are_not_changed(state: str, variant: Variant, reason: str, policies: Policies) -> None:
    order = an_order(state)  # type: ignore[arg-type]  # every value of the table is a state
    decision = may_change_options(order, Swap(order.lines[0], variant), policies)
    assert isinstance(decision, Refused)
    assert decision.reason == reason


@pytest.mark.parametrize(
    ("days", "variant", "why", "reason"),
    [
        (1, _DEAR, "does_not_fit", ""),
        (1, _CHEAP, "faulty", ""),
        (1, _CHEAP, "does_not_fit", "same_variant"),
        (9, _DEAR, "does_not_fit", "too_late"),
        (9, _DEAR, "faulty", ""),
        (16, _CHEAP, "faulty", "too_late"),
        (1, structs.replace(_CHEAP, stock=0), "faulty", "sold_out"),
    ],
)
def test_an_exchange_is_judged_as_a_return(
    days: int, variant: Variant, why: str, reason: str, policies: Policies
) -> None:
    order = an_order("delivered", delivered=timedelta(days=days))
    decision = may_exchange(order, Swap(order.lines[0], variant), policies, NOW, reason=why)
    assert (decision.reason if isinstance(decision, Refused) else "") == reason


async def test_an_exchange_sets_the_other_aside_and_asks_for_the_difference(counter: Counter) -> None:
    await counter.lay(an_order("delivered"), goods=(_SET,))
    wanted = {"line": f"{NUMBER}-1", "variant": _DEAR.sku, "reason": "does_not_fit"}
    done = await counter.ask("exchange.open", wanted)
    assert (done.outcome, done.facts["settlement"]) == ("done", "charge")
    order = await counter.order()
    assert [(item.sku, item.quantity, item.state) for item in order.exchanges] == [(_DEAR.sku, 1, "opened")]
    assert [(item.amount.minor, item.state, item.of) for item in order.charges] == [
        (1_000, "waiting", order.exchanges[0].id)
    ]
    assert order.lines[0].kept_quantity == 0
    again = await counter.ask("return.check", {"line": f"{NUMBER}-1", "reason": "faulty"})
    assert again.facts["reason"] == "already_returned"


async def test_who_changes_back_before_paying_the_difference_is_told_that_nothing_is_due(counter: Counter) -> None:
    await counter.lay(an_order("paid"), goods=(_SET,))
    line = f"{NUMBER}-1"
    await counter.ask("order.change_options", {"line": line, "variant": _DEAR.sku}, key="there")
    checked = await counter.ask("order.check_options", {"line": line, "variant": _CHEAP.sku})
    back = await counter.ask("order.change_options", {"line": line, "variant": _CHEAP.sku}, key="back")
    assert (checked.facts["settlement"], back.facts["settlement"]) == ("none", "none")
    order = await counter.order()
    assert ([charge.state for charge in order.charges], order.refunds) == (["dropped"], ())


@pytest.mark.parametrize(
    ("quantity", "more", "fewer"), [("", False, False), ("1", False, True), ("2", False, False), ("3", True, False)]
)
async def test_a_line_is_changed_whole_whether_more_pieces_or_fewer_are_wanted(
    counter: Counter, quantity: str, more: bool, fewer: bool
) -> None:
    await counter.lay(an_order("paid", lines=(a_line(quantity=2),)), goods=(_SET,))
    asked = {"line": f"{NUMBER}-1", "variant": _DEAR.sku, "quantity": quantity}
    checked = await counter.ask("order.check_options", asked)
    assert checked.facts["quantity"] == 2
    assert (checked.facts["more_wanted"], checked.facts["fewer_wanted"]) == (more, fewer)


async def test_what_was_not_paid_yet_is_not_told_as_a_refund(counter: Counter) -> None:
    waiting = Charge(id="P1", amount=Money(1_000), method="wechat", state="waiting", asked_at=NOW, of=f"{NUMBER}-1")
    order = structs.replace(an_order("delivered", lines=(a_line(), a_line(number=2))), charges=(waiting,))
    await counter.lay(order)
    done = await counter.ask("return.open", {"line": f"{NUMBER}-1,{NUMBER}-2", "reason": "faulty"})
    made = [item.refund_amount.minor for item in (await counter.order()).returns]
    assert done.facts["refund_amount"]["minor"] == sum(made) == order.total.minor - 1_000


# Money and stock

_NUMBERS = count()
_STEPS = st.lists(
    st.tuples(st.sampled_from(["change", "cancel_line", "cancel"]), st.integers(0, 1), st.integers(0, 2)), max_size=6
)
_SHOP_GOODS = (
    _SET,
    structs.replace(
        a_product("P7", "灶火里 杯子", names=("杯子",), colours=("白", "红", "蓝")),
        variants=tuple(
            Variant(sku=SkuId(f"P7-{n}"), options={"colour": colour}, price=Money(price), stock=1)
            for n, (colour, price) in enumerate((("白", 3_000), ("红", 2_000), ("蓝", 5_000)), start=1)
        ),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
async def test_after_any_changes_money_and_stock_add_up(
    database: Database, pack: Pack, steps: list[tuple[str, int, int]]
) -> None:
    shop = ShopId(f"s{next(_NUMBERS)}")  # each example on a shop of its own
    counter = Counter(database, shop, Records(database, shop), pack)
    lines = (a_line(_SHOP_GOODS[0], quantity=2), a_line(_SHOP_GOODS[1], number=2))
    await counter.lay(an_order("paid", lines=lines), goods=_SHOP_GOODS)
    for number, (what, at, variant) in enumerate(steps):
        line = (await counter.order()).lines[at]
        variants = _product(line.product).variants
        arguments = {
            "change": {"line": line.id, "variant": variants[variant % len(variants)].sku},
            "cancel_line": {"lines": line.id, "reason": "x"},
            "cancel": {"reason": "x"},
        }[what]
        action = "order.change_options" if what == "change" else "order.cancel"
        await counter.ask(action, arguments, key=f"{shop}/{number}")
        await _adds_up(counter, await counter.order())


async def _adds_up(counter: Counter, order: Order) -> None:
    waiting = sum(charge.amount.minor for charge in order.charges if charge.state == "waiting")
    kept = 0 if order.state == "cancelled" else order.total.minor
    assert order.paid_amount.minor - order.refunded_amount.minor + waiting == kept
    held = {line.sku: 0 for line in order.lines}
    for line in order.lines if order.state != "cancelled" else ():
        held[line.sku] += line.kept_quantity
    goods = {product.id: product for product in await counter.records.products()}
    for laid in _SHOP_GOODS:
        now = goods[laid.id]
        assert sum(v.stock for v in now.variants) + sum(held.get(v.sku, 0) for v in now.variants) == (
            sum(v.stock for v in laid.variants) + sum(line.quantity for line in order.lines if line.product == laid.id)
        )
        assert min(variant.stock for variant in now.variants) >= 0


def _product(product: ProductId) -> Product:
    return next(each for each in _SHOP_GOODS if each.id == product)
