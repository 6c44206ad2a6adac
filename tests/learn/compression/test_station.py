from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from xiaoer.cli import main
from xiaoer.learn.compression import CompressionError, CompressionSetting
from xiaoer.learn.compression.station import Trained, open_trained, write_smaller
from xiaoer.learn.data import Table, read_version
from xiaoer.serve import ModelCard
from xiaoer.understand import NETWORK_FILE, load_classifier

DATA = "data"


@pytest.fixture(scope="module")
def table(talking_model: Path) -> Table:
    return read_version(talking_model / DATA).table


@pytest.fixture(scope="module")
def trained(talking_model: Path, table: Table) -> Trained:
    return open_trained(talking_model, table)


@pytest.fixture(scope="module")
def small(talking_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pruned pupil that the command made."""
    made = tmp_path_factory.mktemp("small") / "model"
    how = ["--prune", "0.5", "--distil", "0.5", "--epochs", "6", "--rate", "0.003", "--json"]
    where = ["compress", str(talking_model), "--data", str(talking_model / DATA), "--out", str(made)]
    result = CliRunner().invoke(main, [*where, *how])
    assert result.exit_code == 0, result.output
    assert msgspec.json.decode(result.stdout, type=ModelCard) == ModelCard.read(made)
    return made


def test_what_was_trained_is_read_again_as_it_was_and_is_larger_in_32_bits(
    talking_model: Path, trained: Trained, table: Table, tmp_path: Path
) -> None:
    write_smaller(trained, tmp_path, CompressionSetting(is_int8=False), progress=lambda *_: None)
    texts = [sample.text for sample in table]
    before, after = (load_classifier(one).probabilities(texts) for one in (talking_model, tmp_path))
    np.testing.assert_allclose(before, after, atol=0.02)
    assert (tmp_path / NETWORK_FILE).stat().st_size > 1.2 * (talking_model / NETWORK_FILE).stat().st_size


def test_a_pruned_pupil_in_whole_bytes_is_served(small: Path, table: Table) -> None:
    card = ModelCard.read(small)
    assert card.kind == "full"
    assert card.scores["parameters"] <= 0.5 * card.scores["parameters_before"]
    classifier = load_classifier(small)
    probabilities = classifier.probabilities([sample.text for sample in table])
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-4)
    guessed = [classifier.names[at] for at in probabilities.argmax(1)]
    assert np.mean([guess == sample.intent for guess, sample in zip(guessed, table, strict=True)]) > 0.9


def test_a_model_is_made_smaller_with_its_own_data_alone(talking_model: Path, table: Table) -> None:
    with pytest.raises(CompressionError, match="other data"):
        open_trained(talking_model, table[:-1])


def test_a_smaller_model_is_not_made_smaller_again(small: Path, table: Table) -> None:
    with pytest.raises(CompressionError, match="no training"):
        open_trained(small, table)
