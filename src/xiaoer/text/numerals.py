"""Numbers as customers write them: 12, 1.5万, 3k, 两, 十二, 三百五, 二零二六."""

import re
from decimal import Decimal

_DIGITS = {
    character: value
    for value, forms in enumerate(
        ("零〇", "一壹", "二两贰俩", "三叁仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in forms
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_GREAT = {"万": 10**4, "w": 10**4, "亿": 10**8}
_TENS = {"廿": "二十", "卅": "三十"}
_ARABIC = r"[0-9]+(?:\.[0-9]+)?"
_HAN = "".join((*_DIGITS, "十拾百佰千仟万亿廿卅半"))
_LENGTH = re.compile(
    r"(?<![0-9.零一二两三四五六七八九十])([1-9一二两三四五六七八九])米([1-9一二三四五六七八九])(?![0-9米厘分一二三四五六七八九十])"
)

NUMBER = rf"(?:{_ARABIC}[wk万千百亿]?|[{_HAN}]+)"
"""A regular expression for what may be a number; `read_number` says whether it is one."""

_TOKEN = re.compile(rf"{_ARABIC}|[{_HAN}wk]")
_SHAPE = re.compile(rf"(?:{_ARABIC}|[{_HAN}wk])+")


def read_number(text: str) -> Decimal | None:
    """Read a text that is a number and nothing else; `None` if it is none.

    A digit after a unit counts for the next lower one, as people say it: 三百五 is 350, 1万2 is 12000.
    """
    text = "".join(_TENS.get(character, character) for character in text.replace(",", ""))
    if text == "半":
        return Decimal("0.5")
    if not _SHAPE.fullmatch(text):
        return None
    signs = _TOKEN.findall(text)
    if len(signs) > 1 and all(sign in _DIGITS for sign in signs):
        return Decimal("".join(str(_DIGITS[sign]) for sign in signs))
    return _sum(signs)


def _sum(signs: list[str]) -> Decimal | None:
    """Add up digits and units; `None` where two digits stand side by side or a unit has nothing before it."""
    total, section, digit, unit = Decimal(0), Decimal(0), None, Decimal(0)
    for sign in signs:
        if (value := _value(sign)) is not None:
            if digit:
                return None
            digit = value
            unit = Decimal(1) if value == 0 else unit  # 三百零五: the zero takes the abbreviation away
        elif sign in _UNITS:
            if digit is None and sign not in "十拾":
                return None
            unit = Decimal(_UNITS[sign])
            section, digit = section + (Decimal(1) if digit is None else digit) * unit, None
        else:
            great = _great(sign, section, digit)
            if great is None:
                return None
            total, section, digit, unit = total + great, Decimal(0), None, Decimal(_GREAT[sign])
    last = Decimal(0) if digit is None else digit * (unit / 10 if unit > 1 else 1)
    return total + section + last


def _value(sign: str) -> Decimal | None:
    if sign in _DIGITS:
        return Decimal(_DIGITS[sign])
    return Decimal(sign) if sign[0].isdecimal() else None


def _great(sign: str, section: Decimal, digit: Decimal | None) -> Decimal | None:
    if sign not in _GREAT or not (section or digit):
        return None
    return (section + (digit or 0)) * _GREAT[sign]


def with_lengths_read(text: str) -> str:
    """Write lengths in metres that are said as people do in figures: 1米8 and 一米八 as 1.8米."""
    return _LENGTH.sub(lambda match: f"{read_number(match[1])}.{read_number(match[2])}米", text)
