from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from xiaoer.learn.pretraining import TokeniserSettings
from xiaoer.learn.pretraining.tokeniser import train_tokeniser, write_tokeniser
from xiaoer.text import normalise

TEXTS = ["我的快递到哪了", "where is my parcel", "where are my parcels", "parcels 2026", "退货退款"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_tokeniser(TEXTS * 3, TokeniserSettings(entries=300, common_characters=False))


def test_chinese_is_cut_by_the_character_and_english_by_pieces(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("退货parcels", add_special_tokens=False).tokens == ["退", "货", "parcels"]
    assert tokenizer.encode("parcelis", add_special_tokens=False).tokens[0].startswith("p")
    assert len(tokenizer.encode("parcelis", add_special_tokens=False).tokens) > 1


def test_each_digit_is_a_token(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("20266202", add_special_tokens=False).tokens == list("20266202")


def test_common_characters_are_tokens_though_no_text_has_them() -> None:
    tokenizer = train_tokeniser(TEXTS, TokeniserSettings(entries=4500))
    assert tokenizer.encode("鹏", add_special_tokens=False).tokens == ["鹏"]


def test_the_same_texts_give_the_same_numbers() -> None:
    settings = TokeniserSettings(entries=300, common_characters=False)
    first, second = (train_tokeniser(TEXTS, settings).get_vocab() for _ in range(2))
    assert first == second
    assert [first[name] for name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")] == [0, 1, 2, 3, 4]


@settings(deadline=None)  # the first call reads tables
@given(st.text(max_size=40))
def test_tokens_lie_where_their_offsets_say(text: str) -> None:
    tokenizer = _shared()
    normal = normalise(text).text
    encoding = tokenizer.encode(normal, add_special_tokens=False)
    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        assert 0 <= start < end <= len(normal)
        if token != "[UNK]":
            assert normal[start:end] == token.removeprefix("##")


@settings(deadline=None)  # the first call reads tables
@given(st.lists(st.sampled_from("我的快递到哪了退货w0123 ?"), max_size=30).map("".join))
def test_what_it_knows_it_gives_back(text: str) -> None:
    tokenizer = _shared()
    normal = normalise(text).text
    read_back = tokenizer.decode(tokenizer.encode(normal).ids)
    assert read_back.replace(" ", "") == normal.replace(" ", "")


def test_hugging_face_reads_the_folder(tokenizer: Tokenizer, tmp_path: Path) -> None:
    write_tokeniser(tokenizer, tmp_path, longest=16)
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    read = AutoTokenizer.from_pretrained(tmp_path)
    assert read("退货[MASK]")["input_ids"] == tokenizer.encode("退货[MASK]").ids
    assert (read.mask_token, read.pad_token_id, read.model_max_length) == ("[MASK]", 0, 16)


_SHARED: list[Tokenizer] = []


def _shared() -> Tokenizer:
    if not _SHARED:
        _SHARED.append(train_tokeniser(TEXTS * 3, TokeniserSettings(entries=300, common_characters=False)))
    return _SHARED[0]
