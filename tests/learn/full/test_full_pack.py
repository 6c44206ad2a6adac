from pathlib import Path

from tests.learn.full.talk import tiny
from xiaoer.learn.full_pack import table_of_pack, train_full_of_pack
from xiaoer.pack import Pack
from xiaoer.understand import load_classifier, training_hash


def test_a_pack_is_learnt_with_its_marks_each_text_once(tiny_pack: Pack) -> None:
    table = table_of_pack(tiny_pack)

    assert len({sample.text for sample in table}) == len(table)
    assert {sample.intent for sample in table} == set(tiny_pack.intents)
    assert any(sample.spans for sample in table)


def test_a_full_model_of_a_pack_knows_its_intents_and_is_a_classifier(tiny_pack: Pack, tmp_path: Path) -> None:
    card = train_full_of_pack(tiny_pack, tmp_path, settings=tiny(training={"epochs": 1}))

    assert (card.pack, card.data_hash) == (tiny_pack.manifest.name, training_hash(tiny_pack))
    assert set(load_classifier(tmp_path).names) == set(tiny_pack.intents)
