"""YAML with line numbers: a value, and for each path in it the line where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xiaoer.pack.errors import Fault
from xiaoer.pack.model import Place

YamlPath = tuple[str | int, ...]
_DEEPEST = 40
_BOOL, _TIMESTAMP = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's plain values: `true` and `false` alone, so that `on:` and `no:` are words; dates stay text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the library's own class attribute, never changed
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP and (tag != _BOOL or first in "tTfF")]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its value and the line (from 1) of each path in it."""

    file: str
    value: Any
    lines: Mapping[YamlPath, int]

    def place(self, path: YamlPath) -> Place:
        """Say where a path stands; a path that is not in the file stands where its nearest parent does."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


def load(path: Path, shown_as: str) -> Document | Fault:
    """Read a YAML file (UTF-8); what is no plain YAML (aliases, tags, a key named twice) is a fault."""
    return parse(path.read_bytes(), shown_as)


def parse(data: bytes, shown_as: str) -> Document | Fault:
    """Read YAML as `load` does."""
    try:
        return _refused(data, shown_as) or _read(data, shown_as)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Fault(Place(shown_as, line), "", f"not valid YAML: {error.problem}")
    except (yaml.YAMLError, ValueError) as error:
        return Fault(Place(shown_as, 1), "", f"not valid YAML in UTF-8: {error}")


def _refused(data: bytes, shown_as: str) -> Fault | None:
    """Find what a pack does not need and what could blow a small file up: aliases, tags, very deep nesting."""
    depth = 0
    for event in yaml.parse(data, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        message = None
        if isinstance(event, yaml.AliasEvent):
            message = "a pack holds no aliases (`*name`): write the value out here"
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            message = f"a pack holds no tags: remove {event.tag}, or put the word into quotes"
        elif depth > _DEEPEST:
            message = f"nested more than {_DEEPEST} deep"
        if message:
            return Fault(Place(shown_as, _line(event)), "", message)
    return None


def _line(at: yaml.Event | yaml.Node) -> int:
    return at.start_mark.line + 1 if at.start_mark else 1


def _read(data: bytes, shown_as: str) -> Document | Fault:
    loader = _Loader(data)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(shown_as, {}, {(): 1})
        doubled = _doubled_key(node)
        if doubled is not None:
            return Fault(Place(shown_as, _line(doubled)), doubled.value, "this key stands here twice")
        return Document(shown_as, loader.construct_document(node), dict(_lines(node, ())))
    finally:
        loader.dispose()


def _lines(node: yaml.Node, path: YamlPath) -> Iterator[tuple[YamlPath, int]]:
    yield path, _line(node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*path, str(key.value)))
            yield (*path, str(key.value)), _line(key)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index))


def _doubled_key(node: yaml.Node) -> yaml.ScalarNode | None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    return key
                seen.add(key.value)
            found = _doubled_key(value)
            if found is not None:
                return found
    elif isinstance(node, yaml.SequenceNode):
        return next((found for item in node.value if (found := _doubled_key(item)) is not None), None)
    return None
