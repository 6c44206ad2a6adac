"""Days as Chinese customers say them, made exact for the day on which they are said."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from xiaoer.text import NUMBER, read_number
from xiaoer.understand.calendar import day_of, nearest, nearest_in_year

_DAYS = {
    word: offset
    for offset, words in {
        -3: "大前天",
        -2: "前天 前日",
        -1: "昨天 昨日 昨儿 昨晚 昨早 琴日 寻日 yesterday",
        0: "今天 今日 今儿 今早 今晚 今夜 当天 today",
        1: "明天 明日 明儿 明早 明晚 听日 tomorrow",
        2: "后天 后日",
        3: "大后天",
    }.items()
    for word in words.split()
}
_FESTIVALS = {
    "双11": (11, 11), "双十一": (11, 11), "双12": (12, 12), "双十二": (12, 12), "618": (6, 18), "六一八": (6, 18),
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8), "五一": (5, 1), "劳动节": (5, 1),
    "儿童节": (6, 1), "六一": (6, 1), "教师节": (9, 10), "国庆": (10, 1), "国庆节": (10, 1), "十一": (10, 1),
    "圣诞": (12, 25), "圣诞节": (12, 25), "平安夜": (12, 24), "万圣节": (10, 31),
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}

_WEEKDAY = re.compile(r"(上上|下下|上|这|本|下)?个?(?:周|星期|礼拜)([一二三四五六日天末1-7])")
_AGO = re.compile(rf"({NUMBER})(天|日|周|个星期|个礼拜|星期|礼拜)(?:之|以)?(前|后)")
_FULL = re.compile(r"(\d{4}|\d{2})[年./-](\d{1,2})[月./-](\d{1,2})[日号]?")
_MONTH_DAY = re.compile(rf"({NUMBER})(?:月份?|[./-])({NUMBER})(?:日|号)?")
_DAY = re.compile(rf"({NUMBER})(?:号|日)")

_Reading: TypeAlias = Callable[[re.Match[str], date], date | None]


def read_date(words: str, today: date) -> date | None:
    """Read a day, seen from `today`; `None` if the words name none (周末 is its Saturday, 前几天 is none).

    A weekday without 上, 这 or 下 is the next one, today included. A month and day without a year, and a day
    without a month, are those nearest to today.
    """
    words = words.strip()
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    if words in _FESTIVALS:
        return nearest_in_year(*_FESTIVALS[words], today)
    for expression, read in _FORMS:
        if match := expression.fullmatch(words):
            return read(match, today)
    return None


def _weekday(match: re.Match[str], today: date) -> date:
    name = match[2]
    weekday = int(name) - 1 if name.isdecimal() else _WEEKDAYS[name]
    if match[1] is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=weekday - today.weekday() + 7 * _WEEKS[match[1]])


def _ago(match: re.Match[str], today: date) -> date | None:
    number = read_number(match[1])
    if number is None or number != int(number) or number > 3650:
        return None
    days = int(number) * (1 if match[2] in "天日" else 7)
    return today + timedelta(days=days if match[3] == "后" else -days)


def _full(match: re.Match[str], _: date) -> date | None:
    year = int(match[1])
    return day_of(year + 2000 if year < 100 else year, int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> date | None:
    month, day = read_number(match[1]), read_number(match[2])
    return None if month is None or day is None else nearest_in_year(int(month), int(day), today)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    number = read_number(match[1])
    if number is None:
        return None
    months = (today.year * 12 + today.month - 1 + offset for offset in (-1, 0, 1))
    return nearest((day_of(month // 12, month % 12 + 1, int(number)) for month in months), today)


_FORMS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (_WEEKDAY, _weekday),
    (_AGO, _ago),
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_DAY, _day_of_month),
)
