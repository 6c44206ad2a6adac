"""Little encoders that a test makes, as folders of Hugging Face."""

from pathlib import Path

from tokenizers import Tokenizer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from tests.learn.full.talk import talk
from xiaoer.learn.full.encoders import open_encoder, train_tokenizer
from xiaoer.learn.full.settings import EncoderSettings

_SPECIAL = {"pad_token": "[PAD]", "unk_token": "[UNK]"}


def write_encoder(folder: Path) -> Path:
    """Write an encoder of one layer, 16 wide, that has learnt nothing."""
    tokenizer = train_tokenizer((sample.text for sample in talk(60)), 200)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder)
    _save(tokenizer, folder, cls_token="[CLS]", sep_token="[SEP]")
    return folder


def write_bilstm(folder: Path) -> Path:
    """Write a recurrent encoder of two layers that has learnt nothing."""
    sizes = EncoderSettings(kind="bilstm", width=16, layers=2, pairs=64, vocabulary=200)
    encoder = open_encoder(sizes, [sample.text for sample in talk(60)])
    encoder.model.save_pretrained(folder)
    _save(encoder.tokenizer, folder)
    return folder


def _save(tokenizer: Tokenizer, folder: Path, **special: str) -> None:
    whole = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **_SPECIAL, **special)  # type: ignore[no-untyped-call]  # its own
    whole.save_pretrained(folder)
