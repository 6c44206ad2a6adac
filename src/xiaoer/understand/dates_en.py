"""Days as English customers say them, made exact for the day on which they are said."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from xiaoer.text import ENGLISH_NUMBER, read_english_number
from xiaoer.understand.calendar import day_of, nearest, nearest_in_year
from xiaoer.understand.festivals import festival

_DAYS = {
    word: offset
    for offset, words in {
        -2: "day before yesterday",
        -1: "yesterday, yesturday, ystrday, last night, yesterday morning, yesterday evening",
        0: "today, tonight, this morning, this afternoon, this evening",
        1: "tomorrow, tommorow, tomorow, tommorrow, tmrw, tmr, tomorrow morning, tomorrow evening",
        2: "day after tomorrow",
    }.items()
    for word in words.split(", ")
}
_WEEKDAYS = {name: at for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MONTHS = {
    name: at
    for at, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_UNITS = {"day": 1, "week": 7, "fortnight": 14}
_LONGEST_DAYS = 3650

_YEAR = r"(?:,? (20[0-9]{2}))?"
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NAMED = r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_WEEKDAY = re.compile(rf"(?:(this|this coming|coming|next|last|past|this past) )?{_NAMED}")
_WEEKEND = re.compile(r"(?:the )?(this|this coming|coming|next|last|past) (week|weekend)|weekend")
_AGO = re.compile(rf"({ENGLISH_NUMBER})(?: of)? (day|week|fortnight)s? (ago|before|from (?:now|today)|later)")
_IN = re.compile(rf"(?:in|within) ({ENGLISH_NUMBER})(?: of)? (day|week|fortnight)s?(?:'? time)?")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_SLASHED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{4}|[0-9]{2}))?")
_MONTH_DAY = re.compile(rf"{_MONTH} (?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?{_YEAR}")
_DAY_MONTH = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}{_YEAR}")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_BEHIND_WEEKDAY = re.compile(rf"(?:(?:this|next|coming|this coming|last) )?{_NAMED}\.?,? (?:on )?(?:the )?(?P<day>.+)")

_Reading: TypeAlias = Callable[[re.Match[str], date], date | None]


def read_english_date(words: str, today: date) -> date | None:
    """Read a day in small letters, seen from `today`; `None` if the words name none ("a few days ago", "last year").

    A weekday alone, or with "this", is the next one, today included; with "next" that of the week after this one,
    with "last" the latest before today. A month and day without a year, and a day without a month, are those nearest
    to today. A day of the month behind a weekday decides; without its month it is the nearest that falls on that
    weekday, if one does. 05/06 is the sixth of May, unless the first number is above 12.
    """
    words = words.strip().removeprefix("on ").removeprefix("the ")
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    if match := _BEHIND_WEEKDAY.fullmatch(words):
        return _day_behind(match, today)
    if (day := festival(words, today)) is not None:
        return day
    for expression, read in _FORMS:
        if match := expression.fullmatch(words):
            return read(match, today)
    return None


def _weekday(match: re.Match[str], today: date) -> date:
    return _in_week(match[1] or "this", _WEEKDAYS[match[2][:3]], today)


def _day_behind(match: re.Match[str], today: date) -> date | None:
    """Read the day of the month that stands behind a weekday."""
    if of_month := _DAY.fullmatch(match["day"]):
        days = _days_near(int(of_month[1]), today)
        named = [day for day in days if day.weekday() == _WEEKDAYS[match[1][:3]]]
        return nearest(named or days, today)
    return _of_a_month(match["day"], today)


def _in_week(which: str, weekday: int, today: date) -> date:
    ahead = (weekday - today.weekday()) % 7
    if which == "next":
        return today + timedelta(days=weekday - today.weekday() + 7)
    is_over = which in ("last", "past", "this past")
    return today + timedelta(days=ahead - 7 if is_over else ahead)


def _week(match: re.Match[str], today: date) -> date:
    """A weekend is its Saturday, a week as far away as the word says."""
    if match[2] == "week":
        return today + timedelta(days={"next": 7, "last": -7, "past": -7}.get(match[1], 0))
    return _in_week(match[1] or "this", _WEEKDAYS["sat"], today)


def _ago(match: re.Match[str], today: date) -> date | None:
    days = _days(match[1], match[2])
    if days is None:
        return None
    return today + timedelta(days=-days if match[3] in ("ago", "before") else days)


def _ahead(match: re.Match[str], today: date) -> date | None:
    days = _days(match[1], match[2])
    return None if days is None else today + timedelta(days=days)


def _days(count: str, unit: str) -> int | None:
    number = read_english_number(count)
    days = None if number is None or number != int(number) else int(number) * _UNITS[unit]
    return None if days is None or days > _LONGEST_DAYS else days


def _iso(match: re.Match[str], _: date) -> date | None:
    return day_of(int(match[1]), int(match[2]), int(match[3]))


def _slashed(match: re.Match[str], today: date) -> date | None:
    month, day = int(match[1]), int(match[2])
    if month > 12:
        month, day = day, month
    return _in_year(month, day, match[3], today)


def _month_day(match: re.Match[str], today: date) -> date | None:
    return _in_year(_MONTHS[match[1][:3]], int(match[2]), match[3], today)


def _day_month(match: re.Match[str], today: date) -> date | None:
    return _in_year(_MONTHS[match[2][:3]], int(match[1]), match[3], today)


def _in_year(month: int, day: int, year: str | None, today: date) -> date | None:
    if year is None:
        return nearest_in_year(month, day, today)
    return day_of(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _of_a_month(words: str, today: date) -> date | None:
    """Read a day with its month, in words or figures."""
    for expression, read in _DATED:
        if match := expression.fullmatch(words):
            return read(match, today)
    return None


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    return nearest(_days_near(int(match[1]), today), today)


def _days_near(day: int, today: date) -> list[date]:
    """Give the days of the last, this and the next month that have a number, as far as there are such."""
    months = (today.year * 12 + today.month - 1 + offset for offset in (-1, 0, 1))
    return [found for month in months if (found := day_of(month // 12, month % 12 + 1, day))]


_DATED: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (_ISO, _iso),
    (_SLASHED, _slashed),
    (_MONTH_DAY, _month_day),
    (_DAY_MONTH, _day_month),
)


_FORMS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (_WEEKDAY, _weekday),
    (_WEEKEND, _week),
    (_AGO, _ago),
    (_IN, _ahead),
    *_DATED,
    (_DAY, _day_of_month),
)
