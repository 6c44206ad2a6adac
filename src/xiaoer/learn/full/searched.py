"""What a search for settings found, and how far it got."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from xiaoer.learn.full.settings import FullSettings

FOUND_FILE = "found.json"


@dataclass(frozen=True, slots=True)
class Searched:
    """The best settings of a search and their F1, after `trials` were done of as many as were `wanted`."""

    settings: FullSettings
    f1: float
    trials: int
    wanted: int

    def __str__(self) -> str:
        """Say it in a line."""
        return f"the best of {self.trials} trials, of {self.wanted} wanted: F1 {self.f1:.4f}"

    def write(self, folder: Path) -> None:
        """Note it beside the study."""
        noted = {
            "trials": self.trials,
            "wanted": self.wanted,
            "f1": self.f1,
            "settings": self.settings.model_dump(exclude={"search"}),
        }
        (folder / FOUND_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(noted), indent=2) + b"\n")
