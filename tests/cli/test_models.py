import csv
import json
from pathlib import Path

import pytest

from xiaoer.learn import train_from_data
from xiaoer.learn.data import Sample
from xiaoer.pack import read_pack
from xiaoer.serve import Marks, ModelRegistry
from xiaoer.understand import Routing

from .conftest import Invoke, Workplace

_TAUGHT = ("order.cancel", "return.request", "greet")


@pytest.fixture
def registry(workplace: Workplace) -> ModelRegistry:
    return ModelRegistry(workplace.data / "models")


@pytest.fixture
def light(registry: ModelRegistry) -> str:
    return registry.list()[0].id


def test_models_are_listed_shown_chosen_and_taken_back(invoke: Invoke, registry: ModelRegistry, light: str) -> None:
    assert light in invoke("models", "list").output
    assert json.loads(invoke("models", "show", light, "--json").output)["card"]["kind"] == "light"
    used = invoke("models", "use", light, "--json")
    assert json.loads(used.output) == {"name": "shop_zh", "light": light, "full": ""}
    assert json.loads(invoke("models", "list", "--json").output)[0]["in_use"]
    assert "(the newest)" in invoke("models", "use", "shop_zh", "--without", "light").output
    assert light in invoke("models", "back", "shop_zh").output
    assert invoke("models", "back", "shop_zh").exit_code == 0
    assert registry.marks("shop_zh") == Marks()
    assert invoke("models", "back", "shop_zh").exit_code == 1


def test_a_model_goes_out_in_one_file_and_comes_back_as_a_version(
    invoke: Invoke, registry: ModelRegistry, light: str, tmp_path: Path
) -> None:
    file = tmp_path / "model.tar.gz"
    assert invoke("models", "export", light, "--to", file).exit_code == 0
    taken = invoke("models", "import", file).output.strip()
    assert taken == f"{light}-light1"
    assert invoke("models", "use", taken).exit_code == 0, "what came back can serve"
    assert invoke("models", "remove", taken).exit_code == 1, "it is in use"
    assert invoke("models", "remove", light, "--dry-run").exit_code == 0
    assert registry.model(light).card.kind == "light"
    assert invoke("models", "remove", light).exit_code == 0
    assert [model.id for model in registry.list()] == [taken]


def test_a_damaged_model_is_refused_before_it_is_chosen(invoke: Invoke, registry: ModelRegistry, light: str) -> None:
    (registry.model(light).folder / "intents.npz").write_bytes(b"cut off")
    refused = invoke("models", "use", light)
    assert refused.exit_code == 1
    assert "understand.model_not_found" in refused.output
    assert registry.marks("shop_zh") == Marks()


def test_limits_are_chosen_on_texts_that_no_model_has_seen(
    invoke: Invoke, workplace: Workplace, registry: ModelRegistry, tmp_path: Path
) -> None:
    taught = list(read_pack(workplace.pack).utterances())
    table = tuple(Sample(id=str(at), text=text, intent=intent) for at, (text, intent) in enumerate(taught))
    train_from_data(table, tmp_path / "model")
    beside = registry.take(tmp_path / "model", name="shop_zh")
    with (tmp_path / "labelled.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "intent"))
        chosen = [(text, intent) for text, intent in taught if intent in _TAUGHT]
        writer.writerows((f"{text}{end}", intent) for text, intent in chosen for end in ("哈喽", "拜托了", "在线等"))
    routed = invoke("models", "route", beside.id, "--on", tmp_path / "labelled.csv", "--lose", "0.01", "--json")
    assert routed.exit_code == 0, routed.output
    kept = Routing.load(beside.folder)
    assert json.loads(routed.output)["measured"] == kept.measured
    assert kept.lose == 0.01
    assert kept.light == registry.list()[0].id
    assert kept.measured["routed_accuracy"] >= kept.measured["full_accuracy"] - 0.01
    assert 0 <= kept.measured["full_share"] <= 1
