import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.learn.full.talk import talk, tiny
from xiaoer.learn.data import DataSettingError, Sample
from xiaoer.learn.full import train_full
from xiaoer.serve import ModelCard
from xiaoer.understand import NETWORK_FILE, FullModel, load_classifier


def test_a_model_of_all_labels_reads_what_it_has_not_seen_with_every_head(talking_model: Path) -> None:
    unseen = talk(40, seed=1)
    model = FullModel.load(talking_model)
    readings = model.read([sample.text.upper() for sample in unseen])

    intents = [model.names[int(reading.probabilities.argmax())] for reading in readings]
    assert np.mean([intent == sample.intent for intent, sample in zip(intents, unseen, strict=True)]) > 0.9
    marked = [{(span.kind, span.start, span.end) for span in reading.spans} for reading in readings]
    true = [{(span.entity, span.start, span.end) for span in sample.spans} for sample in unseen]
    assert np.mean([found == there for found, there in zip(marked, true, strict=True)]) > 0.8
    assert np.mean([reading.act == sample.act for reading, sample in zip(readings, unseen, strict=True)]) > 0.9
    moods = [(reading.sentiment, sample.sentiment) for reading, sample in zip(readings, unseen, strict=True)]
    assert np.corrcoef(np.array(moods, dtype=float).T)[0, 1] > 0.5


def test_a_full_model_is_a_classifier_by_its_card(talking_model: Path) -> None:
    texts = ["where is the lamp", "refund the tent, please!", ""]
    probabilities = load_classifier(talking_model).probabilities(texts)

    assert probabilities.shape == (3, 3)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert load_classifier(talking_model).probabilities([]).shape == (0, 3)


def test_a_text_is_read_alone_as_among_others_but_for_rounding(talking_model: Path) -> None:
    model = load_classifier(talking_model)
    texts = [sample.text for sample in talk(20, seed=2)]
    alone = np.concatenate([model.probabilities([text]) for text in texts])

    assert np.allclose(model.probabilities(texts), alone, atol=0.1)
    assert (model.probabilities(texts).argmax(axis=1) == alone.argmax(axis=1)).all()


def test_the_card_and_the_run_tell_how_the_model_came_about(talking_model: Path) -> None:
    card = ModelCard.read(talking_model)
    begun = json.loads((talking_model / "run" / "run.json").read_text())

    assert (card.kind, card.scores["intents"]) == ("full", 3)
    assert card.scores["held_out_accuracy"] >= card.scores["held_out_accuracy_light"]
    assert begun["data_hash"] == card.data_hash
    assert begun["settings"]["training"]["epochs"] == 12
    assert list((talking_model / "run").glob("runs/*/events*"))
    assert not list((talking_model / "run").glob("checkpoint-*"))


def test_a_network_carries_nothing_of_the_code_that_made_it(talking_model: Path) -> None:
    network = onnx.load(talking_model / NETWORK_FILE)
    assert len(network.graph.node) > 100
    assert not any(part.metadata_props for part in (network.graph, *network.graph.node, *network.graph.initializer))


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataSettingError, match="too little"):
        train_full((Sample(id="1", text="hello", intent="greet"),), tmp_path, settings=tiny())
