"""How a fact is written for a customer: money, dates, the words for codes. All words come from the pack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from xiaoer.pack import MISSING, PLACEHOLDER, look_up

_PAIR = frozenset({"name", "value"})
_REASONED = frozenset({"name", "reason"})


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes facts in one pack's words and one time zone.

    A fact that names a `format` (`coupon`: the word `format.coupon`) is written by that template, filled with its own
    values.

    `words` names codes (`paid`: 待发货) and formats: `format.date`, `format.day` (with its year), `format.time`,
    `format.list`, `currency.CNY`, `format.pair` (between a name and its value), `format.reason` (a name with the word
    for a reason, as in "{name} ({reason})"), `format.thousands` (between three digits of a sum).
    """

    words: Mapping[str, str]
    zone: tzinfo

    def write(self, value: object, style: str) -> str:
        """Write a value in a style: money, date, day, time, word, list; an empty style guesses from the value."""
        return _WRITERS.get(style, Formats._guess)(self, value)

    def fill(self, template: str, known: Mapping[str, Any]) -> str | None:
        """Fill the placeholders of a template; None if one of them names nothing known."""
        values = [look_up(known, match[1]) for match in PLACEHOLDER.finditer(template)]
        if any(value is MISSING or value is None for value in values):
            return None
        filled = iter(values)
        return PLACEHOLDER.sub(lambda match: self.write(next(filled), match[2] or ""), template)

    def _guess(self, value: object) -> str:
        if isinstance(value, Mapping) and "minor" in value:
            return self._money(value)
        if isinstance(value, Mapping) and "format" in value:
            form = self.words.get(f"format.{value['format']}", "{title}")
            return self.fill(form, value) or str(value.get("title", ""))
        if isinstance(value, Mapping) and value.keys() == _PAIR:
            return f"{value['name']}{self.words.get('format.pair', '：')}{self._guess(value['value'])}"
        if isinstance(value, Mapping) and value.keys() == _REASONED:
            form = self.words.get("format.reason", "{name} ({reason})")
            return form.replace("{reason}", self._word(value["reason"])).replace("{name}", str(value["name"]))
        return self._list(value) if isinstance(value, list | tuple) else str(value)

    def _money(self, value: Any) -> str:  # noqa: ANN401  # a fact is any JSON value
        minor, currency = (value["minor"], value["currency"]) if isinstance(value, Mapping) else (int(value), "")
        sign = self.words.get(f"currency.{currency}", currency)
        amount = f"{Decimal(minor) / 100:,.2f}".replace(",", self.words.get("format.thousands", ""))
        return f"{sign}{amount}"

    def _date(self, value: str) -> str:
        return self._moment(value).strftime(self.words.get("format.date", "%Y-%m-%d"))

    def _day(self, value: str) -> str:
        return self._moment(value).strftime(self.words.get("format.day", "%Y-%m-%d"))

    def _time(self, value: str) -> str:
        return self._moment(value).strftime(self.words.get("format.time", "%Y-%m-%d %H:%M"))

    def _moment(self, value: str) -> datetime:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo is None else moment.astimezone(self.zone)

    def _word(self, value: object) -> str:
        return self.words.get(str(value), str(value))

    def _list(self, value: Any) -> str:  # noqa: ANN401  # a fact is any JSON value
        parts = value if isinstance(value, list | tuple) else [value]
        return self.words.get("format.list", ", ").join(self._guess(part) for part in parts)


_WRITERS: Mapping[str, Callable[[Formats, Any], str]] = MappingProxyType(
    {
        "money": Formats._money,
        "date": Formats._date,
        "day": Formats._day,
        "time": Formats._time,
        "word": Formats._word,
        "list": Formats._list,
    }
)
