"""Days of the calendar: those that there are, and those nearest to another."""

from collections.abc import Iterable
from datetime import date


def day_of(year: int, month: int, day: int) -> date | None:
    """Give a day; `None` if the calendar has no such one."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def nearest(days: Iterable[date | None], today: date) -> date | None:
    """Give the day that is nearest to today; of two equally near ones the first."""
    return min((day for day in days if day), key=lambda day: abs(day - today), default=None)


def nearest_in_year(month: int, day: int, today: date) -> date | None:
    """Give the day nearest to today that has this month and day."""
    return nearest((day_of(today.year + offset, month, day) for offset in (-1, 0, 1)), today)
