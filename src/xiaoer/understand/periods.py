"""Weeks and months that are under way or over, as customers say them: 上周, 这个月, "last week"."""

import re
from datetime import date, timedelta

_CHINESE = re.compile(r"(上上|上|这|本)(?:个|一|一个)?(周|星期|礼拜|月)(?:里|份)?")
_ENGLISH = re.compile(r"(?:the )?(last|past|this) (week|month)")
_BACK = {"上上": 2, "上": 1, "这": 0, "本": 0, "last": 1, "past": 1, "this": 0}


def read_period(words: str, today: date) -> str | None:
    """Read a whole week (from its Monday) or month as an ISO 8601 interval of days, `first/last`; `None` otherwise."""
    match = _CHINESE.fullmatch(words.strip()) or _ENGLISH.fullmatch(words.strip())
    if match is None:
        return None
    back = _BACK[match[1]]
    if match[2] in ("月", "month"):
        month = today.year * 12 + today.month - 1 - back
        first, following = (date(at // 12, at % 12 + 1, 1) for at in (month, month + 1))
    else:
        first = today - timedelta(days=today.weekday() + 7 * back)
        following = first + timedelta(days=7)
    return f"{first.isoformat()}/{(following - timedelta(days=1)).isoformat()}"
