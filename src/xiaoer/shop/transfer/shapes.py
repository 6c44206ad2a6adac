"""The shape of a record, taken from its definition: what a new field of a model is in a file follows by itself."""

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect

from xiaoer.money import Money
from xiaoer.shop.transfer.values import DAY, ID, MOMENT, TEXT, TRUTH, WORDS, Value, any_json, choice, whole

_COUNTED_FROM_ONE = frozenset({"quantity"})
_Kinds: TypeAlias = Mapping[object, str]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value; `refers_to` is the kind of record whose id it is, or empty."""

    name: str
    value: Value
    is_required: bool
    default: object = None
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money."""

    name: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Nested:
    """A struct inside: its fields are dotted columns."""

    name: str
    shape: "Shape"
    is_required: bool


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping from texts to values: a column for each key."""

    name: str
    value: Value
    is_required: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Structs in a row: a table of their own; where they are required there is at least one."""

    name: str
    shape: "Shape"
    is_required: bool


Part: TypeAlias = Leaf | Amount | Nested | Keyed | Listed


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A record's fields; `key` names the field by which one is told from its neighbours, or is empty.

    There is one for each kind, so a shape can be the key of what was made from it.
    """

    record: type
    parts: tuple[Part, ...]
    key: str


def shape_of(record: type, kinds: _Kinds) -> Shape:
    """Give the shape of a struct or dataclass; `kinds` are the kinds of records by the type of their ids.

    Raises:
        TypeError: the record holds something that files could not keep as it is.
    """
    kind = inspect.type_info(record)
    if not isinstance(kind, inspect.StructType | inspect.DataclassType):
        raise TypeError(f"{record} is neither a struct nor a dataclass.")
    hints = typing.get_type_hints(record)
    parts = tuple(_part(field, hints[field.name], kinds) for field in kind.fields)
    return Shape(record, parts, _key(parts, hints))


def _key(parts: tuple[Part, ...], hints: Mapping[str, Any]) -> str:
    first = parts[0]
    if "id" in hints:
        return "id"
    is_own_id = isinstance(first, Leaf) and first.value is ID and not first.refers_to
    return first.name if is_own_id else ""


def _part(field: inspect.Field, hint: Any, kinds: _Kinds) -> Part:  # noqa: ANN401  # any annotation
    kind, hint = _without_none(field.type, hint)
    name, is_required = field.name, field.required
    match kind:
        case inspect.DataclassType(cls=cls) if cls is Money:
            return Amount(name, is_required)
        case inspect.StructType(tag=None) | inspect.DataclassType():
            return _nested(name, shape_of(kind.cls, kinds), is_required=is_required)
        case inspect.VarTupleType(item_type=inspect.StructType(tag=None) as item):
            return Listed(name, shape_of(item.cls, kinds), is_required)
        case inspect.DictType(key_type=inspect.StrType(), value_type=value) if (
            found := _scalar(name, value)
        ) is not None:
            return Keyed(name, found, is_required)
        case _:
            default = None if field.default is msgspec.NODEFAULT else field.default
            value_kind = _value(name, kind, hint)
            if value_kind is WORDS and not is_required and default != ():
                raise TypeError(f"{name}: texts in a row are required, or none by default.")
            return Leaf(
                name, _value(name, kind, hint), is_required, default, "" if name == "id" else kinds.get(hint, "")
            )


def _without_none(kind: inspect.Type, hint: Any) -> tuple[inspect.Type, Any]:  # noqa: ANN401  # any annotation
    """Take `None` out of a union of two; other unions stay."""
    if not isinstance(kind, inspect.UnionType):
        return kind, hint
    kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    hints = [one for one in typing.get_args(hint) if one is not type(None)]
    return (kinds[0], hints[0]) if len(kinds) == len(hints) == 1 else (kind, hint)


def _nested(name: str, shape: Shape, *, is_required: bool) -> Nested:
    """Refuse what could be there with nothing to show in its cells: it could not be told from what is not there."""
    always_shown = any(
        part.is_required if isinstance(part, Amount) else isinstance(part, Leaf) and _always_shown(part)
        for part in shape.parts
    )
    if not is_required and not always_shown:
        raise TypeError(f"{name}: a {shape.record.__name__} may be without any value that shows that it is there.")
    return Nested(name, shape, is_required)


def _always_shown(leaf: Leaf) -> bool:
    return leaf.value is TEXT or (leaf.is_required and leaf.value.blank is None)


def _value(name: str, kind: inspect.Type, hint: Any) -> Value:  # noqa: ANN401  # any annotation
    if isinstance(kind, inspect.StrType) and (isinstance(hint, typing.NewType) or name == "id"):
        return ID
    if isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StrType):
        return WORDS
    if isinstance(kind, inspect.LiteralType) and all(isinstance(value, str) for value in kind.values):
        return choice(typing.get_args(hint))  # in the order of the definition, which msgspec does not keep
    return _scalar(name, kind) or any_json(hint)


def _scalar(name: str, kind: inspect.Type) -> Value | None:
    match kind:
        case inspect.StrType():
            return TEXT
        case inspect.IntType(ge=least):
            return whole(least if least is not None else int(name in _COUNTED_FROM_ONE))
        case inspect.BoolType():
            return TRUTH
        case inspect.DateTimeType():
            return MOMENT
        case inspect.DateType():
            return DAY
        case inspect.LiteralType(values=values) if all(isinstance(value, str) for value in values):
            return choice([str(value) for value in values])
        case _:
            return None
