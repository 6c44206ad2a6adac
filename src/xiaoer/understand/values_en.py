"""Times of day, sums and counts as English customers write them."""

import re
from decimal import Decimal

from xiaoer.text import ENGLISH_NUMBER, read_english_number

_CLOCK = re.compile(r"([0-9]{1,2}|[a-z]+)(?:[:.]([0-5][0-9]))? ?(am|pm|a\.m\.?|p\.m\.?|o'clock|oclock)?")
_PAST = re.compile(rf"(half|quarter|{ENGLISH_NUMBER})(?: (past|after|to|till|before))? ({ENGLISH_NUMBER}) ?(am|pm)?")
_NOON = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_BEFORE = ("to", "till", "before")

_SUM = re.compile(
    rf"(?:about |around |over |under )?(?:us|ca|au|usd ?)?(?:[$£€] ?)?({ENGLISH_NUMBER})"
    r" ?(?:dollars?|bucks?|usd|quid|pounds?|euros?|eur|gbp|cad|aud|\$|£|€)?"
    rf"(?:,? and ({ENGLISH_NUMBER}) ?(?:cents?|pence))?"
)
_CENTS = re.compile(rf"({ENGLISH_NUMBER}) ?(?:cents?|pence|¢|c|p)")
_COUNT = re.compile(rf"(?:half an? (?:dozen|pair)|{ENGLISH_NUMBER})")


def read_english_time(words: str) -> str | None:
    """Read a time of day as `17:30`; an hour without am or pm is one of the morning, "half 5" is half past five."""
    words = words.strip()
    if words in _NOON:
        return _NOON[words]
    if match := _PAST.fullmatch(words):
        return _past(match)
    match = _CLOCK.fullmatch(words)
    hour = read_english_number(match[1]) if match else None
    if match is None or hour is None or (match[2] is None and match[3] is None):
        return None
    return _clock(hour, int(match[2] or 0), match[3] or "")


def _past(match: re.Match[str]) -> str | None:
    hour = read_english_number(match[3])
    minutes = {"half": Decimal(30), "quarter": Decimal(15)}.get(match[1]) or read_english_number(match[1])
    if hour is None or minutes is None or (match[2] is None and match[1] != "half") or minutes >= 60:
        return None
    if match[2] in _BEFORE:
        hour, minutes = (hour - 1 if hour > 1 else Decimal(12)), 60 - minutes
    return _clock(hour, int(minutes), match[4] or "")


def _clock(hour: Decimal, minute: int, half: str) -> str | None:
    if half[:1] in ("a", "p") and not 1 <= hour <= 12:
        return None
    if half[:1] == "p" and hour < 12:
        hour += 12
    elif half[:1] == "a" and hour == 12:
        hour = Decimal(0)
    return f"{int(hour):02}:{minute:02}" if hour < 24 and hour == int(hour) else None


def read_english_money(words: str) -> str | None:
    """Read a sum as minor units: $1,299.00 is 129900, fifty cents are 50."""
    words = words.strip()
    if match := _CENTS.fullmatch(words):
        cents = read_english_number(match[1])
        return None if cents is None else str(int(cents))
    match = _SUM.fullmatch(words)
    whole = read_english_number(match[1]) if match else None
    if match is None or whole is None:
        return None
    cents = read_english_number(match[2]) if match[2] else Decimal(0)
    return None if cents is None else str(int(whole * 100 + cents))


def read_english_count(words: str) -> str | None:
    """Read the first number of the words as a whole one: "two boxes", "x 3", "half a dozen"."""
    match = _COUNT.search(re.sub(r"(?<![a-z0-9])x(?=[0-9])|(?<=[0-9])x(?![a-z0-9])", " ", words))
    number = read_english_number(match[0]) if match else None
    return str(int(number)) if number is not None and number == int(number) else None
