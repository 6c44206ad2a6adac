"""Rows as they were given, checked value by value and made what the records keep."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias, assert_never

import msgspec

from xiaoer.shop.transfer.faults import Bad, Fault, Where, did_you_mean
from xiaoer.shop.transfer.shapes import Amount, Keyed, Leaf, Listed, Nested, Shape
from xiaoer.shop.transfer.tables import MAJOR_STEP, Column, Group, Table
from xiaoer.shop.transfer.values import CURRENCY, MAJOR, Assumed, Value, whole

Given: TypeAlias = dict[str, Any]
"""A row as it was given: values as JSON has them, or cells."""

PARENTS = "\x1f"
"""Stands between the keys of a row's parents; no id can hold it."""

_MISSING = "is missing"
_FILL_IN = "Fill it in."
_MINOR = whole(0)
_AMOUNT_FIELDS = ("minor", "currency", MAJOR_STEP)
_encoder = msgspec.json.Encoder()


class ReadRow(NamedTuple):
    """A row that was read: the record and the element in it to which it belongs, and the row as JSON keeps it.

    `record` is empty when the row does not say it; `document` is None when there are faults.
    """

    record: str
    parent: str
    document: bytes | None
    faults: list[Fault]


class RowReader:
    """Checks the rows of a table."""

    def __init__(self, table: Table, assumed: Assumed) -> None:
        self._table = table
        self._shape = table.shape
        self._keys = table.keys
        self._assumed = assumed
        self._faults: list[Fault] = []

    def read(self, given: object) -> ReadRow:
        """Check a row."""
        faults: list[Fault] = []
        self._faults = faults
        if not isinstance(given, dict):
            return ReadRow("", "", None, [Fault((), "is no object", 'Write it as JSON does: {"id": …}.')])
        row = _unfolded(self._table, given)
        keys = [self._key(column, row.pop(column.name, None)) for column in self._keys]
        taken = self._struct(self._shape, row, ())
        record = keys[0] if keys else taken.get(self._shape.key, "")
        document = None if faults else self._encoded(taken)
        return ReadRow(record, PARENTS.join(keys[1:]), document, faults)

    def _encoded(self, taken: Given) -> bytes | None:
        try:
            return _encoder.encode(taken)
        except UnicodeEncodeError:
            self._faults.append(
                Fault((), "holds half a character (a lone surrogate)", "Export the file as UTF-8 again.")
            )
            return None

    def _key(self, column: Column, given: object) -> str:
        if given is None:
            if column.is_needed:
                self._faults.append(Fault((column.name,), _MISSING, _FILL_IN))
            return ""
        key = self._value(column.value, given, (), column.name)
        return "" if key is None else str(key)

    def _struct(self, shape: Shape, given: object, where: Where) -> Given:
        taken: Given = {}
        if not isinstance(given, dict):
            self._add(where, "", Bad("is no object", "Write its fields in braces."))
            return taken
        known = 0
        for part in shape.parts:
            name = part.name
            value = given.get(name)
            if value is None:
                known += name in given
                if part.is_required and not isinstance(part, Listed):
                    self._faults.append(Fault((*where, name), _MISSING, _FILL_IN))
                continue
            known += 1
            if isinstance(part, Leaf):  # nearly all are
                read = part.value.read(value, self._assumed)
                if isinstance(read, Bad):
                    self._add(where, name, read)
                else:
                    taken[name] = read
            else:
                taken[name] = self._part(part, value, where)
        if known < len(given):
            self._name_unknown(shape, given, where)
        return taken

    def _part(self, part: Amount | Nested | Keyed | Listed, given: Any, where: Where) -> object:  # noqa: ANN401  # as the file has it
        match part:
            case Amount():
                return self._amount(given, where, part.name)
            case Nested():
                return self._struct(part.shape, given, (*where, part.name))
            case Keyed():
                return self._keyed(part, given, where)
            case Listed():
                return self._listed(part, given, where)
            case _:
                assert_never(part)

    def _value(self, value: Value, given: object, where: Where, name: str) -> object:
        read = value.read(given, self._assumed)
        if isinstance(read, Bad):
            self._add(where, name, read)
            return None
        return read

    def _amount(self, given: object, where: Where, name: str) -> Given:
        place = (*where, name)
        fields = given if isinstance(given, dict) else {MAJOR_STEP: given}
        currency = fields.get("currency")
        code = self._assumed.currency if currency is None else self._value(CURRENCY, currency, place, "currency")
        if MAJOR_STEP in fields:
            minor = self._value(MAJOR, fields[MAJOR_STEP], where, name)
        elif fields.get("minor") is None:
            minor = None
            self._faults.append(Fault((*place, "minor"), _MISSING, _FILL_IN))
        else:
            minor = self._value(_MINOR, fields["minor"], place, "minor")
        for unknown in [field for field in fields if field not in _AMOUNT_FIELDS]:
            self._add(place, unknown, _unknown(unknown, _AMOUNT_FIELDS[:2]))
        return {"minor": minor, "currency": code}

    def _keyed(self, part: Keyed, given: object, where: Where) -> Given:
        if not isinstance(given, dict):
            self._add(where, part.name, Bad("is no object", 'Write it as JSON does: {"size": "M"}.'))
            return {}
        place = (*where, part.name)
        return {key: self._value(part.value, item, place, key) for key, item in given.items() if item is not None}

    def _listed(self, part: Listed, given: object, where: Where) -> list[Given]:
        if not isinstance(given, list):
            self._add(where, part.name, Bad("is no list", "Write it in square brackets."))
            return []
        return [self._struct(part.shape, item, (*where, part.name, place)) for place, item in enumerate(given)]

    def _name_unknown(self, shape: Shape, given: Given, where: Where) -> None:
        names = [part.name for part in shape.parts]
        for name in given:
            if name not in names and not name.startswith("#"):
                self._add(where, name, _unknown(name, names))

    def _add(self, where: Where, name: str, bad: Bad) -> None:
        self._faults.append(Fault((*where, name) if name else where, bad.what, bad.advice))


def _unfolded(table: Table, given: Given) -> Given:
    """Make structs of dotted names, so that a JSON document may be as flat as a row of CSV."""
    if not any("." in name for name in given):
        return given
    row: Given = {}
    for name, value in given.items():
        column, step = find_column(table, name)
        is_whole = column is None or ("." not in name and isinstance(value, dict | list))
        put(row, () if column is None or is_whole else column.groups, name if is_whole else step, value)
    return row


def put(row: Given, groups: Sequence[Group], step: str, value: object) -> None:
    """Put a value into a row, making the structs on the way to it."""
    target = row
    for group in groups:
        inner = target.setdefault(group.name, {})
        if not isinstance(inner, dict):
            return
        target = inner
    target[step] = value


def find_column(table: Table, name: str) -> tuple[Column | None, str]:
    """Find the column that a name means, and the last step to its value; without a column that is the name itself."""
    for column in (*table.keys, *table.columns):
        if column.name == name:
            return column, column.step
    for column in table.columns:
        if column.is_keyed and name.startswith(column.name):
            return column, name.removeprefix(column.name)
    return None, name


def _unknown(name: str, known: Sequence[str]) -> Bad:
    return Bad("is not known", f"{did_you_mean(name, known)}Rename it, or put # before its name to leave it out.")
