"""Cancelling an order or some of its lines: what goes back, to whom, and how often."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.money import Money
from xiaoer.pack import Phrases
from xiaoer.shop import ActionResult, Order, Policies, Refund
from xiaoer.shop.goods import Goods
from xiaoer.shop.matching import Mention
from xiaoer.shop.models import Charge
from xiaoer.shop.naming import lines_named
from xiaoer.shop.rules import Allowed, Refused, cancelled_amount, may_cancel

from .factories import NOW, NUMBER, a_line, a_product, an_order
from .shops import Counter

_UMBRELLA = a_product("P1", "栎木间 三折自动雨伞", names=("雨伞", "伞"))
_CASE = a_product("P2", "野径行 万向轮行李箱", names=("行李箱", "箱子"))
_POT = a_product("P3", "暖电匠 球釜电饭煲", names=("电饭煲",))
_LINES = (a_line(_UMBRELLA, number=1, quantity=2), a_line(_CASE, number=2), a_line(_POT, number=3))
_GOODS = Goods.of([_UMBRELLA, _CASE, _POT])
_PHRASES = Phrases(
    clause_ends=("，", " "),
    keeps=("照常", "留着"),
    all_of_them=("都不要", "都取消"),
    whole_order=("那单",),
    the_rest=("其他",),
    excepts=("除了",),
    also=("也",),
)
_FIRST, _SECOND, _THIRD = (f"{NUMBER}-{number}" for number in (1, 2, 3))


def _order(*, is_paid: bool = True) -> Order:
    return an_order("paid" if is_paid else "unpaid", lines=_LINES)


# Which lines are meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("伞不要了，箱子照常发", [_FIRST]),
        ("雨伞和电饭煲都取消", [_FIRST, _THIRD]),
        ("伞 箱子 不要了 电饭煲留着", [_FIRST, _SECOND]),
        ("都不要了", [_FIRST, _SECOND, _THIRD]),
        ("取消吧", []),
        ("伞不要了", [_FIRST]),
        ("箱子照常发", []),
        ("除了箱子都取消", [_FIRST, _THIRD]),
        ("都不要了，除了箱子和伞", [_THIRD]),
        ("除了箱子，伞也不要了", [_FIRST, _SECOND]),
        ("除了那个红的都取消", []),
        ("伞取消，其他照常", [_FIRST]),
        ("伞留着，其他取消", [_SECOND, _THIRD]),
        ("伞留着其他取消", [_SECOND, _THIRD]),
    ],
)
def test_lines_are_called_by_name_unless_they_are_to_be_kept(said: str, meant: list[str]) -> None:
    found = lines_named(_LINES, Mention.read({"mention": said}), _GOODS, _PHRASES)
    assert [line.id for line in found] == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("枕头套不要了", [2]), ("枕头不要了", [1]), ("枕头和枕头套都不要了", [1, 2]), ("枕套不要了", [2])],
)
def test_a_name_inside_a_longer_one_calls_nothing(said: str, meant: list[int]) -> None:
    pillow, case = (
        a_product("P6", "禾眠 乳胶枕头", names=("枕头",)),
        a_product("P7", "禾眠 枕套", names=("枕头套", "枕套")),
    )
    lines = (a_line(pillow, number=1), a_line(case, number=2))
    found = lines_named(lines, Mention.read({"mention": said}), Goods.of([pillow, case]), _PHRASES)
    assert [line.id for line in found] == [f"{NUMBER}-{number}" for number in meant]


def test_where_one_name_leaves_two_things_an_option_tells_them_apart() -> None:
    shirt = a_product("P5", "禾下衣 重磅圆领T恤", names=("T恤",), colours=("黑色", "白色"))
    lines = (a_line(shirt, number=1), a_line(shirt, number=2))

    def named(said: str, colour: str = "") -> list[str]:
        mention = Mention.read({"mention": said, "mention.colour": colour})
        return [line.id for line in lines_named(lines, mention, Goods.of([shirt]), _PHRASES)]

    assert named("T恤不要了") == []
    assert named("白色的T恤不要了", "白色") == [lines[1].id]


@pytest.mark.parametrize(
    ("said", "product", "meant"),
    [
        ("雨伞那单里的电饭煲不要了", "雨伞", [_THIRD]),
        ("雨伞那单里的电饭煲不要了", "电饭煲", [_THIRD]),
        ("雨伞那单里的箱子和电饭煲不要了", "雨伞", [_SECOND, _THIRD]),
        ("除了雨伞，那单里的东西都取消", "雨伞", [_SECOND, _THIRD]),
        ("雨伞那单取消", "雨伞", [_FIRST, _SECOND, _THIRD]),
        ("雨伞取消", "雨伞", [_FIRST]),
    ],
)
async def test_what_only_points_at_the_order_is_not_meant(
    shop: Counter, said: str, product: str, meant: list[str]
) -> None:
    asked = {"scope": "part", "several": "yes", "mention": said, "mention.product": product}
    found = await shop.ask("line.find", asked)
    assert [choice["value"] for choice in found.facts["choices"]] == meant


@pytest.mark.parametrize(
    ("said", "product", "outcome"),
    [
        ("电饭煲那单，帐篷不要了", "帐篷", "several"),
        ("帐篷取消", "帐篷", "several"),
        ("箱子和袋子不要了", "箱子", "several"),
        ("箱子留着", "箱子", "several"),
        ("箱子不要了", "箱子", "these"),
        ("取消吧", "", "unnamed"),
    ],
)
async def test_what_fits_no_line_is_asked_for_before_the_whole_order_is_meant(
    shop: Counter, said: str, product: str, outcome: str
) -> None:
    asked = {"scope": "part", "several": "yes", "mention": said, "mention.product": product}
    assert (await shop.ask("line.find", asked)).outcome == outcome


# What is decided


def test_some_lines_are_paid_back_at_their_price(policies: Policies) -> None:
    decision = may_cancel(_order(), policies, NOW, lines=_LINES[:1])
    assert isinstance(decision, Allowed)
    assert decision.facts["is_part"] is True
    assert decision.facts["refund_amount"]["minor"] == (_LINES[0].unit_price * 2).minor


def test_all_lines_are_the_order(policies: Policies) -> None:
    whole, named = (may_cancel(_order(), policies, NOW, lines=lines) for lines in ((), _LINES))
    assert whole == named
    assert isinstance(whole, Allowed)
    assert whole.facts["is_part"] is False
    assert whole.facts["refund_amount"]["minor"] == _order().total.minor


def test_a_line_that_is_gone_is_not_cancelled_again(policies: Policies) -> None:
    gone = structs.replace(_LINES[0], cancelled_quantity=2)
    decision = may_cancel(an_order("paid", lines=(gone, *_LINES[1:])), policies, NOW, lines=(gone,))
    assert isinstance(decision, Refused)
    assert decision.reason == "line_gone"


# What is done


async def _ask(counter: Counter, action: str, lines: str, *, key: str = "k") -> ActionResult:
    return await counter.ask(action, {"lines": lines, **({"reason": "x"} if action == "order.cancel" else {})}, key=key)


@pytest.fixture
async def shop(counter: Counter) -> Counter:
    await counter.lay(_order(), goods=(_UMBRELLA, _CASE, _POT))
    return counter


async def test_what_is_named_is_taken_out_and_the_rest_stays(shop: Counter) -> None:
    done = await _ask(shop, "order.cancel", _FIRST)
    order = await shop.order()
    assert (done.outcome, done.facts["lines"], order.state) == ("done", [_UMBRELLA.title], "paid")
    assert [line.kept_quantity for line in order.lines] == [0, 1, 1]
    assert [refund.amount for refund in order.refunds] == [_LINES[0].unit_price * 2]
    assert order.total + order.refunds[0].amount == order.paid_amount
    assert (order.history[-1].action, order.history[-1].details) == ("cancel_lines", {"lines": _FIRST})


async def test_one_line_after_the_other_is_the_order_in_the_end(shop: Counter) -> None:
    for number, line in enumerate((_FIRST, _THIRD, _SECOND)):
        assert (await _ask(shop, "order.cancel", line, key=f"k{number}")).outcome == "done"
    order = await shop.order()
    assert order.state == "cancelled"
    assert order.refunded_amount == order.paid_amount


async def test_a_line_of_another_order_is_not_there(shop: Counter) -> None:
    refused = await _ask(shop, "order.cancel", f"{_FIRST},20260000000000-1")
    assert refused.outcome == "missing"
    assert await shop.order() == _order()


async def test_a_line_named_twice_is_paid_back_once(shop: Counter) -> None:
    done = await _ask(shop, "order.cancel", f"{_SECOND},{_SECOND}")
    assert done.facts["refund_amount"]["minor"] == _LINES[1].unit_price.minor


@pytest.mark.parametrize(
    ("said", "kept", "named"),
    [
        ({"lines": _FIRST, "quantity": "1"}, 1, [f"{_UMBRELLA.title} ×1"]),
        ({"lines": _FIRST, "keep": "1"}, 1, [f"{_UMBRELLA.title} ×1"]),
        ({"lines": _FIRST, "quantity": "2"}, 0, [_UMBRELLA.title]),
        ({"lines": _FIRST, "quantity": "7"}, 0, [_UMBRELLA.title]),
        ({"lines": _FIRST, "quantity": "some"}, 0, [_UMBRELLA.title]),
    ],
)
async def test_of_one_line_so_many_pieces_are_cancelled_as_are_said(
    shop: Counter, said: dict[str, str], kept: int, named: list[str]
) -> None:
    checked = await shop.ask("order.check_cancel", said)
    done = await shop.ask("order.cancel", {**said, "reason": "x"})
    order = await shop.order()
    price = _LINES[0].unit_price * (2 - kept)
    assert (done.outcome, done.facts["lines"], checked.facts["lines"]) == ("done", named, named)
    assert [line.kept_quantity for line in order.lines] == [kept, 1, 1]
    assert checked.facts["refund_amount"]["minor"] == done.facts["refund_amount"]["minor"] == price.minor
    assert order.total + order.refunds[0].amount == order.paid_amount


@pytest.mark.parametrize("keep", ["2", "3"])
async def test_nothing_is_cancelled_of_what_is_kept_whole(shop: Counter, keep: str) -> None:
    said = {"lines": _FIRST, "keep": keep}
    checked, done = await shop.ask("order.check_cancel", said), await shop.ask("order.cancel", {**said, "reason": "x"})
    assert (checked.outcome, checked.facts["reason"]) == (done.outcome, done.facts["reason"]) == ("refused", "all_kept")
    assert await shop.order() == _order()


async def test_pieces_of_the_only_line_leave_the_order(counter: Counter) -> None:
    await counter.lay(an_order("paid", lines=_LINES[:1]), goods=(_UMBRELLA,))
    done = await counter.ask("order.cancel", {"quantity": "1", "reason": "x"})
    order = await counter.order()
    assert (done.facts["is_part"], order.state, order.lines[0].kept_quantity) == (True, "paid", 1)
    (product,) = await counter.records.products()
    assert product.variants[0].stock == _UMBRELLA.variants[0].stock + 1


async def test_a_number_beside_several_things_is_of_none_of_them(shop: Counter) -> None:
    done = await shop.ask("order.cancel", {"lines": f"{_FIRST},{_SECOND}", "quantity": "1", "reason": "x"})
    assert [line.kept_quantity for line in (await shop.order()).lines] == [0, 0, 1]
    assert done.facts["lines"] == [_UMBRELLA.title, _CASE.title]


async def test_what_still_waits_to_be_paid_for_a_line_is_asked_for_less_the_pieces_that_go(counter: Counter) -> None:
    order = an_order("paid", lines=_LINES[:1])
    due = _LINES[0].unit_price + Money(300, "CNY")
    waiting = Charge(id="P1", amount=due, method="wechat", state="waiting", asked_at=NOW, of=_FIRST)
    await counter.lay(structs.replace(order, charges=(waiting,)), goods=(_UMBRELLA,))
    done = await counter.ask("order.cancel", {"quantity": "1", "reason": "x"})
    order = await counter.order()
    assert done.facts["refund_amount"]["minor"] == 0
    assert not order.refunds
    assert [(charge.state, charge.amount.minor) for charge in order.charges] == [
        ("dropped", waiting.amount.minor),
        ("waiting", 300),
    ]


@given(steps=st.lists(st.sets(st.sampled_from([_FIRST, _SECOND, _THIRD])), max_size=5), is_paid=st.booleans())
@settings(max_examples=60)
def test_whatever_is_cancelled_the_books_balance(policies: Policies, steps: list[set[str]], *, is_paid: bool) -> None:
    order = _order(is_paid=is_paid)
    paid_back = Money(0, "CNY")
    for step in steps:
        lines = tuple(line for line in order.lines if line.id in step)
        if isinstance(may_cancel(order, policies, NOW, lines=lines), Refused):
            continue
        amount = cancelled_amount(order, lines)
        assert Money(0, "CNY") <= amount <= order.paid_amount - paid_back
        paid_back += amount
        left = {line.id for line in order.lines if line.kept_quantity} - ({line.id for line in lines} or step)
        if not lines or not left:
            assert paid_back == order.paid_amount
            return
        order = structs.replace(
            order,
            lines=tuple(
                structs.replace(line, cancelled_quantity=line.quantity) if line in lines else line
                for line in order.lines
            ),
            refunds=(*order.refunds, _refund(amount)),
        )
        if is_paid:
            assert order.total + paid_back == order.paid_amount


def _refund(amount: Money) -> Refund:
    return Refund(id="F", amount=amount, method="wechat", state="processing", asked_at=NOW, expected_by=NOW)
