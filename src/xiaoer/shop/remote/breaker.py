"""A circuit breaker: a system that fails again and again is left in peace for a while, and customers do not wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

import structlog

from xiaoer.errors import XiaoerError
from xiaoer.shop.remote.errors import ShopAwayError

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]

_log = structlog.get_logger()


class Breaker:
    """Opens after `failures` failed calls in a row; after `rest_seconds` one call may try and decides.

    `monotonic` tells seconds that only grow.
    """

    def __init__(self, *, failures: int, rest_seconds: float, monotonic: Callable[[], float]) -> None:
        self._most_failures = failures
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._failures = 0
        self._opened_at: float | None = None
        self._is_trying = False

    @property
    def state(self) -> BreakerState:
        """`closed`: calls go through. `open`: none does. `half_open`: one may try."""
        if self._opened_at is None:
            return "closed"
        return "open" if self._monotonic() - self._opened_at < self._rest_seconds else "half_open"

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Let a call through, and learn from it: a `ShopAwayError` is a failure; any other error of ours is an answer.

        Raises:
            ShopAwayError: no call goes through at the moment.
        """
        is_trial = self._admit()
        try:
            yield
        except ShopAwayError:
            self._failed()
            raise
        except XiaoerError:  # whatever else was wrong, the system did answer
            self._answered()
            raise
        else:
            self._answered()
        finally:
            if is_trial:
                self._is_trying = False

    def _admit(self) -> bool:
        """Let a call through or not; give whether it is the one that tries."""
        state = self.state
        if state == "closed":
            return False
        if state == "open" or self._is_trying:
            raise ShopAwayError("The merchant's system failed several times; it is asked again in a while.")
        self._is_trying = True
        return True

    def _failed(self) -> None:
        self._failures += 1
        if self._opened_at is not None or self._failures >= self._most_failures:
            if self._opened_at is None:
                _log.error("shop.breaker_opened", failures=self._failures, rest_seconds=self._rest_seconds)
            self._opened_at = self._monotonic()

    def _answered(self) -> None:
        if self._opened_at is not None:
            _log.info("shop.breaker_closed")
        self._failures, self._opened_at = 0, None
