"""Where the encoder comes from: a Hugging Face folder or name, or it is made from scratch for the data."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedModel

from xiaoer.learn.full.bilstm import BiLstm, BiLstmConfig, has_word_classes
from xiaoer.learn.full.errors import EncoderError
from xiaoer.learn.full.settings import EncoderSettings
from xiaoer.learn.pretraining import SHIPPED_ENCODER
from xiaoer.text import normalise
from xiaoer.understand import WORD_CLASSES

_UNKNOWN = "[UNK]"
_SPECIAL = ("[PAD]", _UNKNOWN, "[CLS]", "[SEP]", "[MASK]")
_LEAST_OFTEN = 2
_DIGIT = re.compile("[0-9]")


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder with its tokeniser, that cuts texts to the longest that is read, and the id of padding.

    `is_new`: nothing was learnt yet.
    """

    model: PreTrainedModel
    tokenizer: Tokenizer
    padding: int
    is_new: bool

    @property
    def has_word_classes(self) -> bool:
        """It is told the word class of each token."""
        return has_word_classes(self.model)


def open_encoder(settings: EncoderSettings, texts: Sequence[str]) -> Encoder:
    """Load the encoder that the settings name or that comes with Xiaoer, or make one and a tokeniser of the texts.

    Raises:
        EncoderError: what was named cannot be loaded as an encoder.
    """
    source = settings.source or (str(SHIPPED_ENCODER) if settings.kind == "shipped" else None)
    encoder = _made(settings, texts) if source is None else _loaded(source)
    encoder.tokenizer.no_padding()
    limit: int = getattr(encoder.model.config, "max_position_embeddings", settings.longest)
    encoder.tokenizer.enable_truncation(min(settings.longest, limit))
    return encoder


def _loaded(source: str) -> Encoder:
    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
        model = AutoModel.from_pretrained(source)
    except (OSError, ValueError, KeyError) as error:
        raise EncoderError(
            f"{source} is no encoder that can be loaded ({error}). Give a folder with config.json, model.safetensors"
            " and tokenizer.json, or a name at Hugging Face."
        ) from error
    if not hasattr(tokenizer, "backend_tokenizer"):
        raise EncoderError(f"The tokeniser of {source} has no tokenizer.json: it cannot be served.")
    if hasattr(model, "pooler"):
        model.pooler = None  # the network pools by itself; a layer without a loss would only be carried along
    own = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    return Encoder(model, own, tokenizer.pad_token_id or 0, is_new=False)


def _made(settings: EncoderSettings, texts: Sequence[str]) -> Encoder:
    if settings.kind == "bilstm":
        return _made_of_characters(settings, texts)
    if settings.width % settings.attention_heads:
        raise EncoderError(f"A width of {settings.width} cannot be shared by {settings.attention_heads} heads.")
    tokenizer = train_tokenizer((normalise(text).text for text in texts), settings.vocabulary)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=settings.width,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.attention_heads,
        intermediate_size=4 * settings.width,
        max_position_embeddings=settings.longest,
        type_vocab_size=1,
    )
    return Encoder(BertModel(config, add_pooling_layer=False), tokenizer, 0, is_new=True)


def _made_of_characters(settings: EncoderSettings, texts: Sequence[str]) -> Encoder:
    if settings.width % 2:
        raise EncoderError(f"A width of {settings.width} cannot be shared by two directions.")
    tokenizer = character_tokenizer((normalise(text).text for text in texts), settings.vocabulary)
    config = BiLstmConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=settings.width,
        num_hidden_layers=settings.layers,
        pair_buckets=settings.pairs,
        type_vocab_size=WORD_CLASSES if settings.word_classes else 0,
        dropout=settings.dropout,
    )
    return Encoder(BiLstm(config), tokenizer, 0, is_new=True)


def character_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Make a tokeniser that cuts into characters, the most frequent ones known; all digits are one."""
    counts = Counter(_DIGIT.sub("0", "".join(texts)))
    often = sorted(
        (character for character in counts if counts[character] >= _LEAST_OFTEN), key=lambda one: (-counts[one], one)
    )
    pieces = dict.fromkeys((*_SPECIAL, *often))
    places = {piece: at for at, piece in enumerate(list(pieces)[:vocabulary])}
    tokenizer = Tokenizer(models.WordLevel(places, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.Replace(Regex(_DIGIT.pattern), "0")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    return tokenizer


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """Make a tokeniser of word pieces of texts; Chinese characters are tokens of their own.

    The pieces are the most frequent beginnings and ends of words, so that the same texts always give the same
    tokeniser. (The library's own trainers break ties by chance.)
    """
    normalizer, splitter = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    words: Counter[str] = Counter()
    for text in texts:
        words.update(word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text)))
    pieces = list(dict.fromkeys((*_SPECIAL, *_pieces(words))))[:vocabulary]
    tokenizer = Tokenizer(models.WordPiece({piece: at for at, piece in enumerate(pieces)}, unk_token=_UNKNOWN))
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = normalizer, splitter, decoders.WordPiece()
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", first), ("[SEP]", last)]
    )
    return tokenizer


def _pieces(words: Counter[str]) -> Iterator[str]:
    """Give single characters, then beginnings and ends of words, the most frequent first."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for at in range(1, len(word)):
            counts[word[:at]] += count
            counts[f"##{word[at:]}"] += count
        counts[word] += count
    letters = sorted({letter for word in words for letter in word})
    inner = sorted({letter for word in words for letter in word[1:]})
    yield from letters
    yield from (f"##{letter}" for letter in inner)
    yield from (
        piece
        for piece, count in sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
        if count >= _LEAST_OFTEN
    )
