import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from xiaoer.learn.pretraining import ContrastiveSettings, MaskedSettings, TokeniserSettings
from xiaoer.learn.pretraining.batches import NO_LABEL, Marks, MaskedBatches, PairBatches, hidden_batch
from xiaoer.learn.pretraining.encoding import EncodedTexts, encode_texts, in_pieces
from xiaoer.learn.pretraining.tokeniser import SPECIAL, train_tokeniser

TEXTS = ["我的快递到哪了", "退货", "where is my parcel", "昨天买的鞋子不合适想退货", "parcels", "快递"] * 4


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokeniser(TEXTS, TokeniserSettings(entries=300, common_characters=False))


@pytest.fixture(scope="module")
def marks(tokenizer: Tokenizer) -> Marks:
    return Marks(tokenizer.get_vocab(), SPECIAL, tokenizer.get_vocab_size())


@pytest.fixture(scope="module")
def texts(tokenizer: Tokenizer) -> EncodedTexts:
    return encode_texts(tokenizer, TEXTS, longest=30)


def test_characters_of_a_chinese_word_and_pieces_of_an_english_one_have_its_number(tokenizer: Tokenizer) -> None:
    encoded = encode_texts(tokenizer, ["我的快递", "my parcelis"], longest=30)
    assert encoded.words[:4].tolist() == [0, 1, 2, 2]
    english = encoded.words[encoded.starts[1] :].tolist()
    assert english[0] != english[1]
    assert len(set(english[1:])) == 1
    assert len(english) > 2


def test_long_texts_are_cut_into_pieces_that_lose_nothing(tokenizer: Tokenizer) -> None:
    pieces = list(in_pieces(tokenizer, ["我的快递到哪了", "退货"], longest=3))
    assert pieces == ["我的快", "递到哪", "了", "退货"]


def test_each_pass_has_every_text_once_in_batches_within_the_limit(texts: EncodedTexts, marks: Marks) -> None:
    batches = MaskedBatches(texts, marks, MaskedSettings(passes=2, tokens=48), seed=0)
    whole = [batches[number] for number in range(len(batches))]
    assert sum(len(batch["input_ids"]) for batch in whole) == 2 * len(texts)
    assert max(batch["input_ids"].numel() for batch in whole) <= 48


def test_a_batch_is_a_function_of_its_number_and_the_seed(texts: EncodedTexts, marks: Marks) -> None:
    settings = MaskedSettings(passes=1, tokens=64)
    one, same, other = (MaskedBatches(texts, marks, settings, seed) for seed in (0, 0, 1))
    _ = one[1]
    assert all(torch.equal(one[0][name], same[0][name]) for name in one[0])
    assert any(len(a) != len(b) or a.shape != b.shape or not torch.equal(a, b) for a, b in _both(one, other))


def _both(one: MaskedBatches, other: MaskedBatches) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(one[at]["input_ids"], other[at]["input_ids"]) for at in range(min(len(one), len(other)))]


def test_words_are_hidden_whole_and_in_every_text(texts: EncodedTexts, marks: Marks) -> None:
    chosen = np.arange(len(texts))
    batch = hidden_batch(texts, chosen, marks, 0.2, np.random.default_rng(0))
    _, words = texts.rows(chosen)
    is_hidden = batch["labels"][:, 1:-1].numpy() != NO_LABEL
    assert is_hidden.any(axis=1).all()
    for row, of_words in zip(is_hidden, words, strict=True):
        for word in set(of_words[of_words >= 0].tolist()):
            assert len(set(row[of_words == word].tolist())) == 1
    assert not is_hidden[words < 0].any()


def test_what_is_hidden_is_what_stood_there(texts: EncodedTexts, marks: Marks) -> None:
    chosen = np.arange(len(texts))
    batch = hidden_batch(texts, chosen, marks, 0.5, np.random.default_rng(0))
    tokens, _ = texts.rows(chosen)
    labels, shown = batch["labels"][:, 1:-1].numpy(), batch["input_ids"][:, 1:-1].numpy()
    is_hidden = labels != NO_LABEL
    assert (labels[is_hidden] == tokens[is_hidden]).all()
    is_plain = ~is_hidden & (tokens >= 0)
    assert (shown[is_plain] == tokens[is_plain]).all()
    assert 0.6 < (shown[is_hidden] == marks.hidden).mean() < 1


def test_partners_are_of_the_same_group_or_the_copy(texts: EncodedTexts, marks: Marks) -> None:
    groups = np.arange(len(texts))
    groups[:3] = 0
    copies = np.arange(len(texts))
    copies[5] = 4
    settings = ContrastiveSettings(passes=1, pairs=4, alone=1, hidden=0)
    batches = PairBatches(texts, groups, copies, marks, settings, seed=0)
    own = {tuple(texts.tokens[texts.starts[at] : texts.starts[at + 1]].tolist()) for at in (0, 1, 2)}
    for number in range(len(batches)):
        batch = batches[number]
        second = torch.where(batch["second_labels"] >= 0, batch["second_labels"], batch["second_input_ids"])
        for group, ids, mask in zip(batch["groups"].tolist(), second, batch["second_attention_mask"], strict=True):
            said = tuple(ids[mask.bool()][1:-1].tolist())
            if group == 0:
                assert said in own
            else:
                at = 4 if group == 5 else group
                assert said == tuple(texts.tokens[texts.starts[at] : texts.starts[at + 1]].tolist())


def test_of_texts_that_stand_alone_only_a_share_takes_part(texts: EncodedTexts, marks: Marks) -> None:
    groups = np.arange(len(texts))
    groups[:8] = 0
    settings = ContrastiveSettings(passes=1, pairs=2, alone=0)
    batches = PairBatches(texts, groups, np.arange(len(texts)), marks, settings, seed=0)
    taken = [group for number in range(len(batches)) for group in batches[number]["groups"].tolist()]
    assert taken == [0] * 8
