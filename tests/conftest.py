"""What all tests share."""

import gc
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings

import xiaoer.pack.yaml
from tests.logs import set_up_test_logs
from xiaoer.cli.collecting import COLLECTING

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")

_MEMORY = Path("/dev/shm")  # noqa: S108  # folders in it are made by `tempfile`
_ROOM_BYTES = 8 * 2**30

if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES and "TMPDIR" not in os.environ:
    # What tests flush to a disk takes longer than what they do: where there is room, their files lie in memory.
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None

_configure = structlog.configure


def _configure_for_a_while(**settings: Any) -> None:  # noqa: ANN401  # whatever the library takes
    """Set up a log that no logger keeps for good: a command that runs in the tests' process sets up one of its own.

    Loggers that were used under it would be deaf to the tests after it that listen.
    """
    _configure(**settings | {"cache_logger_on_first_use": False})


structlog.configure = _configure_for_a_while  # type: ignore[assignment]  # it takes names alone

set_up_test_logs()
gc.set_threshold(*COLLECTING)

# Many a test reads a pack of its own that has nearly all files of another one; documents are never changed.
xiaoer.pack.yaml.parse = lru_cache(maxsize=1000)(xiaoer.pack.yaml.parse)


@pytest.fixture(scope="module", autouse=True)
def what_is_there_is_no_garbage() -> None:
    """Let the collector look through what a module's own tests make alone: libraries ask it to again and again.

    It collects first, so that what the module before has left open is told.
    """
    gc.collect()
    gc.freeze()
