"""Rasa's NLU training data (YAML, version 2 and 3): the examples of intents; other parts are left aside."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from xiaoer.learn.data.errors import DataFileError
from xiaoer.learn.data.formats.rows import BadField, Rows, text_of
from xiaoer.learn.data.samples import Sample, Span

_MARK = re.compile(r"\[(?P<words>[^\]]+)\](?:\((?P<entity>[^):]+)(?::[^)]*)?\)|(?P<json>\{[^}]*\}))")
_BULLET = re.compile(r"\s*-\s?(?P<example>.*)")


def read_rasa(path: Path) -> Rows:
    """Read the examples of a file; retrieval intents (`faq/price`) keep their whole name."""
    rows = Rows(path.name)
    for block in _blocks(path):
        intent, examples = _value(block, "intent"), _child(block, "examples")
        if intent is None:
            continue  # synonyms, look-up tables and regular expressions are nothing that a customer said
        if not isinstance(examples, yaml.ScalarNode):
            rows.refuse(_line(block), "examples", f"the intent {intent} has no block of examples")
            continue
        for line, example in _examples(examples):
            rows.take(line, _sample, example, intent, path.name, line)
    return rows


def _blocks(path: Path) -> Iterator[yaml.Node]:
    try:
        root = yaml.compose(text_of(path), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise DataFileError(f"{path} is not valid YAML: {error}") from error
    blocks = _child(root, "nlu") if root is not None else None
    if not isinstance(blocks, yaml.SequenceNode):
        raise DataFileError(f"{path} has no list `nlu:`, as Rasa's training data has.")
    yield from blocks.value


def _child(node: yaml.Node, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _value(node: yaml.Node, name: str) -> str | None:
    child = _child(node, name)
    return str(child.value) if isinstance(child, yaml.ScalarNode) else None


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def _examples(block: yaml.ScalarNode) -> Iterator[tuple[int, str]]:
    """Give the bulleted lines of a block; its content begins on the line below its `|`."""
    first = _line(block) + (block.style in {"|", ">"})
    for number, line in enumerate(str(block.value).splitlines(), first):
        found = _BULLET.fullmatch(line)
        if found and found["example"].strip():
            yield number, found["example"].strip()


def _sample(marked: str, intent: str, file: str, line: int) -> Sample:
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark["words"]), _entity(mark)))
        text += mark["words"]
        at = mark.end()
    text += marked[at:]
    if not text.strip():
        raise BadField("examples", "no text stands here")
    return Sample(id=f"{file}:{line}", text=text, intent=intent, spans=tuple(spans), source=file)


def _entity(mark: re.Match[str]) -> str:
    if mark["entity"]:
        return mark["entity"].strip()
    try:
        entity = json.loads(mark["json"]).get("entity")
    except ValueError as error:
        raise BadField("examples", f"the mark {mark[0]} is no JSON") from error
    if not isinstance(entity, str) or not entity:
        raise BadField("examples", f"the mark {mark[0]} names no entity")
    return entity
