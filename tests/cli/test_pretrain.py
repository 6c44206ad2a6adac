from pathlib import Path

import pytest
from transformers import AutoModelForMaskedLM

from ..learn.data.making import file_in
from ..learn.pretraining.test_pretraining import CORPUS
from .conftest import Invoke, Workplace
from .test_commands import expect_failure, output_of

PACK = Path(__file__).parents[1] / "understand" / "tiny_shop"
SETTINGS = """\
[tokeniser]
entries = 200
common_characters = false
[network]
width = 16
layers = 1
heads = 2
inner = 16
positions = 16
[masked]
passes = 1
[contrastive]
passes = 1
"""


@pytest.fixture
def place(workplace: Workplace) -> Path:
    file_in(workplace.folder / "said.txt", "\n".join(line.text for line in CORPUS.lines))
    file_in(workplace.folder / "tiny.toml", SETTINGS)
    return workplace.folder


def test_an_encoder_is_trained_from_texts_and_a_pack(invoke: Invoke, place: Path) -> None:
    card = output_of(
        invoke("pretrain", "--text", "said.txt", "--pack", str(PACK), "--out", "e", "--settings", "tiny.toml", "--json")
    )
    assert set(card["sources"]) == {"said.txt", "tiny_shop"}
    assert (card["kind"], card["settings"]["network"]["width"]) == ("encoder", 16)
    assert AutoModelForMaskedLM.from_pretrained(place / "e").num_parameters() == card["parameters"]


def test_what_cannot_be_trained_on_is_said(invoke: Invoke, place: Path) -> None:
    expect_failure(invoke("pretrain", "--out", "e"), "--pack", "learn.corpus")
    expect_failure(invoke("pretrain", "--text", "none.txt", "--out", "e"), "none.txt")
    file_in(place / "wrong.toml", "[masked]\nwords = 3\n")
    expect_failure(invoke("pretrain", "--text", "said.txt", "--out", "e", "--settings", "wrong.toml"), "words")
