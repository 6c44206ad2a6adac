"""The folder of a run: with what it was begun, its states to go on from, its curves, and what came of it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from xiaoer.learn.full.settings import FullSettings

RUN_FOLDER = "run"
"""Where in a model's folder the states, curves and settings of its training lie."""
CONFIG_FILE = "run.json"
METRICS_FILE = "metrics.json"
WEIGHTS_FILE = "weights.safetensors"


@dataclass(frozen=True, slots=True)
class Run:
    """A training with these settings, of this data, with this seed; its states lie in `folder`."""

    folder: Path
    settings: FullSettings
    data_hash: str
    seed: int

    def begin(self) -> None:
        """Make the folder ready; states of another training that lie there go."""
        if self._config_there() != self._config():
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / CONFIG_FILE, self._config())

    def end(self, figures: Mapping[str, float]) -> None:
        """Note what came of it; states to go on from are not needed any more."""
        _write(self.folder / METRICS_FILE, figures)
        for state in self.folder.glob("checkpoint-*"):
            shutil.rmtree(state)

    def _config(self) -> dict[str, object]:
        return {
            "settings": self.settings.model_dump(exclude={"search"}),
            "data_hash": self.data_hash,
            "seed": self.seed,
            "code_version": version("xiaoer"),
        }

    def _config_there(self) -> object:
        try:
            return json.loads((self.folder / CONFIG_FILE).read_bytes())
        except (OSError, ValueError):
            return None


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
