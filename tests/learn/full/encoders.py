"""A little encoder that a test makes, as a folder of Hugging Face."""

from pathlib import Path

from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from tests.learn.full.talk import talk
from xiaoer.learn.full.encoders import train_tokenizer


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
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    whole = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)  # type: ignore[no-untyped-call]  # its own
    whole.save_pretrained(folder)
    return folder
