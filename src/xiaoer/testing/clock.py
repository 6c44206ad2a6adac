"""A clock that a test moves by hand."""

from datetime import UTC, datetime, timedelta

_MORNING = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


class HandClock:
    """Shows one moment until it is moved; it begins on the morning of 15 June 2026."""

    def __init__(self, moment: datetime = _MORNING) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return self._moment

    def forward(self, by: timedelta) -> None:
        """Let time pass."""
        self._moment += by
