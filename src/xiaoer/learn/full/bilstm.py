"""The small encoder for tags: characters, pairs of them and word classes, read by a bidirectional LSTM.

After Huang, Xu and Yu (2015), and for Chinese Zhang and Yang (2018). It is a Hugging Face model as any other: it is
saved as a folder and loaded by name. Its tokens are single characters; `token_type_ids` are their word classes.
"""

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

_HASHES = (7_919, 104_729)


class BiLstmConfig(PreTrainedConfig):  # type: ignore[no-untyped-call]  # the library's hook for subclasses
    """The sizes of the encoder; `hidden_size` is that of both directions together.

    Pairs of characters are hashed into `pair_buckets` rows; 0 leaves them out, as `type_vocab_size` 0 word classes.
    """

    model_type = "xiaoer_bilstm"

    def __init__(  # noqa: PLR0913, PLR0917  # the library gives the fields of its file one by one
        self,
        vocab_size: int = 5000,
        hidden_size: int = 512,
        num_hidden_layers: int = 1,
        character_size: int = 100,
        pair_buckets: int = 1 << 17,
        pair_size: int = 64,
        type_vocab_size: int = 0,
        type_size: int = 24,
        dropout: float = 0.5,
        pad_token_id: int = 0,
        **further: object,
    ) -> None:
        self.vocab_size, self.hidden_size, self.num_hidden_layers = vocab_size, hidden_size, num_hidden_layers
        self.character_size, self.pair_buckets, self.pair_size = character_size, pair_buckets, pair_size
        self.type_vocab_size, self.type_size = type_vocab_size, type_size
        self.dropout = dropout
        self.pad_token_id = pad_token_id
        super().__init__(**further)  # type: ignore[arg-type]  # the fields that all its configurations have


class BiLstm(PreTrainedModel):  # type: ignore[no-untyped-call]  # as above
    """Gives a vector of each character; what stands in padding changes nothing."""

    config_class = BiLstmConfig
    base_model_prefix = "bilstm"

    def __init__(self, config: BiLstmConfig) -> None:
        super().__init__(config)
        self.characters = nn.Embedding(config.vocab_size, config.character_size)
        self.pairs = nn.Embedding(config.pair_buckets, config.pair_size) if config.pair_buckets else None
        self.types = nn.Embedding(config.type_vocab_size, config.type_size) if config.type_vocab_size else None
        self.dropout = nn.Dropout(config.dropout)
        width = config.character_size
        width += (config.pair_size if self.pairs else 0) + (config.type_size if self.types else 0)
        half = config.hidden_size // 2
        widths = [width, *[config.hidden_size] * (config.num_hidden_layers - 1)]
        self.onward = nn.ModuleList(nn.LSTM(width, half, batch_first=True) for width in widths)
        self.backward_ = nn.ModuleList(nn.LSTM(width, half, batch_first=True) for width in widths)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None = None,
        token_type_ids: Tensor | None = None,
        **_: object,
    ) -> BaseModelOutput:
        """Read characters (texts × characters); padding stands at the end."""
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        hidden = self.dropout(self._embedded(input_ids, token_type_ids))
        order = _reversed_order(mask)
        for onward, backward in zip(self.onward, self.backward_, strict=True):
            hidden = torch.cat([onward(hidden)[0], _in_order(backward(_in_order(hidden, order))[0], order)], 2)
            hidden = self.dropout(hidden)
        return BaseModelOutput(last_hidden_state=hidden)

    def _embedded(self, input_ids: Tensor, token_type_ids: Tensor | None) -> Tensor:
        parts = [self.characters(input_ids)]
        if self.pairs is not None:
            following = torch.cat([input_ids[:, 1:], torch.zeros_like(input_ids[:, :1])], 1)
            parts.append(self.pairs((input_ids * _HASHES[0] + following * _HASHES[1]) % self.config.pair_buckets))
        if self.types is not None:
            parts.append(self.types(torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids))
        return torch.cat(parts, 2)


def has_word_classes(encoder: PreTrainedModel) -> bool:
    """Say if an encoder is told the word class of each token."""
    return isinstance(encoder, BiLstm) and encoder.types is not None


def _reversed_order(mask: Tensor) -> Tensor:
    """Give the places that turn each text around and leave its padding; done twice, nothing is changed."""
    places = torch.arange(mask.shape[1], device=mask.device)[None].expand_as(mask)
    mirrored = mask.sum(1, keepdim=True) - 1 - places
    return torch.where(mirrored >= 0, mirrored, places)


def _in_order(values: Tensor, order: Tensor) -> Tensor:
    return values.gather(1, order[:, :, None].expand(-1, -1, values.shape[2]))


AutoConfig.register(BiLstmConfig.model_type, BiLstmConfig)
AutoModel.register(BiLstmConfig, BiLstm)
