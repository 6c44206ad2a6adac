"""Makes samples, and files as users have them."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from xiaoer.learn.data import Sample


def a_sample(text: str, intent: str | None = "ask", at: int = 0, **given: object) -> Sample:
    return msgspec.convert({"id": f"own:{at}", "text": text, "intent": intent, **given}, Sample)


def a_table(*rows: tuple[str, str | None]) -> tuple[Sample, ...]:
    return tuple(a_sample(text, intent, at) for at, (text, intent) in enumerate(rows))


def lines_in(path: Path, lines: Iterable[object]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    return path


def file_in(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
