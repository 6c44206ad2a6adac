"""Markdown of the reference pages: headings, tables, and types in words."""

import inspect
import json
import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from pydantic import Discriminator, SecretStr, StringConstraints
from pydantic.fields import FieldInfo

_LIMITS: Mapping[str, str] = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
_WORDS: Mapping[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    bytes: "bytes",
    date: "date",
    datetime: "time",
    Path: "path",
    SecretStr: "secret text",
    types.NoneType: "nothing",
    typing.Any: "any value",
}


def head(title: str, about: str) -> str:
    """Give a page's beginning: where it comes from, its title, what it is for."""
    note = "% Made by `python docs/generate.py` from the code: edit the code, not this page."
    return f"{note}\n\n# {title}\n\n{about}\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; bars and line ends inside cells are made harmless."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(value: object) -> str:
    """Show a value as it is written in a file."""
    return f"`{value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)}`"


def about(thing: object) -> str:
    """Give the docstring without its `Raises:` and the like."""
    text = inspect.getdoc(thing) or ""
    return re.split(r"\n\n(?:Args|Raises|Returns):\n", text)[0]


def type_words(kind: object, links: Mapping[type, str] | None = None) -> str:
    """Say a type in words; `links` names the types that have a heading on the page."""
    links = links or {}
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.NewType):
        return type_words(kind.__supertype__, links)
    if origin is typing.Annotated:
        return _annotated(parts, links)
    if origin is typing.Literal:
        return " or ".join(code(part) for part in parts)
    if origin in (typing.Union, types.UnionType):
        said = dict.fromkeys(type_words(part, links) for part in parts if part is not types.NoneType)
        return " or ".join(said)
    if origin in (tuple, list, frozenset):
        return f"list of {type_words(parts[0], links)}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"mapping of {type_words(parts[0], links)} to {type_words(parts[1], links)}"
    if isinstance(kind, type) and kind in links:
        return f"[{kind.__name__}](#{links[kind]})"
    return _WORDS.get(kind, getattr(kind, "__name__", str(kind)))


def _annotated(parts: tuple[object, ...], links: Mapping[type, str]) -> str:
    kind, *notes = parts
    if any(isinstance(note, Discriminator) for note in notes):
        return _family(typing.get_args(kind))
    if any(isinstance(note, StringConstraints) and note.pattern for note in notes):
        return "name"
    return type_words(kind, links)


def _family(members: Sequence[object]) -> str:
    """Name a union by the last word that its members' names share: `AskStep`, `DoStep`, … are steps."""
    classes = [typing.get_args(member)[0] for member in members]
    last_words = {re.findall("[A-Z][a-z]+", kind.__name__)[-1].lower() for kind in classes}
    return " or ".join(sorted(last_words))


def limits(field: FieldInfo) -> str:
    """Say between which values a field must be: `, at least 0, at most 1`."""
    stated = [
        f", {words} {getattr(note, sign)}"
        for note in field.metadata
        for sign, words in _LIMITS.items()
        if hasattr(note, sign)
    ]
    return "".join(stated)
