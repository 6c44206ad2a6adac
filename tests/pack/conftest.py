from collections.abc import Collection
from pathlib import Path

import pytest

from xiaoer.pack import lint, read_pack
from xiaoer.testing.packs import write_pack

from .linting import ACTIONS, Lint, Report


@pytest.fixture
def linted(tmp_path: Path) -> Lint:
    """Write a pack of the files given and lint it."""

    def run(*, answerable: Collection[str] = (), **files: str) -> Report:
        return Report(lint(read_pack(write_pack(tmp_path, **files)), actions=ACTIONS, answerable=answerable))

    return run
