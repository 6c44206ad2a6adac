"""What a customer holds, and which way to pay is meant."""

from datetime import timedelta

import pytest
from msgspec import structs

from xiaoer.ids import CustomerId
from xiaoer.money import Money
from xiaoer.pack import Phrases
from xiaoer.shop import Coupon, Customer
from xiaoer.shop.methods_meant import methods_meant
from xiaoer.shop.ways import Way, ways_of

from .factories import NOW, a_holder, an_order
from .shops import Counter

_PHRASES = Phrases(
    payment_kinds={
        "wechat": ("微信",),
        "credit_card": ("信用卡",),
        "gift_card": ("礼品卡", "gift card"),
        "original": ("原路",),
    }
)


def a_coupon(id: str, *, days: float = 10, **more: object) -> Coupon:
    given = {"amount": Money(2_000), "valid_from": NOW - timedelta(days=30), "valid_until": NOW + timedelta(days=days)}
    return Coupon(id=id, title=f"券{id}", **{**given, **more})  # type: ignore[arg-type]  # any of its fields


async def _mine(counter: Counter, holder: Customer) -> dict[str, object]:
    await counter.lay(holders=(holder,))
    return dict((await counter.ask("wallet.read")).facts)


async def test_a_customer_learns_what_they_hold(counter: Counter) -> None:
    mine = await _mine(counter, a_holder(5_000, 120))
    assert (mine["points"], mine["level"]) == (360, "standard")
    assert mine["balances"] == [
        {"name": "礼品卡 尾号6021", "value": {"minor": 5_000, "currency": "CNY"}},
        {"name": "礼品卡 尾号6022", "value": {"minor": 120, "currency": "CNY"}},
    ]
    assert mine["methods"] == ["微信支付", "招商银行信用卡 尾号8812", "礼品卡 尾号6021", "礼品卡 尾号6022"]


async def test_coupons_are_parted_by_what_can_be_done_with_them(counter: Counter) -> None:
    coupons = (
        a_coupon("1", days=20, minimum=Money(19_900)),
        a_coupon("2", days=3, amount=None, percent=10),
        a_coupon("3", days=-1),
        a_coupon("4", days=-100),
        a_coupon("5", state="used"),
        a_coupon("6", valid_from=NOW + timedelta(days=1)),
    )
    mine = await _mine(counter, a_holder(coupons=coupons))
    titles = {name: [coupon["title"] for coupon in mine[name]] for name in ("coupons", "later", "expired")}  # type: ignore[attr-defined]  # lists of facts
    assert titles == {"coupons": ["券2", "券1"], "later": ["券6"], "expired": ["券3"]}
    assert mine["used"] == ["券5"]
    forms = [coupon["format"] for coupon in mine["coupons"]]  # type: ignore[attr-defined]  # a list of facts
    assert forms == ["coupon_percent", "coupon_amount_from"]


async def test_who_holds_nothing_is_told_nothing_of_it(counter: Counter) -> None:
    mine = await _mine(counter, structs.replace(a_holder(), payment_methods=()))
    assert set(mine) == {"points", "level"}


async def test_a_customer_without_a_record_has_no_wallet(counter: Counter) -> None:
    await counter.lay()
    unknown = await counter.ask("wallet.read", customer=CustomerId("C404"))
    nobody = await counter.ask("wallet.read", customer=None)
    assert (unknown.outcome, nobody.outcome, unknown.facts) == ("missing", "missing", {})


# Which way is meant


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("用微信付", ["M1"]),
        ("换成礼品卡", ["G1", "G2"]),
        ("尾号6022的礼品卡", ["G2"]),
        ("6021那张", ["G1"]),
        ("招商银行信用卡", ["M2"]),
        ("信用卡", ["M2"]),
        ("从微信换成信用卡", ["M1", "M2"]),
        ("my gift card", ["G1", "G2"]),
        ("帮我换一张", []),
        ("原路退回", ["M1"]),
    ],
)
def test_a_way_is_meant_by_its_kind_its_label_or_its_number(said: str, found: list[str]) -> None:
    ways = ways_of(an_order("paid", method_id="M1"), a_holder(100, 200))
    match = methods_meant(ways, said, _PHRASES, own=ways[0])
    assert [way.method_id for way in match.found] == found
    assert match.is_told == bool(found)


def test_the_end_of_a_strangers_card_means_none() -> None:
    ways = ways_of(an_order("paid"), a_holder(100))
    for tail in ("9934", ""):  # understood as the end of a card, or only as some digits
        match = methods_meant(ways, "尾号9934的礼品卡", _PHRASES, tail=tail)
        assert (match.found, match.is_told) == ((), True)


def test_an_order_paid_by_what_is_not_kept_has_its_own_way_all_the_same() -> None:
    ways = ways_of(an_order("paid", method="huabei"), a_holder())
    assert ways[0] == Way("huabei")
    assert [way.method_id for way in ways[1:]] == ["M1", "M2"]


@pytest.mark.parametrize(
    ("scope", "said", "amount", "outcome", "choices"),
    [
        ("other", "换礼品卡付", "", "one", ["G1"]),
        ("other", "从微信换成礼品卡", "", "one", ["G1"]),
        ("other", "换一种", "", "several", ["M2", "G1"]),
        ("other", "用微信付", "", "same", ["M2", "G1"]),
        ("charge", "用礼品卡补", "20001", "not_covered", ["M1", "M2"]),
        ("charge", "用礼品卡补", "20000", "one", ["G1"]),
        ("charge", "", "500", "several", ["M1", "M2", "G1"]),
        ("refund", "取消订单", "", "unnamed", ["M1", "G1"]),
        ("refund", "退到礼品卡", "", "one", ["G1"]),
        ("refund", "原路退回", "", "one", ["M1"]),
        ("refund", "退到信用卡", "", "several", ["M1", "G1"]),
    ],
)
async def test_the_way_is_found_for_what_it_is_wanted(
    counter: Counter, scope: str, said: str, amount: str, outcome: str, choices: list[str]
) -> None:
    await counter.lay(an_order("paid", method_id="M1"), holders=(a_holder(20_000),))
    mention = {"mention": said} if said else {}
    found = await counter.ask("wallet.find", {"scope": scope, **mention, **({"amount": amount} if amount else {})})
    assert (found.outcome, [choice["value"] for choice in found.facts["choices"]]) == (outcome, choices)
