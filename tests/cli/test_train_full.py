from pathlib import Path

import msgspec

from xiaoer.pack import new_pack, read_pack
from xiaoer.serve import ModelCard, ModelRegistry
from xiaoer.understand import FullModel, training_hash

from ..learn.data.making import file_in
from ..learn.saying import as_csv, said
from .conftest import Invoke, Workplace
from .test_commands import output_of

SETTINGS = """
[encoder]
kind = "transformer"
layers = 1
width = 16
attention_heads = 2
vocabulary = 200
[ngrams]
buckets = 0
[training]
epochs = 2
held_out = 0.3
[search]
folds = 2
[search.space]
"heads.dropout" = [0.0, 0.1]
"""
OF_A_PACK = """
[encoder]
kind = "transformer"
layers = 1
width = 16
attention_heads = 2
vocabulary = 300
longest = 24
[ngrams]
buckets = 256
width = 16
[training]
epochs = 1
batch = 32
"""


def test_settings_are_searched_for_and_a_full_model_is_trained_with_the_best(invoke: Invoke, tmp_path: Path) -> None:
    place = tmp_path / "place"
    file_in(place / "train.csv", as_csv(said()))
    file_in(place / "full.toml", SETTINGS)
    given = ("--tier", "full", "--settings", "full.toml", "--search", "grid", "--trials", "2")
    card = output_of(invoke("train", "--data", "train.csv", "--out", "m", *given, "--json"))

    assert (card["kind"], card["data"]) == ("full", "train.csv")
    assert set(card["scores"]) >= {"intent_f1", "held_out_accuracy"}
    model = FullModel.load(place / "m")
    (reading,) = model.read(["where is my parcel"])
    assert model.names == ("pay", "return", "track")
    assert (reading.spans, reading.act, reading.sentiment) == ((), None, None), "it learnt intents alone"
    assert (place / "m" / "search" / "study.db").is_file()


def test_what_the_full_tier_alone_has_is_refused_for_the_light_one(invoke: Invoke, tmp_path: Path) -> None:
    file_in(tmp_path / "place" / "train.csv", as_csv(said()))
    for given in (("--search", "grid"), ("--private-epsilon", "8"), ("--settings", "full.toml")):
        assert invoke("train", "--data", "train.csv", "--out", "m", *given).exit_code == 2


def test_the_card_of_a_packs_full_model_comes_whole_out_of_the_command(invoke: Invoke, workplace: Workplace) -> None:
    file_in(workplace.folder / "full.toml", OF_A_PACK)
    new_pack(workplace.folder / "small", name="small", title="Small", language="en")
    words = ("--licence", "CC BY 4.0", "--tier", "full", "--settings=full.toml", "--seed", "2", "--json")

    card = output_of(invoke("train", "small", *words))

    pack = read_pack(workplace.folder / "small")
    assert (
        card["command"] == "xiaoer train small --licence 'CC BY 4.0' --tier full --settings=full.toml --seed 2 --json"
    )
    assert (card["pack"], card["kind"], card["seed"], card["licence"]) == (pack.manifest.name, "full", 2, "CC BY 4.0")
    assert (card["data"], card["data_hash"]) == (f"small, version {pack.version}", training_hash(pack))
    assert set(card["scores"]) >= {"samples", "held_out", "intent_f1", "entity_f1", "held_out_accuracy"}
    (made,) = (one for one in ModelRegistry(workplace.data / "models").list() if one.card.kind == "full")
    assert msgspec.to_builtins(ModelCard.read(made.folder)) == card
