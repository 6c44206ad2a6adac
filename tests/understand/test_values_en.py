from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import EntityKind
from xiaoer.understand.dates_en import read_english_date
from xiaoer.understand.values import normal_form

TODAY = date(2026, 11, 21)  # a Saturday
Normal = Literal["as_is", "digits", "upper", "lower", "date", "time", "money", "quantity"]


def value(normal: Normal, words: str) -> str:
    return normal_form(EntityKind(name="kind", normal=normal), words, TODAY, language="en")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-21"), ("tonight", "2026-11-21"), ("last night", "2026-11-20"), ("tmrw", "2026-11-22"),
        ("the day after tomorrow", "2026-11-23"), ("day before yesterday", "2026-11-19"), ("friday", "2026-11-27"),
        ("saturday", "2026-11-21"), ("this friday", "2026-11-27"), ("next friday", "2026-11-27"),
        ("next monday", "2026-11-23"), ("last friday", "2026-11-20"), ("last saturday", "2026-11-14"),
        ("june 3rd", "2026-06-03"), ("3 june", "2026-06-03"), ("3rd of june, 2027", "2027-06-03"),
        ("dec 24", "2026-12-24"), ("jan. 2", "2027-01-02"), ("05/28/2026", "2026-05-28"), ("28/05/2026", "2026-05-28"),
        ("11/3", "2026-11-03"), ("2026-03-05", "2026-03-05"), ("3.5.26", "2026-03-05"), ("the 14th", "2026-11-14"),
        ("3 days ago", "2026-11-18"), ("two weeks ago", "2026-11-07"), ("a couple of days ago", "2026-11-19"),
        ("in 3 days", "2026-11-24"), ("in a week", "2026-11-28"),
        ("this weekend", "2026-11-21"), ("last weekend", "2026-11-14"), ("next week", "2026-11-28"),
        ("black friday", "2026-11-27"), ("thanksgiving", "2026-11-26"), ("cyber monday", "2026-11-30"),
        ("christmas", "2026-12-25"), ("new year's eve", "2026-12-31"), ("mother's day", "2027-05-09"),
        ("father's day", "2026-06-21"), ("memorial day", "2026-05-25"), ("labor day", "2026-09-07"),
        ("easter", "2027-03-28"), ("halloween", "2026-10-31"), ("4th of july", "2026-07-04"),
    ],
)  # fmt: skip
def test_days_as_english_customers_say_them(words: str, day: str) -> None:
    assert value("date", words) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("monday the 7th", "2026-12-07"), ("on tuesday the 8th", "2026-12-08"), ("mon 7th", "2026-12-07"),
        ("monday, the 23rd", "2026-11-23"), ("next monday the 7th", "2026-12-07"), ("friday the 13th", "2026-11-13"),
        ("monday dec 7", "2026-12-07"), ("monday, december 7th", "2026-12-07"), ("mon. 7 dec", "2026-12-07"),
        ("monday the 7th of december", "2026-12-07"), ("monday 12/7", "2026-12-07"), ("tuesday the 7th", "2026-11-07"),
        ("friday jan 1st, 2027", "2027-01-01"),
    ],
)  # fmt: skip
def test_a_day_of_the_month_behind_a_weekday_decides(words: str, day: str) -> None:
    assert value("date", words) == day


@given(today=st.dates(date(2000, 1, 1), date(2090, 1, 1)), ahead=st.integers(0, 13))
def test_a_weekday_with_its_day_of_the_month_is_that_very_day(today: date, ahead: int) -> None:
    day = today + timedelta(ahead)
    assert read_english_date(f"{day:%A} the {day.day}th".lower(), today) == day


@pytest.mark.parametrize(
    "words", ["a few days ago", "february 30", "the 99th", "13/13", "last year", "fridays", "monday the 99th", ""]
)
def test_what_names_no_day_keeps_its_words(words: str) -> None:
    assert value("date", words) == words


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("last week", "2026-11-09", "2026-11-15"), ("the past week", "2026-11-09", "2026-11-15"),
        ("this month", "2026-11-01", "2026-11-30"), ("last month", "2026-10-01", "2026-10-31"),
    ],
)  # fmt: skip
def test_weeks_and_months_are_periods(words: str, first: str, last: str) -> None:
    assert value("date", words) == f"{first}/{last}"


@given(today=st.dates(date(2000, 1, 1), date(2090, 1, 1)), name=st.sampled_from(["monday", "thu", "sunday"]))
def test_a_bare_weekday_is_within_the_coming_week(today: date, name: str) -> None:
    day = read_english_date(name, today)
    assert day is not None
    assert timedelta(0) <= day - today < timedelta(7)


@given(today=st.dates(date(2000, 1, 1), date(2090, 1, 1)), name=st.sampled_from(["easter", "black friday", "xmas"]))
def test_a_festival_is_the_nearest_of_its_name(today: date, name: str) -> None:
    day = read_english_date(name, today)
    assert day is not None
    assert abs(day - today) <= timedelta(220)


@given(words=st.text(alphabet="0123456789/-. thndayweksjuagoi", max_size=14))
def test_any_words_are_a_day_or_none(words: str) -> None:
    assert read_english_date(words, TODAY) is None or isinstance(read_english_date(words, TODAY), date)


@pytest.mark.parametrize(
    ("words", "clock"),
    [
        ("5pm", "17:00"), ("5:30 pm", "17:30"), ("5.30 p.m.", "17:30"), ("12 am", "00:00"), ("12pm", "12:00"),
        ("17:45", "17:45"), ("half past 5", "05:30"), ("half five", "05:30"), ("quarter to 6", "05:45"),
        ("ten past three pm", "15:10"), ("noon", "12:00"), ("midnight", "00:00"), ("9 o'clock", "09:00"),
        ("morning", "morning"), ("13pm", "13pm"), ("5", "5"),
    ],
)  # fmt: skip
def test_times_of_day_as_english_customers_say_them(words: str, clock: str) -> None:
    assert value("time", words) == clock


@pytest.mark.parametrize(
    ("words", "minor"),
    [
        ("$1,299.00", "129900"), ("20 dollars", "2000"), ("20 bucks", "2000"), ("twenty-five quid", "2500"),
        ("us$5", "500"), ("€ 9.95", "995"), ("fifty cents", "50"), ("99c", "99"), ("a hundred bucks", "10000"),
        ("five dollars and fifty cents", "550"), ("$1.5k", "150000"), ("some money", "some money"),
    ],
)  # fmt: skip
def test_english_sums_are_given_in_minor_units(words: str, minor: str) -> None:
    assert value("money", words) == minor


@given(dollars=st.integers(0, 10**7), cents=st.integers(0, 99))
def test_a_written_price_is_exact(dollars: int, cents: int) -> None:
    assert value("money", f"${dollars:,}.{cents:02}") == str(dollars * 100 + cents)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("2 packs", "2"), ("x3", "3"), ("4x", "4"), ("two boxes", "2"), ("a dozen", "12"), ("half a dozen", "6"),
        ("two dozen", "24"), ("a pair", "2"), ("one", "1"), ("half", "half"), ("both", "2"), ("many", "many"),
    ],
)  # fmt: skip
def test_english_quantities_are_whole_numbers_or_keep_their_words(words: str, count: str) -> None:
    assert value("quantity", words) == count
