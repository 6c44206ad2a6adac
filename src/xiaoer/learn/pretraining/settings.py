"""What can be set of pre-training: one model, read from a TOML file."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from xiaoer.learn.pretraining.errors import PretrainSettingError

PairsOf: TypeAlias = Literal["questions", "utterances", "tables"]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Count: TypeAlias = Annotated[int, Meta(ge=1)]
Rate: TypeAlias = Annotated[float, Meta(gt=0)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: an unknown field is refused."""


class CorpusSettings(_Table, frozen=True, kw_only=True):
    """What is read: `held_out` is the share that no training sees, for measuring; near copies are held out together.

    `pairs` says which lines count as saying the same: the phrasings of an entry of the FAQ (`questions`), the
    utterances of an intent of a pack (`utterances`), the texts of one label of a table (`tables`).
    """

    held_out: Share = 0.1
    near: Share = 0.7
    pairs: tuple[PairsOf, ...] = ("questions", "tables")


class TokeniserSettings(_Table, frozen=True, kw_only=True):
    """How texts are cut: into at most `entries` tokens; a piece of a word is one if it is there `least` times.

    `common_characters` takes in the 3,755 most common Chinese characters, also those that the corpus lacks.
    """

    entries: Annotated[int, Meta(ge=64)] = 7000
    least: Count = 2
    common_characters: bool = True


class NetworkSettings(_Table, frozen=True, kw_only=True):
    """The shape of the encoder: `positions` is the longest text in tokens, the marks at both ends counted in."""

    width: Count = 256
    layers: Count = 4
    heads: Count = 4
    inner: Count = 512
    positions: Annotated[int, Meta(ge=8)] = 96
    dropout: Share = 0.1
    starts_from_neighbours: bool = True


class MaskedSettings(_Table, frozen=True, kw_only=True):
    """Learning to guess what is hidden: `passes` over the corpus, in batches of about so many `tokens`.

    `hidden` is the share of words that are hidden whole; of their tokens a tenth is replaced, a tenth left as it is.
    """

    passes: Annotated[float, Meta(ge=0)] = 10
    tokens: Count = 2048
    rate: Rate = 1e-3
    warm_up: Share = 0.06
    weight_decay: Annotated[float, Meta(ge=0)] = 0.01
    hidden: Share = 0.2


class ContrastiveSettings(_Table, frozen=True, kw_only=True):
    """Learning what says the same: `passes` over the corpus, in batches of so many `pairs`.

    A pass takes all texts of groups, and a share of those that stand `alone`. A text's partner is another of its
    group; of one without a group a copy that is mistyped (a share `mistyped` of
    them), or the text itself. `hidden` words of the partner are hidden, and guessed with the weight `masked_weight`.
    """

    passes: Annotated[float, Meta(ge=0)] = 1
    pairs: Annotated[int, Meta(ge=2)] = 128
    alone: Share = 0.25
    rate: Rate = 3e-4
    warm_up: Share = 0.06
    weight_decay: Annotated[float, Meta(ge=0)] = 0.01
    temperature: Rate = 0.05
    mistyped: Share = 0.3
    hidden: Share = 0.15
    masked_weight: Annotated[float, Meta(ge=0)] = 0.5


class PretrainSettings(_Table, frozen=True, kw_only=True):
    """All settings of pre-training, as they stand in a file; every one has a default.

    `checkpoint_every` counts steps. `half_precision` computes in bfloat16 where it may; slower on processors without.
    """

    seed: int = 0
    checkpoint_every: Count = 500
    half_precision: bool = True
    corpus: CorpusSettings = CorpusSettings()
    tokeniser: TokeniserSettings = TokeniserSettings()
    network: NetworkSettings = NetworkSettings()
    masked: MaskedSettings = MaskedSettings()
    contrastive: ContrastiveSettings = ContrastiveSettings()


def read_pretrain_settings(path: Path) -> PretrainSettings:
    """Read a file of settings.

    Raises:
        PretrainSettingError: it cannot be read, or a field of it will not do; the message names it.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=PretrainSettings)
    except OSError as error:
        raise PretrainSettingError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PretrainSettingError(f"{path} holds no settings of pre-training: {error}") from error
