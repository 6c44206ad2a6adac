import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from tests.logs import set_up_test_logs
from xiaoer.cli import main

from ..app.thin import thin_copy, train_into

_SECONDS = 300

Invoke = Callable[..., Result]


@dataclass(frozen=True)
class Workplace:
    """A folder in which commands are run: `pack/` with its model in `data/`."""

    folder: Path

    @property
    def pack(self) -> Path:
        return self.folder / "pack"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def given(self) -> dict[str, str]:
        """The settings that name the folders."""
        return {"XIAOER_PACK": str(self.pack), "XIAOER_DATA": str(self.data)}

    def run(self, *arguments: str | Path, stdin: str = "", **environment: str) -> Result:
        """Run `xiaoer` with arguments in this folder, in this process: a process of its own takes seconds to begin."""
        with chdir(self.folder):
            result = CliRunner().invoke(main, [*map(str, arguments)], input=stdin, env={**self.given, **environment})
        set_up_test_logs()
        return result

    def json_apart(self, *arguments: str | Path) -> Any:  # noqa: ANN401 - whatever it prints
        """Run a command with `--json` in a process of its own; its output is one JSON document."""
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "xiaoer.cli", *map(str, arguments), "--json"],
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            cwd=self.folder,
            env={**os.environ, **self.given},
        )
        return msgspec.json.decode(done.stdout)

    def json(self, *arguments: str | Path, exits: int = 0, stdin: str = "") -> Any:  # noqa: ANN401 - whatever it prints
        """Run a command with `--json`; its output is one JSON document."""
        done = self.run(*arguments, "--json", stdin=stdin)
        assert done.exit_code == exits, done.output
        return msgspec.json.decode(done.stdout)


@pytest.fixture
def invoke(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs a command in a workplace, in which the test itself is, too."""
    monkeypatch.chdir(workplace.folder)
    return workplace.run


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workplace")
    train_into(folder / "data", thin_copy(folder / "pack"))
    return folder


@pytest.fixture
def workplace(trained_once: Path, tmp_path: Path) -> Workplace:
    shutil.copytree(trained_once, tmp_path / "place")
    return Workplace(tmp_path / "place")
