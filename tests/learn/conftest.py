from pathlib import Path

import pytest

from tests.learn.full.talk import talk, tiny
from xiaoer.learn import train_light
from xiaoer.learn.data import first_version, write_version
from xiaoer.learn.examples import examples_of_pack
from xiaoer.learn.full import train_full
from xiaoer.learn.intents import fit_intents
from xiaoer.pack import Pack, read_pack
from xiaoer.understand import Analyser, IntentModel, LightModel, Understander


@pytest.fixture(scope="session")
def tiny_pack() -> Pack:
    return read_pack(Path(__file__).parents[1] / "understand" / "tiny_shop")


@pytest.fixture(scope="session")
def tiny_analyser(tiny_pack: Pack) -> Analyser:
    return Analyser(tiny_pack)


@pytest.fixture(scope="session")
def tiny_model(tiny_pack: Pack, tiny_analyser: Analyser) -> IntentModel:
    examples = examples_of_pack(tiny_pack, tiny_analyser)
    return fit_intents([example.features for example in examples], [example.intent for example in examples])


@pytest.fixture(scope="session")
def tiny_understander(tiny_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Understander:
    folder = tmp_path_factory.mktemp("models")
    train_light(tiny_pack, folder)
    return Understander(LightModel.load(folder), tiny_pack)


@pytest.fixture(scope="session")
def talking_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full model with all heads, and what it was trained on as a folder `data` in its own."""
    folder = tmp_path_factory.mktemp("talking")
    table = talk(150)
    write_version(first_version(table, "import", {}, {}), folder / "data")
    train_full(table, folder, settings=tiny(training={"epochs": 12}, heads={"act": 0.7}))
    return folder
