"""How often somebody may write; time is moved by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.guard import RateLimit, TooManyMessagesError


def admitted(limit: RateLimit, times: list[float], name: str = "c1") -> int:
    count = 0
    for at in times:
        try:
            limit.admit(name, at=at)
        except TooManyMessagesError:
            continue
        count += 1
    return count


def test_a_burst_of_a_minutes_worth_passes_and_no_more() -> None:
    assert admitted(RateLimit(10), [0.0] * 25) == 10


def test_who_is_refused_is_told_when_to_try_again() -> None:
    limit = RateLimit(6)
    admitted(limit, [0.0] * 6)
    with pytest.raises(TooManyMessagesError) as refused:
        limit.admit("c1", at=0.0)
    assert (refused.value.code, refused.value.status) == ("guard.too_many_messages", 429)
    limit.admit("c1", at=float(refused.value.retry_after_seconds))


def test_messages_pass_again_at_the_pace_that_is_allowed() -> None:
    limit = RateLimit(60)
    admitted(limit, [0.0] * 60)
    assert admitted(limit, [1.0, 1.0, 2.0, 2.0]) == 2


def test_one_name_does_not_use_up_anothers_messages() -> None:
    limit = RateLimit(1)
    assert admitted(limit, [0.0, 0.0], "c1") == 1
    assert admitted(limit, [0.0, 0.0], "c2") == 1


def test_waiting_long_saves_up_no_more_than_a_minutes_worth() -> None:
    assert admitted(RateLimit(5), [0.0, *[86_400.0] * 20]) == 6


def test_names_that_were_not_heard_of_for_long_are_forgotten() -> None:
    limit = RateLimit(1)
    limit.admit("first", at=0.0)
    for number in range(50_000):
        limit.admit(f"c{number}", at=0.0)
    limit.admit("first", at=0.0)


@given(st.integers(1, 120), st.lists(st.floats(0, 600), max_size=300).map(sorted))
def test_no_more_pass_than_a_burst_and_the_pace(per_minute: int, times: list[float]) -> None:
    passed = admitted(RateLimit(per_minute), times)
    span = times[-1] - times[0] if times else 0.0
    assert passed <= per_minute + span * per_minute / 60 + 1e-6


@given(st.integers(1, 120), st.lists(st.floats(0, 60), min_size=1, max_size=200).map(sorted))
def test_a_refused_name_passes_after_the_time_it_was_told(per_minute: int, times: list[float]) -> None:
    limit = RateLimit(per_minute)
    admitted(limit, times)
    try:
        limit.admit("c1", at=times[-1])
    except TooManyMessagesError as refused:
        limit.admit("c1", at=times[-1] + refused.retry_after_seconds)
