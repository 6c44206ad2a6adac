"""What can be set of the full tier's training: one model, read from the TOML file of an experiment."""

import tomllib
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiaoer.learn.full.errors import FullSettingError

Optimiser: TypeAlias = Literal["sgd", "momentum", "adam", "adamw", "adagrad"]
Schedule: TypeAlias = Literal["constant", "linear", "cosine", "exponential"]
Precision: TypeAlias = Literal["auto", "float32", "bfloat16", "float16"]
Method: TypeAlias = Literal["grid", "random", "bayes"]
Choice: TypeAlias = str | int | float | bool


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EncoderSettings(_Section):
    """The encoder: that of a Hugging Face folder or name, the one that comes with Xiaoer, or one made from scratch."""

    source: str | None = Field(None, description="Folder or name of a Hugging Face encoder.")
    pooling: Literal["mean", "first"] = Field("mean", description="How token vectors become the text's vector.")
    longest: int = Field(64, ge=4, le=512, description="Tokens that are read of a text.")
    vocabulary: int = Field(8000, ge=100, description="Tokens of a tokeniser that is made from the data.")
    layers: int = Field(2, ge=1, description="Layers of an encoder that is made.")
    width: int = Field(128, ge=8, description="Its width; a multiple of its attention heads.")
    attention_heads: int = Field(4, ge=1, description="Its attention heads.")
    kind: Literal["shipped", "transformer", "bilstm"] = Field(
        "shipped",
        description="Without a source: the one that comes with Xiaoer, or one made (bilstm reads characters).",
    )
    pairs: int = Field(65536, ge=0, description="Rows for pairs of characters, of a bilstm; 0 leaves them out.")
    word_classes: bool = Field(True, description="A bilstm is told each character's word class by a dictionary.")
    dropout: float = Field(0.3, ge=0, lt=1, description="Share of its vectors that a bilstm drops in training.")


class NgramSettings(_Section):
    """N-grams beside the encoder: the mean of their rows of a hashed table joins the text's vector."""

    buckets: int = Field(16384, ge=0, description="Rows of the table; 0 leaves n-grams out.")
    width: int = Field(64, ge=1, description="Length of a row.")


class HeadSettings(_Section):
    """How much each head's loss weighs; a head exists where the data has labels for it and its weight is above 0."""

    intent: float = Field(0.7, ge=0, description="Cross-entropy of the intent.")
    sentiment: float = Field(0.3, ge=0, description="Mean squared error of the mood.")
    entities: float = Field(0.5, ge=0, description="Negative log-likelihood of the tags, a token.")
    act: float = Field(0.2, ge=0, description="Cross-entropy of the speech act.")
    dropout: float = Field(0.1, ge=0, lt=1, description="Share of the text's vector that is dropped in training.")


class TrainingSettings(_Section):
    """How the network is trained."""

    epochs: int = Field(10, ge=1, description="Passes over the data at most.")
    patience: int = Field(3, ge=1, description="Epochs without a gain in F1 after which training stops.")
    batch: int = Field(32, ge=1, description="Texts a step and device.")
    accumulation: int = Field(1, ge=1, description="Steps whose gradients are added up before the weights move.")
    optimiser: Optimiser = "adamw"
    rate: float = Field(1e-4, gt=0, description="Highest learning rate of the encoder.")
    heads_rate: float = Field(1e-3, gt=0, description="That of the heads, of n-grams and of an encoder that is made.")
    schedule: Schedule = "linear"
    warm_up: float = Field(0.1, ge=0, lt=1, description="Share of the steps in which the rate rises.")
    last_rate: float = Field(0.01, gt=0, le=1, description="Share of the rate that an exponential decay ends at.")
    weight_decay: float = Field(0.01, ge=0)
    l1: float = Field(0.0, ge=0, description="Weight of the sum of all weights' absolute values in the loss.")
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    r_drop: float = Field(0.0, ge=0, description="Weight of the divergence of two passes (Wu et al., 2021).")
    clip: float = Field(1.0, gt=0, description="Longest gradient.")
    precision: Precision = Field(
        "auto", description="auto: bfloat16 where the device multiplies it, otherwise float32."
    )
    checkpoint_steps: int = Field(500, ge=1, description="Steps after which the state is kept for going on from.")
    held_out: float = Field(0.1, gt=0, lt=0.5, description="Share that chooses, stops and calibrates.")


class PrivacySettings(_Section):
    """Differential privacy: nobody can tell from the model, up to epsilon and delta, if a text was trained on."""

    epsilon: float | None = Field(None, gt=0, description="What may be spent in all; none: training is not private.")
    delta: float = Field(1e-5, gt=0, lt=1)
    clip: float = Field(1.0, gt=0, description="Longest gradient of one text.")


class SearchSettings(_Section):
    """A search for better settings: `space` gives for each, as `training.rate`, the values to try.

    A list holds the values. `{low = 1e-5, high = 1e-3, log = true}` is a range, for random and Bayesian search alone.
    """

    method: Method = "bayes"
    trials: int = Field(20, ge=1)
    folds: int = Field(3, ge=2)
    at_once: int = Field(1, ge=1, description="How many trials are tried at once; more than one are spread over Ray.")
    space: dict[str, list[Choice] | dict[str, float | bool]] = Field(
        {
            "training.rate": {"low": 2e-5, "high": 3e-4, "log": True},
            "training.heads_rate": {"low": 3e-4, "high": 5e-3, "log": True},
            "heads.dropout": [0.0, 0.1, 0.2, 0.3],
        }
    )


class FullSettings(_Section):
    """All of an experiment with the full tier; every section of the file may be left out."""

    encoder: EncoderSettings = EncoderSettings()
    ngrams: NgramSettings = NgramSettings()
    heads: HeadSettings = HeadSettings()
    training: TrainingSettings = TrainingSettings()
    privacy: PrivacySettings = PrivacySettings()
    search: SearchSettings = SearchSettings()


def read_settings(path: Path) -> FullSettings:
    """Read an experiment's file; an encoder's folder is relative to it.

    Raises:
        FullSettingError: it cannot be read, or a field of it will not do; the message names it.
    """
    try:
        settings = FullSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise FullSettingError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FullSettingError(f"{path} is no TOML file: {error}") from error
    except ValidationError as error:
        raise FullSettingError(f"{path}: {_said(error)}") from error
    source = settings.encoder.source
    if source is None or not (path.parent / source).is_dir():
        return settings
    return changed(settings, {"encoder.source": str(path.parent / source)})


def changed(settings: FullSettings, values: dict[str, Choice]) -> FullSettings:
    """Give settings with some values changed, each named as `training.rate`.

    Raises:
        FullSettingError: there is no such setting, or the value will not do.
    """
    raw = settings.model_dump()
    for name, value in values.items():
        section, _, field = name.partition(".")
        raw.setdefault(section, {})[field] = value
    try:
        return FullSettings.model_validate(raw)
    except ValidationError as error:
        raise FullSettingError(_said(error)) from error


def _said(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
