"""The release of one pack: made from its folder, and made anew when the folder changes, without losing a turn."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import structlog

from xiaoer.answer import Composer
from xiaoer.app.archive import PackArchive
from xiaoer.app.full_shelf import FullShelf, LoadFull, routing_stamp
from xiaoer.errors import XiaoerError
from xiaoer.knowledge import Retriever
from xiaoer.pack import Pack, read_manifest, read_pack
from xiaoer.serve import Marks, ModelRegistry
from xiaoer.settings import TierSettings
from xiaoer.shop import Shop
from xiaoer.turn import Release
from xiaoer.understand import LightModel, Understander, Vocabulary, training_hash

Train: TypeAlias = Callable[[Path], Awaitable[None]]
"""Trains a model from a pack's folder and publishes it in the registry, outside this process."""
ShopOf: TypeAlias = Callable[[Pack], Shop]
"""Gives the shop under a pack's rules."""

_SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)

_log = structlog.get_logger()


class NoModelError(XiaoerError):
    """No model was trained for the pack yet."""

    code = "model.missing"
    status = 503


@dataclass(frozen=True, slots=True)
class ShelfParts:
    """What a shelf makes releases with: the shop under a pack's rules, the trained models, the packs of before."""

    shop_of: ShopOf
    registry: ModelRegistry
    archive: PackArchive
    tiers: TierSettings
    load_full: LoadFull


class PackShelf:
    """Holds the release of one folder; `as_sister` gives the pack as it serves the shop of another one."""

    def __init__(self, folder: Path, parts: ShelfParts, *, as_sister: Callable[[Pack], Pack] | None = None) -> None:
        self.folder = folder
        self._parts = parts
        self._as_sister = as_sister
        self._name = ""
        self._trained_from = ""
        self._current: Release | None = None
        self._seen: _Seen | None = None
        self._full = FullShelf(parts.registry, parts.tiers, parts.load_full)
        self.problem = ""

    @property
    def current(self) -> Release:
        """The release in use."""
        if self._current is None:
            raise NoModelError("No release is loaded yet.")
        return self._current

    @property
    def is_loaded(self) -> bool:
        """Whether there is a release to serve by."""
        return self._current is not None

    async def load(self) -> Release:
        """Make the release of the pack's folder and serve by it from now on.

        Raises:
            PackError: the pack has faults; the release in use stays.
            NoModelError: no model was ever trained for this pack.
        """
        self._name = (await asyncio.to_thread(read_manifest, self.folder)).name
        self._seen = await asyncio.to_thread(self._look)
        pack = await asyncio.to_thread(read_pack, self.folder)
        release = await self._release(pack)
        await asyncio.to_thread(self._parts.archive.keep, pack)
        self._current = release
        self.problem = self._full.problem
        full = release.full.model_id if release.full else ""
        _log.info("release.loaded", pack=pack.version, model=release.reader.model_id, full=full)
        return release

    async def _release(self, read: Pack) -> Release:
        folder = await asyncio.to_thread(self._model, read)
        pack = read if self._as_sister is None else self._as_sister(read)
        shop = self._parts.shop_of(pack)
        words = await shop.words()
        reader = await asyncio.to_thread(_reader, folder, pack, words)
        retriever = await asyncio.to_thread(Retriever.of_pack, pack, folder)
        tells_languages = self._as_sister is not None or read.sisters
        vocabulary = await asyncio.to_thread(Vocabulary.of_pack, pack) if tells_languages else None
        full = await self._full.tier(read.manifest.name, reader, pack)
        return Release(pack, reader, retriever.search, Composer(pack), shop, vocabulary, full)

    def _model(self, pack: Pack) -> Path:
        registry, name, self._trained_from = self._parts.registry, pack.manifest.name, training_hash(pack)
        marked = registry.marks(name).light
        if marked:
            return registry.model(marked).folder
        folder = registry.find(name, self._trained_from) or registry.latest(name)
        if folder is None:
            raise NoModelError(f"The pack {name} has no trained model; run `xiaoer train {self.folder}`.")
        return folder

    def close(self) -> None:
        """Let go of what works beside the event loop, after who waits for it has an answer."""
        self._full.close()

    # Hot reload

    def outdate(self) -> None:
        """Have the folder read again at the next look, though nothing in it changed."""
        self._seen = None

    async def ensure_model(self, train: Train) -> None:
        """Train a model of the pack if none ever was."""
        manifest = await asyncio.to_thread(read_manifest, self.folder)
        if self._parts.registry.latest(manifest.name) is None:
            _log.info("release.training", pack=str(self.folder))
            await train(self.folder)
            self.outdate()

    async def refresh(self, train: Train | None) -> bool:
        """Load the folder if it or the choice of models changed; give whether it did.

        A pack with faults, or a model that cannot be loaded, is reported and not served.
        """
        seen = await asyncio.to_thread(self._look)
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            release = await self.load()
        except XiaoerError as error:
            self.problem = str(error)
            _log.error("release.refused", pack=str(self.folder), problem=self.problem)
            return False
        if train is not None and await asyncio.to_thread(self._needs_training, release.pack.manifest.name):
            _log.info("release.training", pack=release.pack.version)
            await train(self.folder)
            await self.load()
        return True

    def _needs_training(self, name: str) -> bool:
        """Say whether the pack has no model of what it is now, and none was chosen by hand."""
        registry = self._parts.registry
        return not registry.marks(name).light and registry.find(name, self._trained_from) is None

    def _look(self) -> "_Seen":
        registry = self._parts.registry
        marks = registry.marks(self._name)
        return _stamps(self.folder), marks, routing_stamp(registry, marks.full)


_Seen: TypeAlias = tuple[tuple[tuple[str, int, int], ...], Marks, int]
"""What is compared to see a change: the pack's files, which models are marked as in use, and the full one's limits."""


def _reader(folder: Path, pack: Pack, words: Mapping[str, Mapping[str, str]]) -> Understander:
    """Load a light model and have it read once, so that no customer waits for what is only made for the first text."""
    reader = Understander(LightModel.load(folder), pack, words)
    for text, _ in islice(pack.utterances(), 1):
        reader.read(text, now=_SOME_TIME)
    return reader


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Give the names, sizes and times of a pack's files: cheap to compare every second."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path in files if (stat := path.stat()))
