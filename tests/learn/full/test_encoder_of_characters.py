from pathlib import Path

import pytest
from msgspec.structs import replace

from xiaoer.learn.data import Sample, Span
from xiaoer.learn.full import train_full
from xiaoer.learn.full.encoders import Encoder, open_encoder
from xiaoer.learn.full.errors import EncoderError
from xiaoer.learn.full.settings import EncoderSettings, FullSettings, NgramSettings, TrainingSettings
from xiaoer.understand import FullModel

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


def test_entities_are_learnt_and_served_by_the_small_encoder(tmp_path: Path) -> None:
    seen = [a_sample(at) for at in range(13)] * 5
    table = tuple(replace(sample, id=str(at), split="train") for at, sample in enumerate(seen))
    away = tuple(replace(a_sample(at), id=f"dev{at}", split="dev") for at in range(13, 16))
    card = train_full((*table, *away), tmp_path, settings=settings_of())
    assert card.scores["entity_f1"] == 1.0
    texts = [a_sample(15).text, "", "买 墨绿的围巾3个"]
    one, nothing, with_blank = FullModel.load(tmp_path).read(texts)
    assert [(span.kind, span.start, span.end) for span in one.spans] == [("color", 1, 3), ("thing", 4, 6)]
    assert nothing.spans == ()
    assert ("color", 2, 4) in {(span.kind, span.start, span.end) for span in with_blank.spans}
