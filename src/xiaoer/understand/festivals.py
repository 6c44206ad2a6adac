"""Festivals and days of sales as English customers name them; some move from year to year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from xiaoer.understand.calendar import nearest, nearest_in_year

_FIXED = {
    name: day
    for day, names in {
        (1, 1): "new year, new years, new year's, new year day, new years day, new year's day",
        (2, 14): "valentine, valentines, valentine's, valentines day, valentine's day",
        (3, 17): "st patricks day, st. patricks day, st patrick's day, st. patrick's day",
        (6, 19): "juneteenth",
        (7, 4): "independence day, 4th of july, fourth of july",
        (10, 31): "halloween",
        (11, 11): "veterans day, singles day, singles' day",
        (12, 24): "christmas eve, xmas eve",
        (12, 25): "christmas, xmas, christmas day, xmas day",
        (12, 26): "boxing day",
        (12, 31): "new year eve, new years eve, new year's eve, nye",
    }.items()
    for name in names.split(", ")
}

_Moving: TypeAlias = Callable[[int], date]


def festival(name: str, today: date) -> date | None:
    """Give the day of a festival that is nearest to today; `None` if it is none that is known here."""
    if name in _FIXED:
        return nearest_in_year(*_FIXED[name], today)
    moving = _MOVING.get(name)
    return nearest((moving(today.year + offset) for offset in (-1, 0, 1)), today) if moving else None


def _weekday(weekday: int, place: int, month: int) -> _Moving:
    """Give the rule for the first, second, … of a weekday (Monday is 0) in a month; -1 is the last one."""

    def in_year(year: int) -> date:
        first = date(year, month, 1)
        days = [first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * week) for week in range(5)]
        return [day for day in days if day.month == month][place]

    return in_year


def _after(rule: _Moving, days: int) -> _Moving:
    return lambda year: rule(year) + timedelta(days=days)


def _easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    shift = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    early = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * early + 114, 31)
    return date(year, month, day + 1)


_THANKSGIVING = _weekday(3, 3, 11)
_MOVING: dict[str, _Moving] = {
    name: rule
    for names, rule in (
        ("mlk day, martin luther king day", _weekday(0, 2, 1)),
        ("presidents day, president's day, presidents' day", _weekday(0, 2, 2)),
        ("good friday", _after(_easter, -2)),
        ("easter, easter sunday", _easter),
        ("mothers day, mother's day", _weekday(6, 1, 5)),
        ("memorial day", _weekday(0, -1, 5)),
        ("fathers day, father's day", _weekday(6, 2, 6)),
        ("labor day", _weekday(0, 0, 9)),
        ("columbus day", _weekday(0, 1, 10)),
        ("thanksgiving, thanksgiving day", _THANKSGIVING),
        ("black friday", _after(_THANKSGIVING, 1)),
        ("cyber monday", _after(_THANKSGIVING, 4)),
    )
    for name in names.split(", ")
}
