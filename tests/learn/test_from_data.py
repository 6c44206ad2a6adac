from pathlib import Path

import pytest

from xiaoer.learn import Origin, TooFewUtterancesError, train_from_data
from xiaoer.learn.data import DataSettingError, Table
from xiaoer.serve import ModelCard
from xiaoer.understand import load_classifier

from .data.making import a_sample, a_table
from .saying import said


def a_split_table() -> Table:
    rows = [a_sample(text, intent, at, split="train") for at, (text, intent) in enumerate(said())]
    return (*rows, a_sample("of another part", "unheard", 90, split="test"), a_sample("not labelled", None, 91))


def test_the_card_tells_where_a_model_of_data_comes_from(tmp_path: Path) -> None:
    card = train_from_data(a_table(*said()), tmp_path / "m", seed=4, origin=Origin("t.csv", "CC0", "xiaoer train"))
    assert ModelCard.read(tmp_path / "m") == card
    assert (card.pack, card.kind, card.seed) == ("", "light", 4)
    assert (card.data, card.licence, card.command) == ("t.csv", "CC0", "xiaoer train")
    assert (card.scores["samples"], card.scores["intents"], card.scores["smallest_intent"]) == (27, 3, 9)
    assert load_classifier(tmp_path / "m").names == ("pay", "return", "track")


def test_the_hash_names_what_was_learnt_from_alone(tmp_path: Path) -> None:
    table = a_split_table()
    one, other = (train_from_data(rows, tmp_path / name) for name, rows in (("a", table), ("b", table[:-1])))
    assert one.data_hash == other.data_hash
    assert train_from_data(table[1:], tmp_path / "c").data_hash != one.data_hash
    assert "unheard" not in load_classifier(tmp_path / "a").names


def test_the_same_data_and_seed_give_the_same_model_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        train_from_data(a_table(*said()), tmp_path / name, seed=2)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.npz")} for name in ("one", "two"))
    assert one == two != {}


def test_a_model_that_lies_there_is_replaced_whole(tmp_path: Path) -> None:
    train_from_data(a_table(*said()), tmp_path / "m")
    (tmp_path / "m" / "network.onnx").touch()
    train_from_data(a_table(*said()[:18]), tmp_path / "m")
    assert load_classifier(tmp_path / "m").names == ("pay", "track")
    assert not (tmp_path / "m" / "network.onnx").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear …")
    with pytest.raises(DataSettingError, match="is no model"):
        train_from_data(a_table(*said()), tmp_path)
    assert (tmp_path / "letter.txt").exists()


def test_a_training_that_fails_leaves_the_model_that_was_there(tmp_path: Path) -> None:
    before = train_from_data(a_table(*said()), tmp_path / "m")
    with pytest.raises(TooFewUtterancesError, match="rare"):
        train_from_data(a_table(*said(), ("only one", "rare")), tmp_path / "m")
    assert ModelCard.read(tmp_path / "m") == before


def test_without_labels_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(DataSettingError, match="No sample has an intent"):
        train_from_data((a_sample("x", None),), tmp_path / "m")
