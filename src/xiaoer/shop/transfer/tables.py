"""The tables that files are written in: one for each kind of record, and one for each row of structs inside it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from xiaoer.shop.transfer.kinds import KINDS
from xiaoer.shop.transfer.shapes import Amount, Keyed, Leaf, Listed, Nested, Shape
from xiaoer.shop.transfer.values import CURRENCY, ID, MAJOR, Value, whole

MAJOR_STEP = ""
"""Where an amount in major units waits in a row that is being read: no column has this name."""


@dataclass(frozen=True, slots=True)
class Group:
    """A struct on the way to a value; one that is not required is there when one of its cells is filled."""

    name: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and the way from the row to its value.

    `is_required`: it belongs to its struct, unless the column `instead` is there. `blank` is what an empty cell means,
    None when it means that nothing is given. The name of a keyed column is the beginning of names: `options.`.
    """

    name: str
    groups: tuple[Group, ...]
    step: str
    value: Value
    is_required: bool = False
    blank: object | None = None
    default: object = None
    is_keyed: bool = False
    instead: str = ""
    refers_to: str = ""

    @property
    def is_needed(self) -> bool:
        """Whether no file can be without it."""
        return self.is_required and all(group.is_required for group in self.groups)


@dataclass(frozen=True)
class Table:
    """A table of a kind: `steps` lead from an element of the parent's to the list whose elements are the rows."""

    kind: int
    number: int
    shape: Shape
    parent: "Table | None" = None
    steps: tuple[str, ...] = ()

    @cached_property
    def name(self) -> str:
        """The name of the table's file: `orders.shipments.traces`."""
        return KINDS[self.kind].name if self.parent is None else ".".join((self.parent.name, *self.steps))

    @cached_property
    def line(self) -> "tuple[Table, ...]":
        """The tables from the kind's own to the parent's; empty for the kind's own."""
        return () if self.parent is None else (*self.parent.line, self.parent)

    @cached_property
    def keys(self) -> tuple[Column, ...]:
        """The columns that say to which record, and to which element inside it, a row belongs."""
        taken = {column.name for column in self.columns}
        return tuple(_key(table, taken) for table in self.line)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the row's own values."""
        return tuple(_columns(self.shape, ()))


@cache
def tables() -> tuple[Table, ...]:
    """Give all tables, kind by kind; a table stands behind its parent."""
    return tuple(table for kind in range(len(KINDS)) for table in tables_of(kind))


@cache
def tables_of(kind: int) -> tuple[Table, ...]:
    """Give the tables of a kind; a table's number is its place here."""
    root = Table(kind, 0, KINDS[kind].shape)
    found = [root]
    _add_below(root, root.shape, (), found)
    return tuple(found)


def _add_below(parent: Table, shape: Shape, steps: tuple[str, ...], found: list[Table]) -> None:
    for part in shape.parts:
        match part:
            case Listed():
                table = Table(parent.kind, len(found), part.shape, parent, (*steps, part.name))
                found.append(table)
                _add_below(table, part.shape, (), found)
            case Nested():
                _add_below(parent, part.shape, (*steps, part.name), found)
            case _:
                pass


def _key(table: Table, taken: set[str]) -> Column:
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", table.shape.record.__name__).lower()
    name = f"of_{word}" if word in taken else word
    is_root = table.parent is None
    return Column(name, (), name, ID if table.shape.key else whole(1), is_required=is_root)


def _columns(shape: Shape, groups: tuple[Group, ...]) -> Iterator[Column]:
    names = [group.name for group in groups]
    for part in shape.parts:
        name = ".".join((*names, part.name))
        match part:
            case Leaf(value=value):
                blank, default = (value.blank, None) if part.is_required else (None, part.default)
                yield Column(name, groups, part.name, value, part.is_required, blank, default, refers_to=part.refers_to)
            case Amount():
                yield from _amount(name, (*groups, Group(part.name, part.is_required)))
            case Nested():
                yield from _columns(part.shape, (*groups, Group(part.name, part.is_required)))
            case Keyed():
                yield Column(f"{name}.", (*groups, Group(part.name, part.is_required)), "", part.value, is_keyed=True)
            case Listed():
                pass


def _amount(name: str, groups: tuple[Group, ...]) -> Sequence[Column]:
    return (
        Column(f"{name}.minor", groups, "minor", whole(0), is_required=True, instead=name),
        Column(f"{name}.currency", groups, "currency", CURRENCY),
        Column(name, groups, MAJOR_STEP, MAJOR, instead=f"{name}.minor"),
    )
