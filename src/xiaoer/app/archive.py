"""Copies of the packs that conversations began tasks on, so that those tasks end as they began."""

import shutil
from pathlib import Path

from xiaoer.pack import Pack, PackError, PackNotFoundError, read_pack

_KEPT = 20


class PackArchive:
    """A folder of packs by version; the newest twenty are kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packs: dict[str, Pack | None] = {}

    def keep(self, pack: Pack) -> None:
        """Remember a pack, and copy it unless that was done before."""
        self._packs[pack.version] = pack
        target = self._folder / pack.version
        if target.exists():
            return
        beside = self._folder / f".{pack.version}.part"
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(pack.folder, beside, ignore=shutil.ignore_patterns(".*"))
        beside.rename(target)
        self._drop_oldest()

    def find(self, version: str) -> Pack | None:
        """Find a pack by its version; one that can no longer be read counts as gone."""
        if version not in self._packs:
            try:
                self._packs[version] = read_pack(self._folder / version)
            except (PackNotFoundError, PackError):
                self._packs[version] = None
        return self._packs[version]

    def _drop_oldest(self) -> None:
        kept = sorted((p for p in self._folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
        for path in kept[:-_KEPT]:
            shutil.rmtree(path, ignore_errors=True)
