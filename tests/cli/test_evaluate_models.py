from pathlib import Path

import pytest

from ..learn.data.making import file_in
from ..learn.saying import as_csv, off_topic, said
from .conftest import Invoke, Workplace
from .test_commands import expect_failure, output_of

ASKED = [("my parcel where is it", "track"), ("pay with card please", "pay"), ("take back my kettle", "return")]
SHORT = {"texts", "accuracy", "macro_f1", "ece", "latency_ms", "out_of_scope", "figures", "evaluation", "is_good"}


@pytest.fixture
def place(invoke: Invoke, workplace: Workplace) -> Path:
    file_in(workplace.folder / "train.csv", as_csv(said()))
    file_in(workplace.folder / "test.csv", as_csv(ASKED))
    assert invoke("train", "--data", "train.csv", "--out", "m").exit_code == 0
    return workplace.folder


def test_a_model_of_data_is_judged_by_a_table(invoke: Invoke, place: Path) -> None:
    report = output_of(invoke("evaluate", "--model", "m", "--data", "test.csv", "--html", "e.html", "--json"))
    assert set(report) >= SHORT
    assert (report["texts"], report["accuracy"], report["macro_f1"]) == (3, 1, 1)
    assert set(report["latency_ms"]) == {"p50", "p95", "p99"}
    assert report["out_of_scope"] == {"in_scope_accuracy": 1, "in_scope_refused": 0}
    assert "The model m, judged by data" in (place / "e.html").read_text(encoding="utf-8")


def test_texts_out_of_scope_are_scored_as_unknown(invoke: Invoke, place: Path) -> None:
    file_in(place / "off.csv", as_csv([*ASKED, *off_topic()]))
    report = output_of(invoke("evaluate", "--model", "m", "--data", "off.csv", "--json"))
    assert set(report["out_of_scope"]) == {"auroc", "recall", "precision", "in_scope_accuracy", "in_scope_refused"}
    assert report["out_of_scope"]["auroc"] > 0.9
    classes = {one["name"]: one for one in report["evaluation"]["intents"]["classes"]}
    assert classes["out_of_scope"]["support"] == 9
    assert classes["out_of_scope"]["recall"] == report["out_of_scope"]["recall"]


def test_the_model_in_use_of_a_pack_gives_the_same_shape(invoke: Invoke, workplace: Workplace) -> None:
    file_in(workplace.folder / "t.csv", "text,intent\n帮俺瞅瞅那个包裹到哪旮旯了,delivery.track\n你好,greet\n")
    (workplace.folder / "packs").mkdir()
    workplace.pack.rename(workplace.folder / "packs" / "mine")
    by_name = output_of(invoke("evaluate", "--pack", "mine", "--data", "t.csv", "--json"))
    by_path = output_of(invoke("evaluate", "packs/mine", "--on", "t.csv", "--json"))
    assert set(by_name) == set(by_path) >= SHORT
    assert by_name["accuracy"] == by_path["accuracy"]
    assert (by_name["texts"], by_name["left_out"]) == (1, {"said in the pack": 1})
    assert "left out: said in the pack: 1" in invoke("evaluate", "--pack", "mine", "--data", "t.csv").output


def test_models_of_data_are_compared(invoke: Invoke, place: Path) -> None:
    file_in(place / "less.csv", as_csv(said()[:18]))
    assert invoke("train", "--data", "less.csv", "--out", "less").exit_code == 0
    given = ("evaluate", "--model", "m", "--data", "test.csv", "--compare")
    found = output_of(invoke(*given, "less", "--json"))["comparison"]
    assert (found["other"], found["only_this"], found["only_other"]) == ("less", 1, 0)
    assert output_of(invoke(*given, "pack", "--json"))["comparison"]["other_accuracy"] == 0


def test_what_is_no_model_is_refused(invoke: Invoke, place: Path) -> None:
    (place / "empty").mkdir()
    expect_failure(invoke("evaluate", "--model", "empty", "--data", "test.csv"), "card.json", "serve.unreadable_card")
    models = next((place / "data" / "models").iterdir())
    expect_failure(invoke("evaluate", "--model", models, "--data", "test.csv"), "of the pack", "model_not_found")


@pytest.mark.parametrize("words", [["--model", "m"], ["--robust"], ["pack", "--model", "m", "--data", "test.csv"]])
def test_what_does_not_go_together_is_wrong_use(invoke: Invoke, words: list[str]) -> None:
    assert invoke("evaluate", *words).exit_code == 2
