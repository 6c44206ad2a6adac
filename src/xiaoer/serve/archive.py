"""A model as one file: a gzipped tar of its folder."""

import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xiaoer.serve.card import CARD_FILE
from xiaoer.serve.errors import BadModelArchiveError


def pack_up(folder: Path, to: Path) -> None:
    """Write a model's folder into a file; the file is there whole or not at all."""
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = to.with_name(f".{to.name}.part")
    try:
        with tarfile.open(beside, "w:gz") as archive:
            archive.add(folder, arcname=folder.name)
        os.replace(beside, to)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """Give a model's folder: `source` itself, or what a file holds, for a while.

    Raises:
        BadModelArchiveError: the file does not hold one model's folder, or names places outside it.
    """
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(place, filter="data")
        except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
            raise BadModelArchiveError(f"{source} is no exported model ({error}); export it again.") from error
        folders = [card.parent for card in Path(place).glob(f"*/{CARD_FILE}")]
        if len(folders) != 1:
            raise BadModelArchiveError(f"{source} holds no model: one folder with a {CARD_FILE} is wanted.")
        yield folders[0]
