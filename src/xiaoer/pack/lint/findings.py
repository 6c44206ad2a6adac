"""What a check finds."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from xiaoer.pack.model import Place

Level: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful; `code` never changes for one kind of finding."""

    level: Level
    code: str
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.level} {self.code}: {self.message}"


def error(code: str, place: Place, message: str) -> Finding:
    """Make a finding of something that breaks a conversation."""
    return Finding("error", code, place, message)


def warning(code: str, place: Place, message: str) -> Finding:
    """Make a finding of something that makes conversations worse."""
    return Finding("warning", code, place, message)
