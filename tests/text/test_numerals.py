from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.text import read_number, with_lengths_read

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """Write a number below 10000 in Chinese, as read aloud."""
    text, is_gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if is_gap and text else "") + DIGITS[digit] + name
        is_gap = not digit
    return text or "零"


@given(number=st.integers(min_value=0, max_value=9999))
def test_a_number_written_in_chinese_is_read_back(number: int) -> None:
    assert read_number(written(number)) == number


@given(number=st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_in_digits_is_read_back(number: Decimal) -> None:
    assert read_number(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("两", 2), ("俩", 2), ("十", 10), ("十二", 12), ("三百五", 350), ("三百零五", 305), ("两千三", 2300),
        ("1万2", 12000), ("1.5万", 15000), ("3k", 3000), ("1w", 10000), ("二零二六", 2026), ("廿五", 25),
        ("半", Decimal("0.5")), ("1,299", 1299),
    ],
)  # fmt: skip
def test_numbers_as_customers_write_them(text: str, number: int | Decimal) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "百", "万", "三个", "abc", "一 二", "3.5.1"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(text=st.text(alphabet="零一二两三百千万亿十半0123456789.wk, 个", max_size=12))
def test_any_text_is_read_or_none(text: str) -> None:
    number = read_number(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("换1米8的", "换1.8米的"),
        ("一米五换一米八", "1.5米换1.8米"),
        ("两米二的沙发", "2.2米的沙发"),
        ("1.5米的", "1.5米的"),
        ("1米85的个子", "1米85的个子"),
        ("11米8", "11米8"),
        ("2米3米的都行", "2米3米的都行"),
        ("一米八十", "一米八十"),
    ],
)
def test_metres_and_tenths_of_them_are_read_as_they_are_said(said: str, read: str) -> None:
    assert with_lengths_read(said) == read
