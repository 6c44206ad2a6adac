import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from xiaoer.app import Joined, joined
from xiaoer.settings import Settings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import settings_for

from ..safety.worlds import own, remote, shop_pack, world
from .thin import thin_copy, train_into

__all__ = ["own", "remote", "shop_pack", "world"]


@dataclass(frozen=True)
class Trained:
    """A pack's folder and a data folder with its model."""

    pack: Path
    data: Path


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    made = Trained(thin_copy(folder / "pack"), folder / "data")
    train_into(made.data, made.pack)
    return made


@pytest.fixture
def trained(trained_once: Trained, tmp_path: Path) -> Trained:
    """A pack of the test's own, which it may change, and a model of it."""
    shutil.copytree(trained_once.pack, tmp_path / "pack")
    shutil.copytree(trained_once.data, tmp_path / "data")
    return Trained(tmp_path / "pack", tmp_path / "data")


@pytest.fixture
def settings(trained: Trained) -> Settings:
    return settings_for(trained.data, url=f"sqlite+aiosqlite:///{trained.data}/xiaoer.db", pack=trained.pack)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def running(settings: Settings, clock: HandClock) -> AsyncIterator[Joined]:
    async with joined(settings, clock=clock) as parts:
        yield parts
