"""What of a received text goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.guard import clean

any_text = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        ("  在吗\n", "在吗"),
        ("第一行\n第二行\t完", "第一行\n第二行\t完"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("坏\ud800字", "坏字"),
        ("👍🏽 好", "👍🏽 好"),
        ("", ""),
        ("\x00\x01", ""),
    ],
)
def test_what_no_person_types_is_dropped(received: str, kept: str) -> None:
    assert clean(received, limit=100) == kept


def test_a_long_text_is_cut_at_the_limit() -> None:
    assert clean("好" * 5000, limit=4000) == "好" * 4000


@given(any_text, st.integers(1, 50))
def test_a_clean_text_is_short_and_can_be_stored(received: str, limit: int) -> None:
    kept = clean(received, limit=limit)
    assert len(kept) <= limit
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept


@given(any_text, st.integers(1, 50))
def test_a_clean_text_is_clean(received: str, limit: int) -> None:
    kept = clean(received, limit=limit)
    assert clean(kept, limit=limit) == kept


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=50))
def test_what_a_person_types_comes_through(typed: str) -> None:
    assert clean(typed, limit=50) == typed
