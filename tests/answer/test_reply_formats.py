"""How facts are written for a customer, in the pack's words and the shop's time zone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.answer import Formats
from xiaoer.pack import PLACEHOLDER

SHANGHAI = Formats(
    {
        "paid": "待发货",
        "currency.CNY": "¥",
        "format.date": "%m月%d日",
        "format.day": "%Y年%m月%d日",
        "format.time": "%m月%d日 %H:%M",
        "format.list": "、",
    },
    ZoneInfo("Asia/Shanghai"),
)
BARE = Formats({}, UTC)


@pytest.mark.parametrize(
    ("value", "style", "written"),
    [
        ({"minor": 1990, "currency": "CNY"}, "money", "¥19.90"),
        ({"minor": 1990, "currency": "CNY"}, "", "¥19.90"),
        ({"minor": 5, "currency": "USD"}, "money", "USD0.05"),
        ({"minor": -1990, "currency": "CNY"}, "money", "¥-19.90"),
        (1990, "money", "19.90"),
        ("2026-06-15", "date", "06月15日"),
        ("2026-06-15T20:30:00+00:00", "date", "06月16日"),
        ("2027-06-15", "day", "2027年06月15日"),
        ("2026-06-15T20:30:00+00:00", "time", "06月16日 04:30"),
        ("2026-06-15T20:30:00", "time", "06月15日 20:30"),
        ([{"name": "荔枝", "reason": "paid"}, {"name": "杯", "reason": "lost"}], "list", "荔枝 (待发货)、杯 (lost)"),
        ("paid", "word", "待发货"),
        ("lost", "word", "lost"),
        (["退货", "换货"], "list", "退货、换货"),
        (["退货", "换货"], "", "退货、换货"),
        ([{"minor": 100, "currency": "CNY"}, "和", 3], "list", "¥1.00、和、3"),
        ("一件", "list", "一件"),
        ([], "list", ""),
        ("paid", "", "paid"),
        (3, "", "3"),
        ("x", "unheard_of", "x"),
    ],
)
def test_a_fact_is_written_in_its_style(value: object, style: str, written: str) -> None:
    assert SHANGHAI.write(value, style) == written


def test_a_pack_without_words_for_formats_gets_plain_ones() -> None:
    assert BARE.write("2026-06-15T20:30:00+00:00", "date") == "2026-06-15"
    assert BARE.write("2026-06-15T20:30:00+00:00", "time") == "2026-06-15 20:30"
    assert BARE.write({"minor": 100, "currency": "CNY"}, "money") == "CNY1.00"
    assert BARE.write(["a", "b"], "list") == "a, b"


def test_placeholders_name_slots_and_facts_with_their_styles() -> None:
    known = {"order": {"number": "1001", "state": "paid"}, "amount": {"minor": 990, "currency": "CNY"}}
    filled = SHANGHAI.fill("{order.number}{order.state:word}，退{amount:money}，{order.number}", known)
    assert filled == "1001待发货，退¥9.90，1001"


@pytest.mark.parametrize("template", ["{missing}", "{order.missing}", "{order.number.deeper}", "{nothing}"])
def test_words_that_name_something_unknown_cannot_be_filled(template: str) -> None:
    assert SHANGHAI.fill("好的" + template, {"order": {"number": "1001"}, "nothing": None}) is None


@pytest.mark.parametrize("text", ["{}", "{Name}", "{a b}", "{a..b}", "{1a}", "{a:}", "{a!r}", "{{", "{a.b:Money}"])
def test_braces_that_are_no_placeholder_stay_as_they_are(text: str) -> None:
    assert SHANGHAI.fill(text, {"a": "x"}) == text


def test_a_value_is_never_filled_in_itself() -> None:
    assert SHANGHAI.fill("{said}", {"said": "{secret}", "secret": "x"}) == "{secret}"


@given(st.integers(-(10**12), 10**12))
def test_money_is_written_exactly(minor: int) -> None:
    written = SHANGHAI.write({"minor": minor, "currency": "CNY"}, "money")
    assert Decimal(written.removeprefix("¥")) * 100 == minor


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_a_moment_is_written_as_the_day_it_is_in_the_shop(moment: datetime) -> None:
    there = moment.astimezone(ZoneInfo("Asia/Shanghai"))
    assert SHANGHAI.write(moment.isoformat(), "date") == there.strftime("%m月%d日")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_is_the_same_day_in_every_time_zone(day: date) -> None:
    assert SHANGHAI.write(day.isoformat(), "date") == BARE.write(day.isoformat(), "date")[5:].replace("-", "月") + "日"


@given(st.text())
def test_text_without_a_placeholder_comes_through_as_it_is(text: str) -> None:
    if not PLACEHOLDER.search(text):
        assert SHANGHAI.fill(text, {}) == text


def test_pairs_and_thousands_are_written_with_the_words_of_the_pack() -> None:
    formats = Formats({"format.pair": ": ", "format.thousands": ",", "currency.USD": "$"}, UTC)
    facts = [{"name": "Material", "value": "cotton"}, {"name": "Care", "value": "cold"}]

    assert formats.write({"minor": 129900, "currency": "USD"}, "money") == "$1,299.00"
    assert formats.write(facts, "list") == "Material: cotton, Care: cold"
    assert BARE.write(facts[:1], "list") == "Material：cotton"
    assert BARE.write({"minor": 129900, "currency": "USD"}, "money") == "USD1299.00"


def test_a_fact_that_names_its_form_is_written_by_it() -> None:
    formats = Formats({"format.coupon": "{title}: {amount:money} off", "currency.USD": "$", "format.list": "; "}, UTC)
    coupon = {"format": "coupon", "title": "Summer", "amount": {"minor": 1000, "currency": "USD"}}

    assert formats.write([coupon, {"format": "unknown", "title": "Winter"}], "list") == "Summer: $10.00 off; Winter"
    assert formats.write({"format": "coupon", "title": "Spring"}, "") == "Spring"  # no amount to fill in


def test_an_amount_in_a_pair_is_written_as_money() -> None:
    formats = Formats({"currency.CNY": "¥"}, UTC)
    assert formats.write({"name": "礼品卡", "value": {"minor": 12050, "currency": "CNY"}}, "") == "礼品卡：¥120.50"
