"""The tokeniser: Chinese by the character, other scripts by pieces of words, digits one by one."""

from collections.abc import Iterable
from pathlib import Path
from string import ascii_lowercase

import msgspec
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from xiaoer.learn.pretraining.settings import TokeniserSettings

PAD, UNKNOWN, FIRST, LAST, HIDDEN = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIAL = (PAD, UNKNOWN, FIRST, LAST, HIDDEN)
_LONGEST_WORD = 40
_INSIDE = 0xF0000
_PLANE = 0xFFFE


def train_tokeniser(texts: Iterable[str], settings: TokeniserSettings) -> Tokenizer:
    """Learn which pieces words are cut into (WordPiece: Schuster & Nakajima, 2012).

    Offsets are those of the text as given. Long numbers do not blow the vocabulary up: each digit is a token. The same
    texts give the same tokeniser.
    """
    normaliser = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    splitter = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"\p{Han}"), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Punctuation("isolated"),
        ]
    )
    cut = (splitter.pre_tokenize_str(normaliser.normalize_str(text)) for text in texts)
    pieces = _pieces((word for words in cut for word, _ in words), settings)
    tokens = (*SPECIAL, *sorted(pieces - set(SPECIAL)))
    numbers = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
    tokenizer.normalizer, tokenizer.pre_tokenizer, tokenizer.decoder = normaliser, splitter, decoders.WordPiece()
    tokenizer.add_special_tokens(list(SPECIAL))
    ends = [(name, numbers[name]) for name in (FIRST, LAST)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{FIRST} $A {LAST}", pair=f"{FIRST} $A {LAST} $B {LAST}", special_tokens=ends
    )
    return tokenizer


def write_tokeniser(tokenizer: Tokenizer, folder: Path, *, longest: int) -> None:
    """Write a tokeniser as Hugging Face's `AutoTokenizer` reads it; `longest` counts tokens."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": longest,
        "model_input_names": ["input_ids", "attention_mask"],
        "pad_token": PAD,
        "unk_token": UNKNOWN,
        "cls_token": FIRST,
        "sep_token": LAST,
        "mask_token": HIDDEN,
    }
    (folder / "tokenizer_config.json").write_bytes(msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n")


def _pieces(words: Iterable[str], settings: TokeniserSettings) -> set[str]:
    """Learn pieces of words by joining the most frequent pairs; every letter can begin a word or stand inside.

    The library's own training of pieces that begin with ## breaks ties by chance. So the letters inside of words are
    written as private characters, pieces of which are then told by their first character.
    """
    always = {*map(chr, range(0x21, 0x7F)), *(_common_characters() if settings.common_characters else ())}
    inner = {f"##{letter}" for letter in ascii_lowercase}
    trainer = trainers.BpeTrainer(
        vocab_size=settings.entries - len(SPECIAL),
        min_frequency=settings.least,
        initial_alphabet=sorted(always) + [chr(ord(letter) + _INSIDE) for letter in ascii_lowercase],
        show_progress=False,
    )
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    learner.train_from_iterator((word[0] + "".join(map(_moved, word[1:])) for word in words), trainer)
    return always | inner | set(map(_written, learner.get_vocab()))


def _moved(character: str) -> str:
    return chr(ord(character) + _INSIDE) if ord(character) < _PLANE else character


def _written(piece: str) -> str:
    letters = "".join(chr(ord(letter) - _INSIDE) if ord(letter) >= _INSIDE else letter for letter in piece)
    return f"##{letters}" if ord(piece[0]) >= _INSIDE else letters


def _common_characters() -> Iterable[str]:
    """Give the characters of the first level of GB 2312: rows 16 to 55, 94 a row, the last one not full."""
    for row in range(16, 56):
        for column in range(1, 95):
            try:
                yield bytes((0xA0 + row, 0xA0 + column)).decode("gb2312")
            except UnicodeDecodeError:
                continue
