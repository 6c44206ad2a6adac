from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from xiaoer.learn.classifying import fit_classifier
from xiaoer.serve import ModelCard, UnreadableModelCardError
from xiaoer.understand import Classifier, LightClassifier, ModelNotFoundError, load_classifier

SAID = {
    "track": ("where is my parcel", "track my parcel please", "has the parcel left", "parcel still not here"),
    "pay": ("how can I pay", "may I pay by card", "pay later?", "which cards can I pay with"),
}


@pytest.fixture(scope="module")
def classifier() -> LightClassifier:
    return fit_classifier(
        [text for texts in SAID.values() for text in texts], [name for name, texts in SAID.items() for _ in texts]
    )


def carded(folder: Path, kind: str, pack: str = "") -> Path:
    made = datetime(2026, 11, 26, tzinfo=UTC)
    ModelCard(pack=pack, data_hash="0", kind=kind, seed=0, code_version="0", created=made, scores={}).write(folder)
    return folder


def test_a_folder_gives_the_classifier_that_was_saved_there(classifier: LightClassifier, tmp_path: Path) -> None:
    classifier.save(carded(tmp_path, "light"))
    loaded: Classifier = load_classifier(tmp_path)
    texts = ["Where is the parcel?", "pay", ""]
    assert loaded.names == ("pay", "track")
    assert loaded.threshold == classifier.threshold
    np.testing.assert_allclose(loaded.probabilities(texts), classifier.probabilities(texts), rtol=1e-5)


def test_texts_are_read_a_row_each(classifier: LightClassifier) -> None:
    probabilities = classifier.probabilities(["my parcel", "pay by card"])
    assert [classifier.names[at] for at in probabilities.argmax(axis=1)] == ["track", "pay"]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    assert classifier.probabilities([]).shape == (0, 2)


def test_a_kind_that_is_unknown_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="'heavy'"):
        load_classifier(carded(tmp_path, "heavy"))


def test_a_folder_without_a_card_or_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableModelCardError):
        load_classifier(tmp_path)
    with pytest.raises(ModelNotFoundError, match=r"mixing\.npz"):
        load_classifier(carded(tmp_path, "light"))


def test_a_model_of_a_pack_is_refused_by_the_name_of_the_pack(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="tea_house"):
        load_classifier(carded(tmp_path, "light", "tea_house"))
