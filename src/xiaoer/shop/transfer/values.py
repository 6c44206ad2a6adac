"""Single values: what a cell or a JSON value may be, how it is checked, and how it is written again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import msgspec

from xiaoer.shop.transfer.faults import Bad

EMPTY_TEXT = r"\e"
"""Stands in a cell for a text without a character where an empty cell would mean that nothing is given."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_AMOUNT = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,2})0*)?")
_PIECE = re.compile(r"\\.|[^\\|]+|\||\\$", re.DOTALL)
_EXCEL_NUMBER = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")
_GOOD_ID = re.compile(rf"(?!\s|{_EXCEL_NUMBER.pattern}$)[^\x00-\x1f\x7f]{{1,128}}(?<!\s)")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_ID = 128
_MOST = 10**18 - 1
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Assumed:
    """What counts where a file does not say: the currency of its amounts, the time zone of its moments."""

    currency: str
    zone: tzinfo


def _as_it_is(cell: str) -> object:
    return cell


@dataclass(frozen=True, slots=True)
class Value:
    """One kind of value: `words` say what it is, `schema` says it in JSON Schema.

    `read` checks a value of a JSON document, or what `from_cell` made of a cell that is not empty, and gives it as
    JSON keeps it; `to_cell` writes it as a cell. `blank` is what an empty cell means where the value is required, None
    where it may not be empty.
    """

    words: str
    schema: Mapping[str, object]
    read: Callable[[object, Assumed], object | Bad]
    from_cell: Callable[[str], object] = _as_it_is
    to_cell: Callable[[Any], str] = str  # each kind writes its own type
    blank: object | None = None


def _read_text(given: object, _assumed: Assumed) -> object | Bad:
    if isinstance(given, str):
        return Bad("holds a NUL character", "Remove it.") if "\0" in given else given
    if type(given) is int:
        return str(given)
    return Bad(f"is {_shown(given)}, not text", "Put it in quotation marks.")


def _read_id(given: object, assumed: Assumed) -> object | Bad:
    if isinstance(given, str) and _GOOD_ID.fullmatch(given):
        return given
    id = _read_text(given, assumed)
    if not isinstance(id, str):
        return id
    if not id:
        return Bad("is empty", "Fill it in.")
    if len(id) > _LONGEST_ID:
        return Bad(f"has {len(id)} characters", f"Use an id of at most {_LONGEST_ID}.")
    if id != id.strip() or _CONTROL.search(id):
        return Bad(f"is {id!r}, with spaces around it or control characters", "Remove them.")
    if _EXCEL_NUMBER.fullmatch(id):
        return Bad(f"is {id}, a number that a spreadsheet has shortened", "Format its column as text and export again.")
    return id


def _text_from_cell(cell: str) -> str:
    if not cell.startswith("\\"):
        return cell
    return "" if cell == EMPTY_TEXT else cell[1:] if cell.startswith("\\\\") else cell


def _text_to_cell(text: str) -> str:
    return "\\" + text if text.startswith("\\") else text


TEXT = Value("text", {"type": "string"}, _read_text, _text_from_cell, _text_to_cell, blank="")
ID = Value("id", {"type": "string", "minLength": 1, "maxLength": _LONGEST_ID}, _read_id, _text_from_cell, _text_to_cell)


def whole(least: int) -> Value:
    """A whole number of at least `least`, given as such or in digits."""

    def read(given: object, _assumed: Assumed) -> object | Bad:
        number = given
        if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 18:
            number = int(given)
        elif isinstance(given, str):
            digits = given.strip()
            number = int(digits) if _WHOLE.fullmatch(digits) else None
        if type(number) is not int or abs(number) > _MOST:
            return Bad(f"is {_shown(given)}, not a whole number", "Write at most 18 digits, as in 12.")
        return Bad(f"is {number}", f"It must be at least {least}.") if number < least else number

    return Value("whole number", {"type": "integer", "minimum": least}, read)


def choice(options: Sequence[str]) -> Value:
    """One of a few words."""

    def read(given: object, _assumed: Assumed) -> object | Bad:
        word = given.strip() if isinstance(given, str) else given
        return word if word in options else Bad(f"is {_shown(given)}", f"Write one of {', '.join(options)}.")

    return Value("one of " + ", ".join(f"`{option}`" for option in options), {"enum": list(options)}, read)


def _read_truth(given: object, _assumed: Assumed) -> object | Bad:
    truth = _TRUTHS.get(given.strip().lower()) if isinstance(given, str) else given
    return truth if isinstance(truth, bool) else Bad(f"is {_shown(given)}", "Write true or false.")


