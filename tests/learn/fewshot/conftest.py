from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForMaskedLM, BertModel

from tests.learn.fewshot.making import SAID, UNSEEN

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def a_tokenizer() -> Tokenizer:
    words = sorted({word for texts in (*SAID.values(), *UNSEEN.values()) for text in texts for word in text.split()})
    vocabulary = [*_SPECIAL, ":", "payment", "tracking", *words]
    tokenizer = Tokenizer(models.WordPiece({word: at for at, word in enumerate(dict.fromkeys(vocabulary))}))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(list(_SPECIAL))
    return tokenizer


def a_config(words: int) -> BertConfig:
    return BertConfig(
        vocab_size=words,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )


@pytest.fixture(scope="session")
def masked_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder with a masked-language head, which has learnt nothing."""
    folder, tokenizer = tmp_path_factory.mktemp("masked"), a_tokenizer()
    torch.manual_seed(0)
    BertForMaskedLM(a_config(tokenizer.get_vocab_size())).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def headless_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder with no head."""
    folder, tokenizer = tmp_path_factory.mktemp("headless"), a_tokenizer()
    torch.manual_seed(0)
    BertModel(a_config(tokenizer.get_vocab_size())).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
