from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoModelForMaskedLM, AutoTokenizer

from xiaoer.learn.pretraining import (
    ContrastiveSettings,
    Corpus,
    EncoderCard,
    Line,
    MaskedSettings,
    NetworkSettings,
    OtherRunError,
    PretrainSettingError,
    PretrainSettings,
    TokeniserSettings,
    pretrain,
    read_pretrain_settings,
)
from xiaoer.learn.pretraining.figures import nearest_hits

THINGS = ("鞋子", "杯子", "包裹", "发票", "parcel", "shoes")
ASKED = ("我的{}到哪了", "想退{}", "{}坏了怎么办", "where is my {}")
CORPUS = Corpus(
    tuple(Line(asked.format(thing), str(at)) for at, asked in enumerate(ASKED) for thing in THINGS[1:]),
    tuple(Line(asked.format(THINGS[0]), str(at)) for at, asked in enumerate(ASKED) for _ in range(2)),
    {"own": len(ASKED) * (len(THINGS) - 1)},
)
TINY = PretrainSettings(
    checkpoint_every=2,
    half_precision=False,
    tokeniser=TokeniserSettings(entries=200, common_characters=False),
    network=NetworkSettings(width=16, layers=1, heads=2, inner=16, positions=16),
    masked=MaskedSettings(passes=3, tokens=64),
    contrastive=ContrastiveSettings(passes=2, pairs=8, mistyped=0.3),
)


def tell_nobody(_: str, __: float) -> None:
    pass


class StoppedError(Exception):
    """Stands for whatever ends a process."""


def stop_at(step: str) -> Callable[[str, float], None]:
    def tell(what: str, _: float) -> None:
        if what.startswith(step):
            raise StoppedError

    return tell


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    pretrain(CORPUS, TINY, folder, tell=tell_nobody)
    return folder


def test_hugging_face_loads_encoder_tokeniser_and_head(encoder: Path) -> None:
    network = AutoModelForMaskedLM.from_pretrained(encoder)
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    table = network.get_input_embeddings().weight
    assert network.get_output_embeddings().weight is table
    assert table.dtype == torch.float32
    assert table.shape[0] == len(tokenizer)
    states = AutoModel.from_pretrained(encoder)(**tokenizer(["想退鞋子", "where"], padding=True, return_tensors="pt"))
    assert states.last_hidden_state.shape == (2, 6, 16)


def test_weights_are_kept_in_half_precision(encoder: Path) -> None:
    parameters = msgspec.json.decode((encoder / "card.json").read_bytes(), type=EncoderCard).parameters
    assert (encoder / "model.safetensors").stat().st_size < 2 * parameters + 5000


def test_the_card_names_the_data_the_settings_and_the_scores(encoder: Path) -> None:
    card = msgspec.json.decode((encoder / "card.json").read_bytes(), type=EncoderCard)
    assert card.data_hash == CORPUS.data_hash
    assert card.settings == TINY
    assert set(card.scores) == {"masked_accuracy", "nearest_says_the_same"}
    assert CORPUS.data_hash in (encoder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("step", ["masked: step 4", "contrastive: step 4"])
def test_what_was_broken_off_ends_with_the_same_weights(step: str, encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        pretrain(CORPUS, TINY, tmp_path, tell=stop_at(step))
    assert not (tmp_path / "model.safetensors").exists()
    pretrain(CORPUS, TINY, tmp_path, tell=tell_nobody)
    assert (tmp_path / "model.safetensors").read_bytes() == (encoder / "model.safetensors").read_bytes()


def test_another_seed_gives_other_weights(encoder: Path, tmp_path: Path) -> None:
    pretrain(CORPUS, msgspec.structs.replace(TINY, seed=1), tmp_path, tell=tell_nobody)
    assert (tmp_path / "model.safetensors").read_bytes() != (encoder / "model.safetensors").read_bytes()


def test_a_run_is_not_taken_up_with_other_data_or_settings(encoder: Path) -> None:
    other = Corpus(CORPUS.lines[1:], CORPUS.held_out, CORPUS.sources)
    with pytest.raises(OtherRunError, match="other data"):
        pretrain(other, TINY, encoder, tell=tell_nobody)
    with pytest.raises(OtherRunError, match="other settings"):
        pretrain(CORPUS, msgspec.structs.replace(TINY, seed=5), encoder, tell=tell_nobody)


def test_training_makes_guesses_better(tmp_path: Path) -> None:
    crossed = [
        (at + of, Line(asked.format(thing))) for at, asked in enumerate(ASKED) for of, thing in enumerate(THINGS)
    ]
    seen, unseen = (tuple(line for sum_, line in crossed if (sum_ % 5 == 0) == is_held) for is_held in (False, True))
    corpus = Corpus(seen, unseen, {"own": len(seen)})
    none = msgspec.structs.replace(
        TINY,
        checkpoint_every=500,
        network=NetworkSettings(width=32, layers=1, heads=2, inner=32, positions=16, dropout=0),
        masked=MaskedSettings(passes=0),
        contrastive=ContrastiveSettings(passes=0),
    )
    much = msgspec.structs.replace(none, masked=MaskedSettings(passes=150, tokens=128, rate=3e-3))
    before, after = (
        pretrain(corpus, settings, tmp_path / name, tell=tell_nobody).scores["masked_accuracy"]
        for name, settings in (("none", none), ("much", much))
    )
    assert after > before + 0.2


def test_the_nearest_other_text_counts_only_where_there_is_one_of_the_group() -> None:
    vectors = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.6, 0.4]], dtype=np.float32)
    assert nearest_hits(vectors, ["a", "a", "", "b"]) == 1
    assert nearest_hits(vectors, ["a", "b", "", "a"]) == 0.5
    assert nearest_hits(vectors, ["a", "b", "", ""]) is None


def test_settings_are_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("[masked]\npasses = 2\n", encoding="utf-8")
    assert read_pretrain_settings(path).masked.passes == 2
    for wrong in ("[masked]\npass = 2\n", "[masked]\nhidden = 2\n", "[network"):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(PretrainSettingError, match=str(path)):
            read_pretrain_settings(path)
    with pytest.raises(PretrainSettingError, match="none"):
        read_pretrain_settings(tmp_path / "none.toml")