TRUTH = Value("true or false", {"type": "boolean"}, _read_truth, to_cell=lambda truth: "true" if truth else "false")


def _read_moment(given: object, assumed: Assumed) -> object | Bad:
    try:
        at = datetime.fromisoformat(given.strip()) if isinstance(given, str) else None
        if at is not None:
            return (at if at.tzinfo else at.replace(tzinfo=assumed.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return Bad(f"is {_shown(given)}, not a moment", "Write it as in 2026-06-15T10:30:00+08:00.")


def _moment_to_cell(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


MOMENT = Value("moment", {"type": "string", "format": "date-time"}, _read_moment, to_cell=_moment_to_cell)


def _read_day(given: object, _assumed: Assumed) -> object | Bad:
    try:
        return date.fromisoformat(given.strip()).isoformat()  # type: ignore[attr-defined]  # what is no text has none
    except (AttributeError, ValueError):
        return Bad(f"is {_shown(given)}, not a day", "Write it as in 2026-06-15.")


DAY = Value("day", {"type": "string", "format": "date"}, _read_day)


def _read_words(given: object, assumed: Assumed) -> object | Bad:
    items = _words_from_cell(given) if isinstance(given, str) and given else given
    if not isinstance(items, list | tuple):
        return Bad(f"is {_shown(given)}, not a list of texts", 'Write it as JSON does: ["one", "two"].')
    read = [_read_text(item, assumed) for item in items]
    return next((item for item in read if isinstance(item, Bad)), read)


def _words_from_cell(cell: str) -> list[str]:
    items = [""]
    for piece in _PIECE.findall(cell) if cell != EMPTY_TEXT else ():
        if piece == "|":
            items.append("")
        else:
            items[-1] += piece[1:] or piece if piece.startswith("\\") else piece
    return items


def _words_to_cell(words: Sequence[str]) -> str:
    cell = "|".join(word.replace("\\", r"\\").replace("|", r"\|") for word in words)
    return EMPTY_TEXT if words and not cell else cell


WORDS = Value(
    "texts with a bar between them",
    {"type": "array", "items": {"type": "string"}},
    _read_words,
    _words_from_cell,
    _words_to_cell,
    blank=(),
)


def any_json(kind: object) -> Value:
    """A value of any other type: as JSON, in a cell too."""

    def read(given: object, _assumed: Assumed) -> object | Bad:
        try:
            checked: object = msgspec.to_builtins(msgspec.convert(given, kind, strict=False))
        except msgspec.ValidationError as error:
            return Bad(f"is not what it should be ({error})", "See the schema that `xiaoer shop schema` prints.")
        return checked

    return Value("JSON", msgspec.json.schema(kind), read, _json_from_cell, lambda it: msgspec.json.encode(it).decode())


def _json_from_cell(cell: str) -> object:
    try:
        return msgspec.json.decode(cell)
    except msgspec.DecodeError:
        return cell


def _read_currency(given: object, _assumed: Assumed) -> object | Bad:
    code = given.strip() if isinstance(given, str) else ""
    return code if _CURRENCY.fullmatch(code) else Bad(f"is {_shown(given)}", "Write three capital letters, as in CNY.")


CURRENCY = Value("currency", {"type": "string", "pattern": f"^{_CURRENCY.pattern}$"}, _read_currency)


def _read_major(given: object, _assumed: Assumed) -> object | Bad:
    """Read an amount in major units as minor ones.

    A number without a point is refused: it could be in minor units as well, and be taken for a hundred times too much.
    """
    written = given.strip() if isinstance(given, str) else str(given)
    found = _AMOUNT.fullmatch(written) if type(given) in (str, Decimal, int) and written.isascii() else None
    if found is None:
        return Bad(f"is {_shown(given)}, not an amount", "Write digits and a point alone, as in 12.99.")
    sign, major, minor = found.groups()
    if sign:
        return Bad(f"is {written}", "It must be at least 0.")
    if minor is None and major.strip("0"):
        return Bad(
            f"is {written}, which could be in major or in minor units",
            f"Write {written}.00, or put minor units into the column that ends with .minor.",
        )
    return int(major) * 100 + int((minor or "0").ljust(2, "0"))


MAJOR = Value("amount with a point", {"type": "string", "pattern": r"^[0-9]+\.[0-9]{1,2}$"}, _read_major)


def _shown(given: object) -> str:
    if isinstance(given, str):
        return repr(given if len(given) <= 40 else given[:39] + "…")
    if given is None or isinstance(given, bool | int | float | Decimal):
        return str(given)
    return "a list" if isinstance(given, list | tuple) else "an object"
