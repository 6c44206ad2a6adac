"""The release in use: made from the pack's folder, and made anew when the folder changes, without losing a turn."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import structlog

from xiaoer.answer import Composer
from xiaoer.app.archive import PackArchive
from xiaoer.errors import XiaoerError
from xiaoer.knowledge import Retriever
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import ModelRegistry
from xiaoer.shop import Shop
from xiaoer.turn import Release
from xiaoer.understand import LightModel, Understander, training_hash

Train: TypeAlias = Callable[[Path], Awaitable[None]]
"""Trains a model from a pack's folder and publishes it in the registry, outside this process."""
ShopOf: TypeAlias = Callable[[Pack], Shop]
"""Gives the shop under a pack's rules."""

_log = structlog.get_logger()


class NoModelError(XiaoerError):
    """No model was trained for the pack yet."""

    code = "model.missing"
    status = 503


class ReleaseShelf:
    """Holds the release in use (`turn.Releases`), and earlier packs."""

    def __init__(
        self,
        folder: Path,
        *,
        shop_of: ShopOf,
        registry: ModelRegistry,
        archive: PackArchive,
    ) -> None:
        self._folder = folder
        self._shop_of = shop_of
        self._registry = registry
        self._archive = archive
        self._current: Release | None = None
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self.problem = ""

    @property
    def current(self) -> Release:
        """The release that new turns are served by."""
        if self._current is None:
            raise NoModelError("No release is loaded yet.")
        return self._current

    @property
    def is_loaded(self) -> bool:
        """Whether there is a release to serve by."""
        return self._current is not None

    def pack(self, version: str) -> Pack | None:
        """Find a pack by its version."""
        current = self._current
        if current is not None and current.pack.version == version:
            return current.pack
        return self._archive.find(version)

    async def load(self) -> Release:
        """Make the release of the pack's folder and serve by it from now on.

        Raises:
            PackError: the pack has faults; the release in use stays.
            NoModelError: no model was ever trained for this pack.
        """
        self._seen = await asyncio.to_thread(_stamps, self._folder)
        pack = await asyncio.to_thread(read_pack, self._folder)
        release = await self._release(pack)
        await asyncio.to_thread(self._archive.keep, pack)
        self._current = release
        self.problem = ""
        _log.info("release.loaded", pack=pack.version, model=release.reader.model_id)
        return release

    async def _release(self, pack: Pack) -> Release:
        shop = self._shop_of(pack)
        words = await shop.words()
        folder = await asyncio.to_thread(self._model, pack)
        reader = await asyncio.to_thread(_reader, folder, pack, words)
        retriever = await asyncio.to_thread(Retriever.of_pack, pack, folder)
        return Release(pack, reader, retriever.search, Composer(pack), shop)

    def _model(self, pack: Pack) -> Path:
        name = pack.manifest.name
        folder = self._registry.find(name, training_hash(pack)) or self._registry.latest(name)
        if folder is None:
            raise NoModelError(f"The pack {name} has no trained model; run `xiaoer train {self._folder}`.")
        return folder

    # Hot reload

    async def watch(self, train: Train | None, *, pause_seconds: float = 1.0) -> None:
        """Look after the folder for ever: load what changed; train when what is trained from changed."""
        while True:
            await asyncio.sleep(pause_seconds)
            await self.refresh(train)

    async def refresh(self, train: Train | None) -> bool:
        """Load the folder if it changed; give whether it did. A pack with faults is reported and not served."""
        stamps = await asyncio.to_thread(_stamps, self._folder)
        if stamps == self._seen:
            return False
        self._seen = stamps
        try:
            release = await self.load()
        except XiaoerError as error:
            self.problem = str(error)
            _log.error("release.refused", pack=str(self._folder), problem=self.problem)
            return False
        if train is not None and self._registry.find(release.pack.manifest.name, training_hash(release.pack)) is None:
            _log.info("release.training", pack=release.pack.version)
            await train(self._folder)
            await self.load()
        return True


def _reader(folder: Path, pack: Pack, words: Mapping[str, Mapping[str, str]]) -> Understander:
    return Understander(LightModel.load(folder), pack, words)


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Give the names, sizes and times of a pack's files: cheap to compare every second."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path in files if (stat := path.stat()))
