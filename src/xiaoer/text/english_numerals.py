"""Numbers as English customers write them: 12, 1,299, two, twenty-five, a hundred and five, a dozen, half."""

import re
from decimal import Decimal

_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_ONES = {
    word: value
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", *_TEENS)
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_GREAT = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6}
_GROUPS = {"pair": 2, "couple": 2, "dozen": 12}
_ALONE = {"both": Decimal(2), "half": Decimal("0.5"), "once": Decimal(1), "twice": Decimal(2)}
_ARABIC = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_WORD = "|".join((*_ONES, *_TENS, *_GREAT, *(f"{group}s?" for group in _GROUPS), *_ALONE, "an?", "and"))

ENGLISH_NUMBER = rf"(?:(?:{_ARABIC}) ?k?(?![0-9a-z])|{_ARABIC}|(?<![a-z])(?:{_WORD})(?:[ -](?:{_WORD}))*(?![a-z]))"
"""A regular expression for what may be a number; `read_english_number` says whether it is one."""

_TOKEN = re.compile(rf"{_ARABIC}|[a-z]+|[^ -]")
_PLAIN = re.compile(_ARABIC)


def read_english_number(text: str) -> Decimal | None:
    """Read a text in small letters that is a number and nothing else; `None` if it is none.

    Words of groups count what they hold: "two dozen" is 24, "half a dozen" 6, "a pair" and "a couple of" 2.
    """
    words = _TOKEN.findall(text.strip().removesuffix(" of"))
    if words[:2] == ["half", "a"] or words[:2] == ["half", "an"]:
        rest = _read(["a", *words[2:]])
        return None if rest is None else rest / 2
    return _ALONE[words[0]] if len(words) == 1 and words[0] in _ALONE else _read(words)


def _read(words: list[str]) -> Decimal | None:
    """Add up words; `None` where two stand side by side that make no number."""
    total, section, last = Decimal(0), None, 0
    for at, word in enumerate(words):
        if word == "and" and 0 < at < len(words) - 1 and last in (100, 1000):
            continue
        if (factor := _factor(word)) is not None:
            if section is None:
                return None
            section *= factor
            last = factor
            if factor >= 1000:
                total, section = total + section, Decimal(0)
        elif (value := _value(word, is_first=at == 0)) is not None and _may_follow(value, last, section):
            section = (section or Decimal(0)) + value
            last = 10 if 20 <= value < 100 and word in _TENS else 1
        else:
            return None
    return None if section is None else total + section


def _factor(word: str) -> int | None:
    return _GREAT.get(word) or _GROUPS.get(word.removesuffix("s"))


def _value(word: str, *, is_first: bool) -> Decimal | None:
    if word in ("a", "an") and is_first:
        return Decimal(1)
    if word in _ONES or word in _TENS:
        return Decimal(_ONES.get(word, _TENS.get(word, 0)))
    return Decimal(word.replace(",", "")) if _PLAIN.fullmatch(word) else None


def _may_follow(value: Decimal, last: int, section: Decimal | None) -> bool:
    """Say whether a value may stand here: first, after a hundred or a thousand, or a digit after twenty."""
    return section is None or (last >= 100 and value < last) or (last == 10 and 0 < value < 10)
