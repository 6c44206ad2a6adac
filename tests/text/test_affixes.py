"""Words before and behind a value are cut off whole."""

import pytest

from xiaoer.text import lead_of, trail_of


@pytest.mark.parametrize(
    ("text", "lead"), [("Put Ann Lee", "Put"), ("Putnam Inc", ""), ("抬头写青芒", "抬头"), ("", ""), ("put", "put")]
)
def test_a_lead_is_found_in_any_case_and_whole(text: str, lead: str) -> None:
    assert lead_of(text, ("put", "抬头")) == lead


@pytest.mark.parametrize(
    ("text", "trail"), [("Ann Lee Please", "Please"), ("Sunplease", ""), ("青芒就行", "就行"), ("", "")]
)
def test_a_trail_is_found_in_any_case_and_whole(text: str, trail: str) -> None:
    assert trail_of(text, ("please", "就行")) == trail


def test_no_lead_ends_inside_a_word_that_stays_whole() -> None:
    assert lead_of("写成都竹影", ("写成", "写"), ("成都",)) == "写"
    assert lead_of("写成苏州", ("写成", "写"), ("成都",)) == "写成"
