"""The tables as they are published: in JSON Schema for programs, in Markdown for people."""

import inspect
import re
from collections.abc import Iterator, Sequence

import msgspec

from xiaoer.shop.transfer.kinds import KINDS
from xiaoer.shop.transfer.tables import MAJOR_STEP, Column, Table, tables

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def table_names() -> tuple[str, ...]:
    """Name all tables."""
    return tuple(table.name for table in tables())


def table_schemas(names: Sequence[str] = ()) -> dict[str, object]:
    """Give JSON Schemas of some tables, or all: of a row under `tables`, of a nested document under `documents`."""
    wanted = names or table_names()
    return {
        "$schema": _DIALECT,
        "tables": {table.name: _row_schema(table) for table in tables() if table.name in wanted},
        "documents": {kind.name: msgspec.json.schema(kind.record) for kind in KINDS if kind.name in wanted},
    }


def describe_tables(names: Sequence[str] = (), *, level: int = 2) -> str:
    """Describe some tables, or all, in Markdown: a heading of that level, and a table of its columns for each."""
    wanted = names or table_names()
    return "\n".join(_section(table, level) for table in tables() if table.name in wanted)


def _row_schema(table: Table) -> dict[str, object]:
    columns = [*table.keys, *table.columns]
    named = {column.name: dict(column.value.schema) for column in columns if not column.is_keyed}
    patterns = {f"^{re.escape(column.name)}": dict(column.value.schema) for column in columns if column.is_keyed}
    either = [_either(column) for column in columns if column.is_needed and column.instead]
    return {
        "title": table.name,
        "description": _about(table),
        "type": "object",
        "properties": named,
        **({"patternProperties": patterns} if patterns else {}),
        "required": [column.name for column in columns if column.is_needed and not column.instead],
        **({"allOf": either} if either else {}),
        "additionalProperties": False,
    }


def _either(column: Column) -> dict[str, object]:
    return {"oneOf": [{"required": [column.name]}, {"required": [column.instead]}]}


def _section(table: Table, level: int) -> str:
    rows = [_line(cells) for cells in (("Column", "Value", "Needed", "Notes"), ("---",) * 4, *_rows(table))]
    return f"{'#' * level} {table.name}\n\n{_about(table)}\n\n{''.join(rows)}"


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    for column in (*table.keys, *table.columns):
        name = f"{column.name}<key>" if column.is_keyed else column.name
        yield f"`{name}`", column.value.words, _needed(column), " ".join(_notes(table, column))


def _needed(column: Column) -> str:
    """Say whether a file must have the column, or only where a struct that may be left out is there."""
    names = [".".join(group.name for group in column.groups[: place + 1]) for place in range(len(column.groups))]
    optional = [name for name, group in zip(names, column.groups, strict=True) if not group.is_required]
    return "" if not column.is_required else f"with `{optional[-1]}`" if optional else "yes"


def _notes(table: Table, column: Column) -> Iterator[str]:
    if column in table.keys:
        yield from _key_notes(table, table.line[table.keys.index(column)])
    if column.refers_to:
        yield f"One of `{column.refers_to}`."
    if column.step == MAJOR_STEP and not column.is_keyed:
        yield f"Instead of `{column.instead}`, as in 12.99."
    elif column.step == "currency":
        yield "Without it the currency of the import."
    if column.is_keyed:
        yield "A column for each key."
    if column.default not in (None, "", (), 0):
        yield f"`{column.default}` where it is empty."


def _key_notes(table: Table, parent: Table) -> Iterator[str]:
    if parent.parent is None:
        yield f"The `{parent.shape.key}` in `{parent.name}`."
    elif parent.shape.key:
        yield f"The `{parent.shape.key}` in `{parent.name}`; may be empty where there is only one."
    else:
        name = table.keys[0].name
        yield f"Which row of `{parent.name}` with this {name}: 1, 2, …; may be empty where there is only one."


def _about(table: Table) -> str:
    text = inspect.getdoc(table.shape.record) or ""
    return " ".join(text.split("\n\n")[0].split())


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", r"\|").split()) for cell in cells) + " |\n"
