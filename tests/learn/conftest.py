from pathlib import Path

import pytest

from xiaoer.learn.examples import examples_of_pack
from xiaoer.learn.intents import fit_intents
from xiaoer.pack import Pack, read_pack
from xiaoer.understand import Analyser, IntentModel


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
