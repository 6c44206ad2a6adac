from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import AutoModel

from xiaoer.learn.full.bilstm import BiLstm, BiLstmConfig


def an_encoder(**given: int) -> BiLstm:
    torch.manual_seed(0)
    sizes = {"vocab_size": 20, "hidden_size": 8, "character_size": 6, "pair_buckets": 32, "pair_size": 4, **given}
    encoder = BiLstm(BiLstmConfig(**sizes))
    encoder.train(mode=False)
    return encoder


def read(encoder: BiLstm, *texts: list[int], classes: Tensor | None = None) -> Tensor:
    longest = max(map(len, texts))
    ids = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
    hidden = encoder(ids, (ids > 0).long(), classes).last_hidden_state
    assert isinstance(hidden, Tensor)
    return hidden


@pytest.mark.parametrize("layers", [1, 2])
def test_padding_changes_nothing(layers: int) -> None:
    encoder = an_encoder(num_hidden_layers=layers)
    together = read(encoder, [3, 4, 5], [6, 7, 8, 9, 10])
    torch.testing.assert_close(together[:1, :3], read(encoder, [3, 4, 5]))


def test_a_character_is_read_with_what_follows_and_what_went_before() -> None:
    encoder = an_encoder(pair_buckets=0)
    one, other_end, other_begin = read(encoder, [3, 4, 5], [3, 4, 6], [7, 4, 5])
    assert not torch.allclose(one[0], other_end[0])
    assert not torch.allclose(one[2], other_begin[2])


def test_word_classes_are_read_where_the_encoder_has_them() -> None:
    encoder, text = an_encoder(type_vocab_size=5, type_size=3), [3, 4]
    some, others = torch.tensor([[1, 2]]), torch.tensor([[3, 4]])
    assert not torch.allclose(read(encoder, text, classes=some), read(encoder, text, classes=others))
    assert torch.equal(read(an_encoder(), text, classes=some), read(an_encoder(), text))


def test_it_is_saved_and_loaded_as_any_hugging_face_folder(tmp_path: Path) -> None:
    encoder = an_encoder(type_vocab_size=5)
    encoder.save_pretrained(tmp_path)
    loaded = AutoModel.from_pretrained(tmp_path)
    assert isinstance(loaded, BiLstm)
    torch.testing.assert_close(read(loaded, [3, 4, 5]), read(encoder, [3, 4, 5]))
