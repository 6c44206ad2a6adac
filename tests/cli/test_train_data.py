from pathlib import Path

import msgspec
import pytest

from xiaoer.understand import load_classifier

from ..learn.data.making import file_in, lines_in
from ..learn.saying import as_csv, said
from .conftest import Invoke
from .test_commands import expect_failure, output_of


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "place"


def test_a_table_is_enough_to_train(invoke: Invoke, place: Path) -> None:
    file_in(place / "train.csv", as_csv(said()))
    card = output_of(
        invoke("train", "--data", "train.csv", "--seed", "3", "--out", "m", "--licence", "CC BY 4.0", "--json")
    )
    assert (card["data"], card["licence"], card["seed"], card["kind"]) == ("train.csv", "CC BY 4.0", 3, "light")
    assert card["command"] == "xiaoer train --data train.csv --seed 3 --out m --licence 'CC BY 4.0' --json"
    assert load_classifier(place / "m").names == ("pay", "return", "track")


def test_each_form_of_the_same_data_gives_the_same_intents(invoke: Invoke, place: Path) -> None:
    rows = [*said(), ("not labelled yet", "")]
    file_in(place / "t.csv", as_csv(rows))
    file_in(place / "t.tsv", as_csv(rows).replace(",", "\t"))
    lines_in(place / "t.jsonl", [{"text": text, "intent": intent or None} for text, intent in rows])
    file_in(place / "q.csv", as_csv(rows).replace("text,intent", "query,label"))
    assert invoke("data", "import", "t.csv", "--to", "folder").exit_code == 0
    for name, *further in (["t.csv"], ["t.tsv"], ["t.jsonl"], ["folder"], ["q.csv", "--text", "query"]):
        given = [*further, "--intent", "label"] if further else []
        done = invoke("train", "--data", name, *given, "--out", f"m-{name}")
        assert done.exit_code == 0, done.output
        assert "1 samples have no intent" in done.stderr
        assert "intents 3" in done.stdout
    models = [load_classifier(place / f"m-{name}") for name in ("t.csv", "t.tsv", "t.jsonl", "folder", "q.csv")]
    assert len({model.probabilities(["pay by card"]).tobytes() for model in models}) == 1


def test_a_broken_row_is_named_with_file_line_and_column(invoke: Invoke, place: Path) -> None:
    file_in(place / "t.csv", as_csv([*said(), (" ", "pay")]))
    expect_failure(invoke("train", "--data", "t.csv", "--out", "m"), "t.csv:29: text: no text", "learn.data_file")
    lines_in(place / "t.jsonl", [*({"text": text, "intent": intent} for text, intent in said()), {"intent": "pay"}])
    expect_failure(invoke("train", "--data", "t.jsonl", "--out", "m"), "t.jsonl:28: text: no text")
    assert not (place / "m").exists()


def test_a_column_or_a_file_that_is_missing_is_named(invoke: Invoke, place: Path) -> None:
    file_in(place / "t.csv", "sentence,intent\nhello,greet\n")
    expect_failure(invoke("train", "--data", "t.csv", "--out", "m"), "t.csv:1", "'text'", "--text")
    expect_failure(invoke("train", "--data", "nowhere.csv", "--out", "m"), "nowhere.csv", "learn.data_file")


def test_an_intent_with_too_few_texts_is_named(invoke: Invoke, place: Path) -> None:
    file_in(place / "t.csv", as_csv([*said(), ("one alone", "rare")]))
    expect_failure(invoke("train", "--data", "t.csv", "--out", "m"), "rare", "learn.too_few_utterances")


@pytest.mark.parametrize("words", [["--data", "t.csv"], ["pack", "--data", "t.csv", "--out", "m"]])
def test_what_does_not_go_together_is_wrong_use(invoke: Invoke, words: list[str]) -> None:
    assert invoke("train", *words).exit_code == 2


def test_a_card_is_read_by_programs_and_people(invoke: Invoke, place: Path) -> None:
    file_in(place / "t.csv", as_csv(said()))
    shown = invoke("train", "--data", "t.csv", "--out", "m")
    assert "samples 27" in shown.stdout
    assert "100%" in shown.stderr
    assert msgspec.json.decode((place / "m" / "card.json").read_bytes())["data_hash"] in shown.stdout
