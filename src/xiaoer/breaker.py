"""A circuit breaker: what fails again and again is left in peace for a while, and customers do not wait for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

import structlog

from xiaoer.errors import XiaoerError

BreakerState: TypeAlias = Literal["closed", "open", "half_open"]

_log = structlog.get_logger()


class Breaker:
    """Opens after `failures` failed calls in a row; after `rest_seconds` one call may try and decides.

    `away` is the error that is a failure, and the one that is raised while it is open; `name` is what logs call it.
    `monotonic` tells seconds that only grow.
    """

    def __init__(
        self,
        *,
        failures: int,
        rest_seconds: float,
        monotonic: Callable[[], float],
        away: type[XiaoerError],
        name: str,
    ) -> None:
        self._most_failures = failures
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._away = away
        self._name = name
        self._failures = 0
        self._opened_at: float | None = None
        self._is_trying = False

    @property
    def state(self) -> BreakerState:
        """`closed`: calls go through. `open`: none does. `half_open`: one may try."""
        if self._opened_at is None:
            return "closed"
        return "open" if self._monotonic() - self._opened_at < self._rest_seconds else "half_open"

    def check(self) -> None:
        """Refuse a call that could not go through now.

        Raises:
            XiaoerError: the error of the kind `away`.
        """
        state = self.state
        if state == "open" or (state == "half_open" and self._is_trying):
            raise self._away(f"The {self._name} failed several times; it is asked again in a while.")

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """Let a call through, and learn from it: `away` is a failure; any other error of ours is an answer.

        Raises:
            XiaoerError: the error of the kind `away`: no call goes through at the moment.
        """
        is_trial = self._admit()
        try:
            yield
        except self._away:
            self._failed()
            raise
        except XiaoerError:  # whatever else was wrong, there was an answer
            self._answered()
            raise
        else:
            self._answered()
        finally:
            if is_trial:
                self._is_trying = False

    def _admit(self) -> bool:
        """Let a call through or not; give whether it is the one that tries."""
        self.check()
        if self.state == "closed":
            return False
        self._is_trying = True
        return True

    def _failed(self) -> None:
        self._failures += 1
        if self._opened_at is not None or self._failures >= self._most_failures:
            if self._opened_at is None:
                _log.error("breaker.opened", of=self._name, failures=self._failures, rest_seconds=self._rest_seconds)
            self._opened_at = self._monotonic()

    def _answered(self) -> None:
        if self._opened_at is not None:
            _log.info("breaker.closed", of=self._name)
        self._failures, self._opened_at = 0, None
