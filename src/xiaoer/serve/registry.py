"""The registry: one folder a model, named by its pack and the hash of what it was trained on."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xiaoer.serve.card import CARD_FILE, ModelCard
from xiaoer.serve.errors import ModelMissingError

_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"(?P<pack>[A-Za-z0-9_.]+)-(?P<hash>[0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A model of the registry: its folder and its card."""

    folder: Path
    card: ModelCard


class ModelRegistry:
    """Keeps trained models under one folder. A model is there whole or not at all, also after a crash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, pack_name: str, data_hash: str) -> Path | None:
        """Find the folder of the model of a pack that was trained on just this data."""
        folder = self._place(pack_name, data_hash)
        return folder if (folder / CARD_FILE).is_file() else None

    def get(self, pack_name: str, data_hash: str) -> Path:
        """Give the folder of the model of a pack that was trained on just this data.

        Raises:
            ModelMissingError: there is none.
        """
        folder = self.find(pack_name, data_hash)
        if folder is None:
            raise ModelMissingError(
                f"{self._folder} holds no model of the pack {pack_name} for the data {data_hash}; run `xiaoer train`."
            )
        return folder

    def latest(self, pack_name: str) -> Path | None:
        """Find the folder of the newest model of a pack, whatever data it was trained on."""
        own = [model for model in self.list() if model.card.pack == pack_name]
        return own[-1].folder if own else None

    def list(self) -> list[RegisteredModel]:
        """Give all models, the oldest first.

        Raises:
            UnreadableModelCardError: a model's folder lacks its card.
        """
        folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        models = [
            RegisteredModel(folder, ModelCard.read(folder))
            for folder in folders
            if folder.is_dir() and _NAME.fullmatch(folder.name)
        ]
        return sorted(models, key=lambda model: (model.card.created, model.folder.name))

    def publish(self, pack_name: str, data_hash: str, write: Callable[[Path], None]) -> Path:
        """Have a model written and take it in; of two who publish the same, the first one's stays.

        `write` fills an empty folder, the card included. If it raises, the registry is as before.
        """
        place = self._place(pack_name, data_hash)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=self._folder) as unfinished:
            written = Path(unfinished) / place.name
            written.mkdir()
            write(written)
            ModelCard.read(written)
            if self.find(pack_name, data_hash) is None:
                shutil.rmtree(place, ignore_errors=True)
                written.rename(place)
        return place

    def _place(self, pack_name: str, data_hash: str) -> Path:
        return self._folder / f"{pack_name}-{data_hash}"
