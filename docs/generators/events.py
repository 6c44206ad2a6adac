"""`reference/events.md`: every event of a conversation, what its parts hold, and the state that they make."""

import dataclasses
import inspect
import typing
from collections.abc import Iterable, Mapping

import msgspec

from generators.markdown import about, code, head, table, type_words
from xiaoer import events
from xiaoer.events import AnyEvent, Event

_ABOUT = """
A conversation is the list of its events, in order; `xiaoer.events.fold` makes its state from them and nothing else
does. An event is stored as one JSON object with its kind under `type`; fields at their default are left out. Beside it
the log keeps the conversation, the sequence number (1, 2, 3, …, without gaps), the turn and the time.
"""
_REQUIRED = "required"


def page() -> str:
    """Make the page."""
    kinds: tuple[type[Event], ...] = typing.get_args(AnyEvent)
    named = [getattr(events, name) for name in events.__all__]
    records = [kind for kind in named if inspect.isclass(kind)]
    parts = [kind for kind in records if issubclass(kind, msgspec.Struct) and not issubclass(kind, Event)]
    states = [kind for kind in records if dataclasses.is_dataclass(kind)]
    links = {kind: _anchor(kind) for kind in (*kinds, *parts, *states)}
    return "".join(
        (
            head("Events", _ABOUT.strip()),
            "\n## What can happen\n",
            *(_struct(kind, str(kind.__struct_config__.tag), links) for kind in kinds),
            "\n## Records inside events, and between rooms\n",
            *(_struct(kind, kind.__name__, links) for kind in parts),
            "\n## The state of a conversation\n\nWhat the fold has found so far. It is never stored.\n",
            *(_state(kind, links) for kind in states),
        )
    )


def _anchor(kind: type) -> str:
    tag = kind.__struct_config__.tag if issubclass(kind, Event) else kind.__name__
    return str(tag).lower()


def _struct(kind: type[msgspec.Struct], title: str, links: Mapping[type, str]) -> str:
    hints = typing.get_type_hints(kind)
    rows = [(f.name, hints[f.name], _default(f)) for f in msgspec.structs.fields(kind)]
    return _record(kind, f"`{title}`" if issubclass(kind, Event) else title, rows, links)


def _state(kind: type, links: Mapping[type, str]) -> str:
    hints = typing.get_type_hints(kind)
    rows = [(f.name, hints[f.name], "") for f in dataclasses.fields(kind)]
    return _record(kind, kind.__name__, rows, links)


def _record(kind: type, title: str, rows: Iterable[tuple[str, object, str]], links: Mapping[type, str]) -> str:
    filled = [(f"`{name}`", type_words(hint, links), default) for name, hint, default in rows]
    fields = table(("Field", "Type", "Default"), filled) if any(row[2] for row in filled) else _plain(filled)
    return f"\n### {title}\n\n{about(kind)}\n\n{fields if filled else ''}"


def _plain(rows: Iterable[tuple[str, str, str]]) -> str:
    return table(("Field", "Type"), (row[:2] for row in rows))


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is not msgspec.NODEFAULT:
        return "none" if field.default is None or field.default == "" else code(field.default)
    return _REQUIRED if field.default_factory is msgspec.NODEFAULT else "none"
