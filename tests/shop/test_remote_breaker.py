import asyncio
from contextlib import suppress

import pytest

from xiaoer.breaker import Breaker
from xiaoer.shop.errors import BadRequestError
from xiaoer.shop.remote.errors import BadAnswerError, ShopAwayError

from .merchants import HandTime


def a_breaker(time: HandTime, *, failures: int = 3) -> Breaker:
    return Breaker(failures=failures, rest_seconds=10, monotonic=time, away=ShopAwayError, name="shop")


def state_of(breaker: Breaker) -> str:
    return breaker.state


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with suppress(ShopAwayError), breaker.guarding():
            raise ShopAwayError("It fails.")


def is_let_through(breaker: Breaker) -> bool:
    try:
        with breaker.guarding():
            return True
    except ShopAwayError:
        return False


def test_it_opens_after_as_many_failures_in_a_row_as_it_may() -> None:
    breaker = a_breaker(HandTime())
    fail(breaker, 2)
    assert state_of(breaker) == "closed"
    fail(breaker)
    assert state_of(breaker) == "open"
    assert not is_let_through(breaker)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    breaker = a_breaker(HandTime())
    fail(breaker, 2)
    assert is_let_through(breaker)
    fail(breaker, 2)
    assert state_of(breaker) == "closed"


@pytest.mark.parametrize("error", [BadAnswerError("No order."), BadRequestError("No key.")])
def test_an_answer_that_is_wrong_is_an_answer(error: Exception) -> None:
    breaker = a_breaker(HandTime(), failures=1)
    with suppress(BadAnswerError, BadRequestError), breaker.guarding():
        raise error
    assert state_of(breaker) == "closed"


def test_after_its_rest_one_call_may_try_and_an_answer_closes_it() -> None:
    time = HandTime()
    breaker = a_breaker(time)
    fail(breaker, 3)
    time.seconds += 9.9
    assert not is_let_through(breaker)
    time.seconds += 0.1
    assert state_of(breaker) == "half_open"
    with breaker.guarding():
        assert not is_let_through(breaker)
    assert state_of(breaker) == "closed"
    assert is_let_through(breaker)


def test_a_failed_try_opens_it_for_another_rest() -> None:
    time = HandTime()
    breaker = a_breaker(time)
    fail(breaker, 3)
    time.seconds += 10
    fail(breaker)
    assert state_of(breaker) == "open"
    time.seconds += 10
    assert is_let_through(breaker)
    assert state_of(breaker) == "closed"


def test_a_try_that_is_given_up_leaves_room_for_the_next() -> None:
    time = HandTime()
    breaker = a_breaker(time)
    fail(breaker, 3)
    time.seconds += 10
    with suppress(asyncio.CancelledError), breaker.guarding():
        raise asyncio.CancelledError
    assert state_of(breaker) == "half_open"
    assert is_let_through(breaker)


def test_an_answer_to_an_earlier_call_closes_it_while_another_tries() -> None:
    time = HandTime()
    breaker = a_breaker(time)
    with breaker.guarding():
        fail(breaker, 3)
        time.seconds += 10
        trial = breaker.guarding()
        trial.__enter__()  # it ends after the other
    assert is_let_through(breaker)
    trial.__exit__(None, None, None)
    assert state_of(breaker) == "closed"
