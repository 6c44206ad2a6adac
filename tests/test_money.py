"""Money: exact, and never mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.money import CurrencyMismatchError, Money

amounts = st.integers(-(10**15), 10**15)
yuan = st.builds(Money, amounts)
times = st.integers(-1000, 1000)


def test_money_is_written_in_major_units_with_its_currency() -> None:
    assert [str(Money(1990)), str(Money(5, "USD")), str(Money(-1990))] == ["19.90 CNY", "0.05 USD", "-19.90 CNY"]


@given(yuan, yuan)
def test_sums_and_differences_undo_each_other(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert one + other == other + one


@given(yuan, yuan, yuan)
def test_the_order_of_adding_does_not_matter(one: Money, two: Money, three: Money) -> None:
    assert (one + two) + three == one + (two + three)


@given(yuan, yuan, times)
def test_a_multiple_of_a_sum_is_the_sum_of_the_multiples(one: Money, other: Money, many: int) -> None:
    assert (one + other) * many == one * many + other * many


@given(yuan, yuan)
def test_amounts_are_ordered_as_their_minor_units(one: Money, other: Money) -> None:
    assert (one < other) == (one.minor < other.minor)
    assert (one <= other) == (one.minor <= other.minor)
    assert (one > other) == (one.minor > other.minor)
    assert (one == other) == (one.minor == other.minor)


@given(yuan)
def test_the_decimal_is_exact(amount: Money) -> None:
    assert amount.decimal * 100 == amount.minor
    assert Decimal(str(amount).removesuffix(" CNY")) == amount.decimal


@given(amounts, amounts)
def test_two_currencies_are_never_mixed(one: int, other: int) -> None:
    yuan, dollars = Money(one, "CNY"), Money(other, "USD")
    for mix in (
        lambda: yuan + dollars,
        lambda: yuan - dollars,
        lambda: yuan < dollars,
        lambda: yuan <= dollars,
    ):
        with pytest.raises(CurrencyMismatchError, match="CNY and USD"):
            mix()
    assert yuan != dollars
