from pathlib import Path

import pytest

from xiaoer.learn.data import Sample, Span
from xiaoer.learn.full.dataset import Collator, Labels, Rows
from xiaoer.learn.full.encoders import Encoder, open_encoder
from xiaoer.learn.full.errors import EncoderError
from xiaoer.learn.full.judging import judge
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.settings import EncoderSettings, FullSettings, NgramSettings, TrainingSettings
from xiaoer.learn.full.training import Job, fit

COLORS = ("墨绿", "鹅黄", "藏青", "米白")
THINGS = ("围巾", "水壶", "台灯", "拖鞋")


def settings_of(*, word_classes: bool = True) -> FullSettings:
    return FullSettings(
        encoder=EncoderSettings(
            kind="bilstm", width=32, layers=1, pairs=64, vocabulary=200, word_classes=word_classes, dropout=0.1
        ),
        ngrams=NgramSettings(buckets=0),
        training=TrainingSettings(epochs=3, batch=4, heads_rate=0.03),
    )


def a_sample(at: int) -> Sample:
    color, thing = COLORS[at % 4], THINGS[at // 4]
    spans = (Span(1, 3, "color"), Span(4, 6, "thing"))
    return Sample(id=str(at), text=f"买{color}的{thing}{at}个", spans=spans)


def encoder_of(settings: FullSettings, *texts: str) -> Encoder:
    return open_encoder(settings.encoder, texts)


def test_characters_are_tokens_and_all_digits_one() -> None:
    tokenizer = encoder_of(settings_of(), "要3个9", "要个 12").tokenizer
    encoded = tokenizer.encode("要 4个")
    assert encoded.tokens == ["要", "[UNK]", "0", "个"]
    assert encoded.offsets == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_an_odd_width_cannot_be_shared_by_two_directions() -> None:
    with pytest.raises(EncoderError, match="33"):
        open_encoder(EncoderSettings(kind="bilstm", width=33), ["要个要个"])


def test_word_classes_are_told_only_where_they_are_wanted() -> None:
    assert encoder_of(settings_of(), "要个要个").has_word_classes
    assert not encoder_of(settings_of(word_classes=False), "要个要个").has_word_classes


def test_entities_are_learnt_by_the_small_encoder(tmp_path: Path) -> None:
    samples, settings = [a_sample(at) for at in range(16)], settings_of()
    encoder = encoder_of(settings, *(sample.text for sample in samples))
    labels = Labels.of(samples)
    seen, held_out = (
        Rows(part, labels, encoder.tokenizer, 0, has_word_classes=True) for part in (samples[:13] * 5, samples[13:])
    )
    network = JointNetwork(encoder.model, labels, settings)
    collator = Collator(labels, encoder.padding, has_grams=False)
    fit(network, Job(seen, held_out, collator, tmp_path, 0, is_new=True), settings.training, lambda *_: None)
    assert judge(network, held_out, collator)["entity_f1"] == 1.0
