import re
from pathlib import Path

import pytest

from xiaoer.learn.pretraining import SHIPPED_ENCODER
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import FULL, ModelCard, ModelRegistry
from xiaoer.understand import FullModel, Routing

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "models" / "shop_zh"
MOST_BYTES = 16_000_000


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(ROOT / "packs" / "shop_zh")


@pytest.fixture(scope="module")
def model() -> FullModel:
    return FullModel.load(SHIPPED)


def test_its_card_names_the_pack_s_version_the_terms_and_the_command() -> None:
    card = ModelCard.read(SHIPPED)
    assert (card.pack, card.kind) == ("shop_zh", FULL)
    assert re.match(r"packs/shop_zh, version \d+\.\d+\.\d+\+[0-9a-f]{12}\b", card.data)
    assert card.licence
    assert "--tier full" in card.command
    assert card.scores["held_out_accuracy"] >= card.scores["held_out_accuracy_light"]


def test_it_knows_the_intents_of_the_pack_as_it_is(model: FullModel, pack: Pack) -> None:
    assert set(model.names) == set(pack.intents), "train it again: xiaoer train packs/shop_zh --tier full"


def test_it_is_small_with_the_encoder() -> None:
    shipped = [*SHIPPED.iterdir(), *SHIPPED_ENCODER.iterdir()]
    assert sum(path.stat().st_size for path in shipped) < MOST_BYTES


@pytest.mark.parametrize(
    ("text", "intent"),
    [("我要退货", "return.request"), ("开一张发票", "invoice.request"), ("转人工", "human"), ("谢谢啦", "thanks")],
)
def test_it_reads_what_is_said_plainly(model: FullModel, text: str, intent: str) -> None:
    assert model.names[int(model.probabilities([text])[0].argmax())] == intent


def test_it_is_taken_into_a_registry_with_its_limits(tmp_path: Path) -> None:
    taken = ModelRegistry(tmp_path).take(SHIPPED)
    assert taken.name == "shop_zh"
    assert 0 < Routing.load(taken.folder).threshold < 1
