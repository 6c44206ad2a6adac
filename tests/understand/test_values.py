from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import EntityKind
from xiaoer.understand.dates import read_date
from xiaoer.understand.values import normal_form

TODAY = date(2026, 11, 21)  # a Saturday
Normal = Literal["as_is", "digits", "upper", "lower", "date", "time", "money", "quantity", "fewer", "size"]


def value(normal: Normal, words: str) -> str:
    return normal_form(EntityKind(name="kind", normal=normal), words, TODAY)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("今天", "2026-11-21"), ("昨天", "2026-11-20"), ("大后天", "2026-11-24"), ("周六", "2026-11-21"),
        ("周五", "2026-11-27"), ("上周五", "2026-11-13"), ("下周一", "2026-11-23"), ("这周三", "2026-11-18"),
        ("礼拜天", "2026-11-22"), ("11月3号", "2026-11-03"), ("十一月二十号", "2026-11-20"), ("3号", "2026-12-03"),
        ("1月2号", "2027-01-02"), ("双11", "2026-11-11"), ("元旦", "2027-01-01"), ("三天前", "2026-11-18"),
        ("两周后", "2026-12-05"), ("2026年3月5日", "2026-03-05"), ("26.3.5", "2026-03-05"),
    ],
)  # fmt: skip
def test_days_as_customers_say_them(words: str, day: str) -> None:
    assert value("date", words) == day


@pytest.mark.parametrize("words", ["前几天", "2月30号", "99号", "零月三号", ""])
def test_what_names_no_day_keeps_its_words(words: str) -> None:
    assert value("date", words) == words


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("上周", "2026-11-09", "2026-11-15"), ("上个礼拜", "2026-11-09", "2026-11-15"),
        ("上上周", "2026-11-02", "2026-11-08"), ("这周", "2026-11-16", "2026-11-22"),
        ("上个月", "2026-10-01", "2026-10-31"), ("本月", "2026-11-01", "2026-11-30"),
    ],
)  # fmt: skip
def test_weeks_and_months_are_periods(words: str, first: str, last: str) -> None:
    assert value("date", words) == f"{first}/{last}"


@given(today=st.dates(date(2000, 1, 1), date(2090, 1, 1)), name=st.sampled_from("一二三四五六日"))
def test_a_bare_weekday_is_within_the_coming_week(today: date, name: str) -> None:
    day = read_date(f"周{name}", today)
    assert day is not None
    assert timedelta(0) <= day - today < timedelta(7)
    assert day.weekday() == "一二三四五六日".index(name)


@given(today=st.dates(date(2000, 1, 1), date(2090, 1, 1)), day=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_month_and_day_is_the_nearest_such_day(today: date, day: date) -> None:
    found = read_date(f"{day.month}月{day.day}号", today)
    if found is not None:
        assert (found.month, found.day) == (day.month, day.day)
        assert abs(found - today) <= timedelta(366)


@given(words=st.text(alphabet="零一二三十百千万0123456789年月日号周星期天前后上下个个.-/", max_size=10))
def test_any_words_are_a_day_or_none(words: str) -> None:
    assert read_date(words, TODAY) is None or isinstance(read_date(words, TODAY), date)


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("下午三点", "15:00"), ("晚上七点半", "19:30"), ("9点58", "09:58"), ("中午12点", "12:00"), ("14:30", "14:30"),
        ("三点一刻", "03:15"), ("晚上12点", "00:00"), ("上午", "上午"), ("25点", "25点"),
    ],
)  # fmt: skip
def test_times_of_day_as_customers_say_them(words: str, clock: str) -> None:
    assert value("time", words) == clock


@pytest.mark.parametrize(
    ("words", "minor"),
    [
        ("50块", "5000"), ("9块9", "990"), ("五块五", "550"), ("价值99元", "9900"), ("3.5元", "350"),
        ("一百五", "15000"), ("五毛", "50"), ("99块95", "9995"), ("1w", "1000000"), ("十蚊", "1000"), ("¥199", "19900"),
        ("几块", "几块"),
    ],
)  # fmt: skip
def test_sums_are_given_in_minor_units(words: str, minor: str) -> None:
    assert value("money", words) == minor


@given(yuan=st.integers(0, 10**6), fen=st.integers(0, 99))
def test_a_written_price_is_exact(yuan: int, fen: int) -> None:
    assert value("money", f"{yuan}.{fen:02}元") == str(yuan * 100 + fen)


def test_quantities_are_whole_numbers_or_keep_their_words() -> None:
    assert [value("quantity", words) for words in ("两件", "12瓶", "半斤")] == ["2", "12", "半斤"]


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("1米8", "1.8米"),
        ("一米五的", "1.5米"),
        ("两米二", "2.2米"),
        ("1.8米", "1.8米"),
        ("xl", "XL"),
        ("1米85", "1米85"),
    ],
)
def test_a_length_is_read_as_it_is_said(words: str, size: str) -> None:
    assert value("size", words) == size


@pytest.mark.parametrize(
    ("words", "pieces"), [("两件不要了", "-2"), ("取消1个", "-1"), ("10盒不想要", "-10"), ("不要了", "不要了")]
)
def test_pieces_that_go_are_counted_below_zero(words: str, pieces: str) -> None:
    assert value("fewer", words) == pieces
