"""Logs of conversations as JSON lines: a message a line, or a conversation a line with its messages.

What customers wrote is taken, not labelled yet, with phone numbers and the like masked; what others said is left aside.
"""

from pathlib import Path
from typing import Any

from xiaoer.learn.data.formats.rows import BadField, Rows, json_rows, moment_in, words_in
from xiaoer.learn.data.samples import Sample
from xiaoer.text import mask

_MESSAGES = ("messages", "dialogue", "turns")
_WHO = ("sender", "who", "role", "from")
_CUSTOMERS = frozenset({"customer", "user", "visitor", "buyer", "顾客", "买家", "客户", "用户"})
_CONVERSATION = ("conversation", "conversation_id", "id")


def read_log(path: Path) -> Rows:
    """Read a log; each conversation is a group. A field that names the sender is required."""
    rows = Rows(path.name)
    for line, row in json_rows(path, rows):
        messages = _first(row, _MESSAGES)
        if messages is None:
            _take(rows, line, row, _name(row), f"{path.name}:{line}")
        elif isinstance(messages, list) and all(isinstance(message, dict) for message in messages):
            name = _name(row) or str(line)
            for at, message in enumerate(messages, 1):
                _take(rows, line, message, name, f"{path.name}:{line}.{at}")
        else:
            rows.refuse(line, "messages", "no list of messages as objects")
    return rows


def _take(rows: Rows, line: int, message: dict[str, Any], conversation: str, place: str) -> None:
    sender = _first(message, _WHO)
    if not isinstance(sender, str):
        rows.refuse(line, "sender", "not named: who wrote this?")
    elif sender.casefold() in _CUSTOMERS:
        rows.take(line, _sample, message, conversation, place)


def _sample(message: dict[str, Any], conversation: str, place: str) -> Sample:
    if not conversation:
        raise BadField("conversation", "not named: which conversation is this of?")
    moment = message.get("time", message.get("timestamp"))
    return Sample(
        id=place,
        text=mask(words_in(message, "text")),
        source=place.split(":", maxsplit=1)[0],
        group=conversation,
        time=moment_in(moment, "time"),
    )


def _first(row: dict[str, Any], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _name(row: dict[str, Any]) -> str:
    found = _first(row, _CONVERSATION)
    return "" if found is None else str(found)
