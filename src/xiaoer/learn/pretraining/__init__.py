"""Pre-training: an encoder of our own, from plain texts; first by guessing hidden words, then by telling what is alike.

What needs torch is imported when it is called: the command line starts without it.
"""

from importlib.util import find_spec
from pathlib import Path

from xiaoer.learn.errors import TierMissingError
from xiaoer.learn.pretraining.card import EncoderCard
from xiaoer.learn.pretraining.corpus import Corpus, Line, read_corpus
from xiaoer.learn.pretraining.errors import CorpusError, OtherRunError, PretrainSettingError
from xiaoer.learn.pretraining.settings import (
    ContrastiveSettings,
    CorpusSettings,
    MaskedSettings,
    NetworkSettings,
    PretrainSettings,
    TokeniserSettings,
    read_pretrain_settings,
)
from xiaoer.learn.telling import Tell

__all__ = [
    "SHIPPED_ENCODER",
    "ContrastiveSettings",
    "Corpus",
    "CorpusError",
    "CorpusSettings",
    "EncoderCard",
    "Line",
    "MaskedSettings",
    "NetworkSettings",
    "OtherRunError",
    "PretrainSettingError",
    "PretrainSettings",
    "TokeniserSettings",
    "pretrain",
    "read_corpus",
    "read_pretrain_settings",
]

SHIPPED_ENCODER = Path(__file__).parents[1] / "encoder"
"""The folder of the encoder that comes with Xiaoer; its README.md says what it was trained on."""


def pretrain(corpus: Corpus, settings: PretrainSettings, folder: Path, *, tell: Tell) -> EncoderCard:
    """Train an encoder from scratch and write it into a folder that Hugging Face's classes load.

    What was broken off goes on at its last checkpoint, and ends as if it had not been broken off; checkpoints and logs
    lie under `run/` of the folder. The same corpus and settings give the same weights on one machine.

    Raises:
        TierMissingError: the extra `train` is not installed.
        OtherRunError: the folder holds a run on other data, or with other settings.
    """
    if not all(map(find_spec, ("torch", "transformers"))):
        raise TierMissingError("An encoder cannot be trained here: pip install 'xiaoer[train]'.")
    from xiaoer.learn.pretraining.pretraining import train_encoder  # noqa: PLC0415  # brings torch

    return train_encoder(corpus, settings, folder, tell=tell)
