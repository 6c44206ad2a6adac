from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiaoer.learn import train_light
from xiaoer.pack import Pack, read_pack
from xiaoer.understand import LightModel, Understander

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def tiny_pack() -> Pack:
    return read_pack(Path(__file__).parent / "tiny_shop")


@pytest.fixture(scope="session")
def tiny_model(tiny_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> LightModel:
    folder = tmp_path_factory.mktemp("models") / "tiny_shop-0"
    folder.mkdir()
    train_light(tiny_pack, folder)
    return LightModel.load(folder)


@pytest.fixture(scope="session")
def understander(tiny_model: LightModel, tiny_pack: Pack) -> Understander:
    return Understander(tiny_model, tiny_pack, {"product": {"云感四件套": "P1004", "四件套": "P1004"}})
