"""A registry that several machines share through an object store; each serves from its own folder."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import structlog

from xiaoer.serve.archive import pack_up
from xiaoer.serve.errors import StoreAwayError
from xiaoer.serve.marks import Marks
from xiaoer.serve.object_store import ObjectStore
from xiaoer.serve.registry import MARKS_FILE, ModelRegistry, RegisteredModel, is_id

_MODEL = ".tar.gz"

_log = structlog.get_logger()


class SharedRegistry(ModelRegistry):
    """A registry whose models and marks lie in an object store too, where other machines find them.

    What is asked for and not here is brought from there; what is made here goes there. Where the store is away, what
    is here goes on: only choosing, adding and removing models fail.
    """

    def __init__(self, folder: Path, store: ObjectStore) -> None:
        super().__init__(folder)
        self._store = store

    def pull(self) -> None:
        """Bring here which models are in use, and these.

        Raises:
            StoreAwayError: the store cannot be reached. XiaoerError: what it holds is damaged.
        """
        content = self._store.read(MARKS_FILE)
        if content is None:
            return
        for marks in self._marks.of(content).values():
            for id in marks[-1].ids:
                self._fetch(id)
        self._marks.take(content)

    def find(self, pack_name: str, data_hash: str) -> Path | None:
        """Find the folder of the light model of a pack, here or in the store."""
        self._try(lambda: self._fetch(f"{pack_name}-{data_hash}"))
        return super().find(pack_name, data_hash)

    def model(self, id: str) -> RegisteredModel:
        """Give a model by its id, from the store if it is not here."""
        self._try(lambda: self._fetch(id))
        return super().model(id)

    def list(self) -> list[RegisteredModel]:
        """Give all models of the store and of here, the oldest first; which are in use is brought along."""
        self._try(self.pull)
        self._try(self._fetch_all)
        return super().list()

    def publish(self, pack_name: str, data_hash: str, write: Callable[[Path], None]) -> Path:
        """Have a pack's light model written and take it in, here and in the store."""
        folder = super().publish(pack_name, data_hash, write)
        self._try(lambda: self._send(folder))
        return folder

    def add(self, name: str, write: Callable[[Path], None]) -> RegisteredModel:
        """Have a model written and take it in as a further version, here and in the store.

        Raises:
            StoreAwayError: it is here, and not in the store. ObjectThereError: another machine added one meanwhile.
        """
        self._fetch_all()  # versions are counted over all machines
        model = super().add(name, write)
        self._send(model.folder, is_new=True)
        return model

    def share(self, id: str) -> None:
        """Give other machines what a model's folder holds now; who has the model already keeps it as it was."""
        self._send(self.model(id).folder)

    def remove(self, id: str) -> None:
        """Delete a model that is not in use, here and in the store."""
        self.pull()
        super().remove(id)
        self._store.remove(id + _MODEL)

    def use(self, id: str) -> Marks:
        """Mark a model as in use, for all machines."""
        self.pull()
        model = self.model(id)
        if id + _MODEL not in self._store.names():
            self._send(model.folder)
        return self._sent(super().use(id))

    def unmark(self, name: str, kind: str) -> Marks:
        """Have no model of a kind marked, for all machines."""
        self.pull()
        return self._sent(super().unmark(name, kind))

    def back(self, name: str) -> Marks:
        """Mark what was marked before the last change, for all machines."""
        self.pull()
        return self._sent(super().back(name))

    def _sent(self, marks: Marks) -> Marks:
        self._store.write(MARKS_FILE, self._marks.content())
        return marks

    def _send(self, folder: Path, *, is_new: bool = False) -> None:
        with tempfile.TemporaryDirectory() as place:
            packed = Path(place) / "model"
            pack_up(folder, packed)
            self._store.write(folder.name + _MODEL, packed.read_bytes(), is_new=is_new)

    def _fetch(self, id: str) -> None:
        if self.has(id) or not is_id(id):
            return
        content = self._store.read(id + _MODEL)
        if content is None:
            return
        with tempfile.TemporaryDirectory() as place:
            packed = Path(place) / "model"
            packed.write_bytes(content)
            self.take_as(packed, id)

    def _fetch_all(self) -> None:
        for name in sorted(self._store.names()):
            if name.endswith(_MODEL):
                self._fetch(name.removesuffix(_MODEL))

    def _try(self, ask: Callable[[], None]) -> None:
        """Ask the store, and go on with what is here if it is away."""
        try:
            ask()
        except StoreAwayError as error:
            _log.warning("models.store_away", store=self._store.address, why=str(error))


def shared_registry(folder: Path, address: str) -> SharedRegistry | None:
    """Give the registry of a folder that is shared through the store at an address; None if there is none.

    Raises:
        StoreLibraryMissingError: the extra `objects` is not installed. StoreAwayError: that is no address of a store.
    """
    return SharedRegistry(folder, ObjectStore(address)) if address else None
