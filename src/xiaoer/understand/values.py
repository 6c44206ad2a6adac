"""The normal form of an entity's words: digits, ISO dates, intervals and times, minor units, whole numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiaoer.pack import EntityKind
from xiaoer.text import NUMBER, read_number, with_lengths_read
from xiaoer.understand.dates import read_date
from xiaoer.understand.dates_en import read_english_date
from xiaoer.understand.periods import read_period
from xiaoer.understand.values_en import read_english_count, read_english_money, read_english_time

_CLOCK = re.compile(
    rf"(凌晨|早上|早晨|清晨|上午|中午|下午|午后|傍晚|晚上|夜里|晚|早|今晚|明早|今早|明晚)?"
    rf"({NUMBER})(?:点钟?|时|:)(?:(半)|(一刻)|({NUMBER})分?)?"
)
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "晚上", "夜里", "晚", "今晚", "明晚"})
_NIGHT = frozenset({"晚上", "夜里", "晚", "今晚", "凌晨"})
_SUM = re.compile(
    rf"[^\d零〇一二两三四五六七八九十百千万半]*?({NUMBER})(?:元|块钱?|蚊|圆|rmb|大洋|米)?(?:({NUMBER})(?:毛|角)?)?钱?(?:整|多|左右|以内|以下|的)*"
)
_JIAO = re.compile(rf"({NUMBER})(?:毛|角)钱?")
_COUNT = re.compile(rf"({NUMBER})")


def normal_form(kind: EntityKind, words: str, today: date, *, language: str = "zh") -> str:
    """Give the value of an entity from its words in the normalised text, as they are said in a pack's language.

    What cannot be read exactly keeps its words: 周末前后 stays 周末前后.
    """
    match kind.normal:
        case "as_is":
            return words
        case "digits":
            return re.sub(r"\D", "", words) or words
        case "upper":
            return words.upper()
        case "lower":
            return words.lower()
        case "size":
            return read_length(words) or words.upper()
        case normal:
            return _spoken(normal, words, today, _SPEECHES[language]) or words


def _spoken(normal: str, words: str, today: date, speech: "_Speech") -> str | None:
    match normal:
        case "date":
            day = speech.date(words, today)
            return read_period(words, today) or (day.isoformat() if day else None)
        case "time":
            return speech.time(words)
        case "money":
            return speech.money(words)
        case "fewer":
            pieces = speech.count(words)
            return f"-{pieces}" if pieces else None
        case _:
            return speech.count(words)


def read_length(words: str) -> str | None:
    """Give a length in metres in figures, if words that are one are said otherwise: 1米8的 is 1.8米."""
    length = with_lengths_read(words)
    return None if length == words else length.removesuffix("的")


def _time(words: str) -> str | None:
    match = _CLOCK.fullmatch(words)
    hour = read_number(match[2]) if match else None
    if match is None or hour is None:
        return None
    minute = 30 if match[3] else 15 if match[4] else int(read_number(match[5]) or 0) if match[5] else 0
    if match[1] in _AFTERNOON and hour < 12:
        hour += 12
    elif match[1] in _NIGHT and hour == 12:
        hour = Decimal(0)
    return f"{int(hour):02}:{minute:02}" if hour < 24 and minute < 60 else None


def _minor_units(words: str) -> str | None:
    if match := _JIAO.fullmatch(words):
        jiao = read_number(match[1])
        return None if jiao is None else str(int(jiao * 10))
    match = _SUM.fullmatch(words)
    whole = read_number(match[1]) if match else None
    if match is None or whole is None:
        return None
    rest = _hundredths(match[2]) if match[2] else 0
    return None if rest is None else str(int(whole * 100) + rest)


def _hundredths(words: str) -> int | None:
    """Read what follows 块: 9 is 90, 95 is 95, 五 is 50."""
    number = read_number(words)
    if number is None or number != int(number) or number > 99:
        return None
    return int(number) * 10 if number < 10 and not words.startswith("0") else int(number)


def _whole_number(words: str) -> str | None:
    match = _COUNT.search(words)
    number = read_number(match[1]) if match else None
    return str(int(number)) if number is not None and number == int(number) else None


@dataclass(frozen=True, slots=True)
class _Speech:
    """How the values of a language are read; each gives `None` for what it cannot read."""

    date: Callable[[str, date], date | None]
    time: Callable[[str], str | None]
    money: Callable[[str], str | None]
    count: Callable[[str], str | None]


_SPEECHES = {
    "zh": _Speech(read_date, _time, _minor_units, _whole_number),
    "en": _Speech(read_english_date, read_english_time, read_english_money, read_english_count),
}
