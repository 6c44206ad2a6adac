import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from tests.learn.fewshot.making import UNSEEN, a_table, pairs, some_examples
from xiaoer.cli import main
from xiaoer.learn.data import DataSettingError
from xiaoer.learn.fewshot import FewShotSetting, Method, Prompt, train_few_shot
from xiaoer.learn.fewshot.training import learn
from xiaoer.serve import ModelCard
from xiaoer.understand import ModelNotFoundError, load_classifier


@pytest.fixture(scope="module")
def of_one_each(masked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of prototypes that the command made of one example of each intent."""
    folder = tmp_path_factory.mktemp("prototypes")
    rows = "".join(f"{sample.text},{sample.intent}\n" for sample in (a_table()[0], a_table()[-1]))
    (folder / "two.csv").write_text(f"text,intent\n{rows}", encoding="utf-8")
    words = ["--encoder", str(masked_folder), "--method", "prototypes", "--out", str(folder / "model"), "--json"]
    result = CliRunner().invoke(main, ["fewshot", "--data", str(folder / "two.csv"), *words])
    assert result.exit_code == 0, result.output
    assert msgspec.json.decode(result.stdout, type=ModelCard) == ModelCard.read(folder / "model")
    return folder / "model"


@pytest.mark.parametrize("method", ["prompts", "contrastive"])
def test_what_was_learnt_is_served_without_torch(masked_folder: Path, tmp_path: Path, method: Method) -> None:
    setting = FewShotSetting(method, masked_folder, Prompt("{text} [MASK]"))
    card = train_few_shot(a_table(), tmp_path, setting)
    assert card == ModelCard.read(tmp_path)
    assert (card.kind, card.scores["examples"]) == ("few_shot", 8)
    assert 0 <= card.scores["held_out_accuracy"] <= 1
    classifier = load_classifier(tmp_path)
    texts, _ = pairs(UNSEEN)
    served = classifier.probabilities([*texts, ""])
    assert classifier.names == ("payment", "tracking")
    np.testing.assert_allclose(served.sum(axis=1), 1, rtol=1e-5)
    learnt = learn(some_examples(), setting).scores([*texts, ""])
    apart = np.abs(learnt[:, 0] - learnt[:, 1]) > 0.3  # eight bits may turn what is a tie
    np.testing.assert_array_equal(served.argmax(1)[apart], learnt.argmax(1)[apart])


def test_of_one_example_an_intent_nothing_is_held_out(of_one_each: Path) -> None:
    card = ModelCard.read(of_one_each)
    assert "held_out_accuracy" not in card.scores
    assert "--method prototypes" in card.command
    classifier = load_classifier(of_one_each)
    assert classifier.threshold == 0
    assert classifier.probabilities([a_table()[0].text, a_table()[-1].text]).argmax(1).tolist() == [0, 1]


@pytest.mark.parametrize("name", ["head.npz", "few_shot.json", "tokenizer.json", "encoder.onnx"])
def test_a_folder_that_lacks_a_file_is_said_to(of_one_each: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(of_one_each, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(ModelNotFoundError, match=name):
        load_classifier(tmp_path / "model")


def test_a_folder_that_holds_other_things_is_left_alone(masked_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataSettingError, match="no model"):
        train_few_shot(a_table(), tmp_path, FewShotSetting("prototypes", masked_folder))
