"""The registry: one folder a model, named by its pack or data, the hash of what it was trained on, and its version."""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xiaoer.serve.archive import pack_up, unpacked
from xiaoer.serve.card import CARD_FILE, ModelCard
from xiaoer.serve.errors import BadModelArchiveError, ModelInUseError, ModelMissingError, NoSuchModelError
from xiaoer.serve.marks import MarkFile, Marks

LIGHT = "light"
FULL = "full"

_UNFINISHED = ".unfinished-"
MARKS_FILE = "in_use.json"
_ID = re.compile(r"(?P<name>[A-Za-z0-9_.]+)-(?P<hash>[0-9a-f]+)(?:-(?P<version>[a-z]+[0-9]+))?")
_NO_NAME = re.compile(r"[^A-Za-z0-9_.]+")


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A model of the registry: its folder and its card. Its id is the folder's name."""

    folder: Path
    card: ModelCard

    @property
    def id(self) -> str:
        """The name by which it is shown, chosen and noted in conversations."""
        return self.folder.name

    @property
    def name(self) -> str:
        """The pack or data that it is of."""
        return name_of(self.id)


class ModelRegistry:
    """Keeps trained models under one folder. A model is there whole or not at all, also after a crash.

    The light model of a pack is found by what the pack's files are now. Every further one is a version beside it, and
    serves when it is marked as in use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marks = MarkFile(folder / MARKS_FILE)

    def find(self, pack_name: str, data_hash: str) -> Path | None:
        """Find the folder of the light model of a pack that was trained on just this data."""
        folder = self._place(pack_name, data_hash)
        return folder if (folder / CARD_FILE).is_file() else None

    def get(self, pack_name: str, data_hash: str) -> Path:
        """Give the folder of the light model of a pack that was trained on just this data.

        Raises:
            ModelMissingError: there is none.
        """
        folder = self.find(pack_name, data_hash)
        if folder is None:
            raise ModelMissingError(
                f"{self._folder} holds no model of the pack {pack_name} for the data {data_hash}; run `xiaoer train`."
            )
        return folder

    def light(self, pack_name: str, data_hash: str) -> Path:
        """Give the folder of the light model that serves a pack: the chosen one, otherwise that of just this data.

        Raises:
            ModelMissingError: none was trained on this data. NoSuchModelError: the chosen one is gone.
        """
        chosen = self.marks(pack_name).light
        return self.model(chosen).folder if chosen else self.get(pack_name, data_hash)

    def latest(self, pack_name: str) -> Path | None:
        """Find the folder of the newest light model of a pack, whatever data it was trained on."""
        own = [one for one in self.list() if one.name == pack_name and one.card.kind == LIGHT]
        return own[-1].folder if own else None

    def model(self, id: str) -> RegisteredModel:
        """Give a model by its id.

        Raises:
            NoSuchModelError: the registry has none of this id.
        """
        if not self.has(id):
            raise NoSuchModelError(f"{self._folder} holds no model {id}; `xiaoer models list` shows all.")
        folder = self._folder / id
        return RegisteredModel(folder, ModelCard.read(folder))

    def has(self, id: str) -> bool:
        """Say whether a model of this id is there."""
        return is_id(id) and (self._folder / id / CARD_FILE).is_file()

    def list(self) -> list[RegisteredModel]:
        """Give all models, the oldest first.

        Raises:
            UnreadableModelCardError: a model's folder lacks its card.
        """
        folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        models = [
            RegisteredModel(folder, ModelCard.read(folder))
            for folder in folders
            if folder.is_dir() and _ID.fullmatch(folder.name)
        ]
        return sorted(models, key=lambda model: (model.card.created, model.folder.name))

    # Taking in and giving out

    def publish(self, pack_name: str, data_hash: str, write: Callable[[Path], None]) -> Path:
        """Have a pack's light model written and take it in; of two who publish the same, the first one's stays.

        `write` fills an empty folder, the card included. If it raises, the registry is as before.
        """
        place = self._place(pack_name, data_hash)

        def settle(written: Path) -> Path:
            if self.find(pack_name, data_hash) is None:
                shutil.rmtree(place, ignore_errors=True)
                written.rename(place)
            return place

        return self._taken_in(write, settle)

    def add(self, name: str, write: Callable[[Path], None]) -> RegisteredModel:
        """Have a model of a pack or of data written and take it in as a further version.

        `write` fills an empty folder, the card included; folders in it, where a training keeps its states, are left
        out. If it raises, the registry is as before.
        """
        name = _NO_NAME.sub("_", name) or "data"

        def settle(written: Path) -> Path:
            card = ModelCard.read(written)
            for folder in filter(Path.is_dir, written.iterdir()):
                shutil.rmtree(folder)
            number = 1
            while True:
                place = self._folder / f"{name}-{card.data_hash}-{card.kind}{number}"
                try:
                    return written.rename(place)
                except OSError:  # this version is there, perhaps since a moment
                    if not place.exists():
                        raise
                number += 1

        return self.model(self._taken_in(write, settle).name)

    def remove(self, id: str) -> None:
        """Delete a model that is not marked as in use.

        Raises:
            NoSuchModelError: there is none. ModelInUseError: it is in use.
        """
        model = self.model(id)
        if id in self.marks(model.name).ids:
            raise ModelInUseError(f"{id} is in use; take another first, with `xiaoer models use`.")
        shutil.rmtree(model.folder)

    def export(self, id: str, to: Path) -> None:
        """Write a model into one file (`.tar.gz`)."""
        pack_up(self.model(id).folder, to)

    def take(self, source: Path, *, name: str = "") -> RegisteredModel:
        """Take a model in from a folder or from a file that `export` wrote, as a further version.

        Raises:
            UnreadableModelCardError: it is no model. BadModelArchiveError: the file is no export, or broken.
        """
        with unpacked(source) as folder:
            card = ModelCard.read(folder)
            return self.add(name or card.pack or folder.name, lambda target: _copy(folder, target))

    def take_as(self, source: Path, id: str) -> None:
        """Take a model in under the id that it has elsewhere; one that is here stays.

        Raises:
            UnreadableModelCardError: it is no model. BadModelArchiveError: the file is no export, or the id is none.
        """
        if not is_id(id):
            raise BadModelArchiveError(f"{id!r} is no id of a model.")

        def settle(written: Path) -> Path:
            place = self._folder / id
            if not self.has(id):
                shutil.rmtree(place, ignore_errors=True)
                written.rename(place)
            return place

        with unpacked(source) as folder:
            self._taken_in(lambda target: _copy(folder, target), settle)

    def share(self, id: str) -> None:
        """Give other machines what a model's folder holds now; a registry of its own has none to give it to."""

    # In use

    def marks(self, name: str) -> Marks:
        """Give which models of a pack or of data are marked as in use."""
        return self._marks.read().get(name, [Marks()])[-1]

    def use(self, id: str) -> Marks:
        """Mark a model as the one of its kind that is in use.

        Raises:
            NoSuchModelError: there is none of this id.
        """
        model = self.model(id)
        if model.card.kind not in (LIGHT, FULL):
            raise NoSuchModelError(f"{id} is of the kind {model.card.kind}, which serves nothing by itself.")
        return self._marks.add(model.name, self.marks(model.name).with_(model.card.kind, id))

    def unmark(self, name: str, kind: str) -> Marks:
        """Have no model of a kind marked: the light one is the pack's newest then, and there is no full one."""
        return self._marks.add(name, self.marks(name).with_(kind, ""))

    def back(self, name: str) -> Marks:
        """Mark what was marked before the last change.

        Raises:
            NoSuchModelError: nothing was marked before, or what was is gone.
        """
        former = self._marks.former(name)
        if former is None:
            raise NoSuchModelError(f"No other model of {name} was in use before.")
        for id in former.ids:
            self.model(id)
        return self._marks.drop_last(name)

    def _taken_in(self, write: Callable[[Path], None], settle: Callable[[Path], Path]) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=self._folder) as unfinished:
            written = Path(unfinished) / "model"
            written.mkdir()
            write(written)
            ModelCard.read(written)
            return settle(written)

    def _place(self, pack_name: str, data_hash: str) -> Path:
        return self._folder / f"{pack_name}-{data_hash}"


def _copy(folder: Path, target: Path) -> None:
    for path in filter(Path.is_file, folder.iterdir()):
        shutil.copyfile(path, target / path.name)


def is_id(id: str) -> bool:
    """Say whether a text may be the id of a model."""
    return bool(_ID.fullmatch(id))


def name_of(id: str) -> str:
    """Give the name of the pack or data that a model's id begins with."""
    found = _ID.fullmatch(id)
    return found["name"] if found else id
