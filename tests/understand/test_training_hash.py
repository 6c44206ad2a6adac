from dataclasses import replace

from xiaoer.pack import Intent, Pack, Phrases
from xiaoer.understand import training_hash


def test_what_training_does_not_read_does_not_change_the_hash(tiny_pack: Pack) -> None:
    other = replace(tiny_pack, version="9", phrases=Phrases(yes=("好",)), words={"a": "b"})
    assert training_hash(other) == training_hash(tiny_pack)


def test_another_utterance_changes_the_hash(tiny_pack: Pack) -> None:
    greet = Intent(name="greet", about="打招呼", utterances="嗨\n你好")
    other = replace(tiny_pack, intents={**tiny_pack.intents, "greet": greet})
    assert training_hash(other) != training_hash(tiny_pack)
