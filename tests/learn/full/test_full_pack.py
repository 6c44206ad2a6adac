from pathlib import Path

import numpy as np
import pytest

from tests.learn.full.talk import tiny
from xiaoer.clock import SystemClock
from xiaoer.learn import Origin, fitting_light
from xiaoer.learn.data.formats.packs import read_utterances
from xiaoer.learn.full_pack import table_of_pack, train_full_of_pack
from xiaoer.pack import Pack
from xiaoer.serve import ModelCard
from xiaoer.understand import (
    INTENTS_FILE,
    Analyser,
    FullModel,
    IntentModel,
    TierPair,
    Understander,
    joined_probabilities,
    load_classifier,
    read_in_full,
    training_hash,
)


@pytest.fixture(scope="module")
def full(tiny_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    origin = Origin("packs/tiny", "CC0", "xiaoer train packs/tiny --tier full")
    train_full_of_pack(tiny_pack, folder, settings=tiny(training={"epochs": 2}), origin=origin)
    return folder


def test_a_pack_is_learnt_with_its_marks_each_text_once(tiny_pack: Pack) -> None:
    table = table_of_pack(tiny_pack)

    assert len({sample.text for sample in table}) == len(table)
    assert {sample.intent for sample in table} == set(tiny_pack.intents)
    assert any(sample.spans for sample in table)


def test_a_full_model_of_a_pack_knows_its_intents_and_says_what_it_was_made_of(tiny_pack: Pack, full: Path) -> None:
    model = load_classifier(full)

    assert isinstance(model, FullModel)
    assert set(model.names) == set(tiny_pack.intents)
    card = ModelCard.read(full)
    assert (card.pack, card.data_hash) == (tiny_pack.manifest.name, training_hash(tiny_pack))
    assert card.data == f"packs/tiny, version {tiny_pack.version}"
    assert (card.licence, card.command) == ("CC0", "xiaoer train packs/tiny --tier full")


def test_no_light_model_lies_beside_it_as_it_is_joined_with_the_pack_s(
    tiny_understander: Understander, full: Path
) -> None:
    model, text, now = FullModel.load(full), "我要退货", SystemClock().now()
    joining = model.spec.joining
    assert joining is not None
    assert not (full / INTENTS_FILE).exists()

    rows = model.probabilities([text])
    said = np.log(rows[:, [model.names.index(intent) for intent in tiny_understander.intents]])
    chances = joined_probabilities(said, tiny_understander.own(text), joining)[0]
    reading = TierPair(tiny_understander, model).reading(text, rows, now=now)
    assert reading.intent.name == tiny_understander.intents[int(chances.argmax())]
    assert reading.intent.confidence == pytest.approx(float(chances.max()), abs=1e-4)
    assert read_in_full(tiny_understander, model, text, now=now) == reading


def test_what_a_pack_s_light_tier_says_of_a_text_its_classifier_says_too(
    tiny_pack: Pack, tiny_model: IntentModel, tiny_analyser: Analyser
) -> None:
    classifier = fitting_light(tiny_pack)(read_utterances(tiny_pack).samples)

    own = tiny_model.probabilities(tiny_analyser.features(tiny_analyser.analyse("我要退货")))
    assert classifier.names == tiny_model.names
    assert classifier.probabilities(["我要退货"])[0] == pytest.approx(own, abs=1e-6)
    assert classifier.meant("我要退貨　") == "我要退货"
