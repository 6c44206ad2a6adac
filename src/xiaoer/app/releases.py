"""The releases in use: that of the shop's pack, and those of its sisters in other languages, loaded when spoken to."""

import asyncio
from functools import partial
from pathlib import Path

import structlog

from xiaoer.app.pack_shelf import PackShelf, ShelfParts, Train
from xiaoer.errors import XiaoerError
from xiaoer.pack import Pack, Sister, of_one_shop
from xiaoer.turn import Release

_log = structlog.get_logger()


class ReleaseShelf:
    """Holds the releases in use (`turn.Releases`), one a language, and earlier packs.

    A sister takes memory from the first message in her language on. One that cannot be loaded is logged, and the first
    pack answers in her stead.
    """

    def __init__(self, folder: Path, parts: ShelfParts) -> None:
        self._archive = parts.archive
        self._parts = parts
        self._first = PackShelf(folder, self._parts)
        self._sisters: dict[str, PackShelf] = {}
        self._asked_for: set[str] = set()
        self._loading = asyncio.Lock()
        self.problem = ""

    @property
    def current(self) -> Release:
        """The release of the shop's first language."""
        return self._first.current

    @property
    def is_loaded(self) -> bool:
        """Whether there is a release to serve by."""
        return self._first.is_loaded

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the shop serves in, the first one first."""
        return (self.current.pack.manifest.language, *self._sisters)

    async def speaking(self, language: str) -> Release:
        """Give the release that speaks a language, loading it at first; the current one if there is none to be had."""
        sister = self._sisters.get(language)
        if sister is None:
            return self.current
        if not sister.is_loaded and language not in self._asked_for:
            async with self._loading:
                await self._ask_for(language, sister)
        return sister.current if sister.is_loaded else self.current

    async def _ask_for(self, language: str, sister: PackShelf) -> None:
        if language in self._asked_for:  # by another message, meanwhile
            return
        try:
            await sister.load()
        except XiaoerError as error:
            self._refuse(sister, error)
        self._asked_for.add(language)

    def _refuse(self, sister: PackShelf, error: XiaoerError) -> None:
        sister.problem = str(error)
        _log.error("release.refused", pack=str(sister.folder), problem=sister.problem)

    def pack(self, version: str) -> Pack | None:
        """Find a pack by its version."""
        for shelf in (self._first, *self._sisters.values()):
            if shelf.is_loaded and shelf.current.pack.version == version:
                return shelf.current.pack
        return self._archive.find(version)

    async def load(self) -> Release:
        """Make the release of the pack's folder and serve by it from now on.

        Raises:
            PackError: the pack has faults; the release in use stays.
            NoModelError: no model was ever trained for this pack.
        """
        release = await self._first.load()
        self._take_sisters()
        return release

    def _take_sisters(self) -> None:
        """Look which sisters the pack names now; those that serve already are made anew on its trade."""
        before = {shelf.folder: shelf for shelf in self._sisters.values()}
        named: dict[str, PackShelf] = {}
        for said in self.current.pack.sisters:
            folder = self._first.folder / said.pack
            named[said.language] = before.get(folder) or PackShelf(
                folder, self._parts, as_sister=partial(self._in_this_shop, said.language)
            )
            named[said.language].outdate()
        for gone in set(before) - {shelf.folder for shelf in named.values()}:
            before[gone].close()
        self._sisters = named
        self._asked_for &= named.keys()

    def _in_this_shop(self, language: str, sister: Pack) -> Pack:
        first = self.current.pack
        said = next((said for said in first.sisters if said.language == language), None)
        return of_one_shop(sister, first, said or Sister.model_validate({"language": language, "pack": "."}))

    def close(self) -> None:
        """Let go of what works beside the event loop."""
        for shelf in (self._first, *self._sisters.values()):
            shelf.close()

    # Hot reload

    async def watch(self, train: Train | None, *, pause_seconds: float = 1.0) -> None:
        """Look after the folders for ever: load what changed; train when what is trained from changed."""
        if train is not None:
            await self._train_sisters(train)
        while True:
            await asyncio.sleep(pause_seconds)
            await self.refresh(train)

    async def _train_sisters(self, train: Train) -> None:
        for sister in self._sisters.values():
            try:
                await sister.ensure_model(train)
            except XiaoerError as error:
                self._refuse(sister, error)

    async def refresh(self, train: Train | None) -> bool:
        """Load what changed; give whether anything did. A pack with faults is reported and not served."""
        is_changed = await self._first.refresh(train)
        if is_changed:
            self._take_sisters()
        for language in sorted(self._asked_for):
            is_changed = await self._sisters[language].refresh(train) or is_changed
        self.problem = self._first.problem
        return is_changed
