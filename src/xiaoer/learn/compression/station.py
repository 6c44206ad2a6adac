"""From a trained full model to a smaller one: read again with what it learnt from, made smaller, and written."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec
from safetensors.torch import load_model

from xiaoer.clock import Clock, SystemClock
from xiaoer.learn.compression.compressing import compress
from xiaoer.learn.compression.errors import CompressionError
from xiaoer.learn.compression.pruning import parameters
from xiaoer.learn.compression.settings import CompressionSetting
from xiaoer.learn.data.samples import Table, encode, hash_of
from xiaoer.learn.full.holding_out import parted
from xiaoer.learn.full.runs import CONFIG_FILE, WEIGHTS_FILE
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.full.station import Lesson, write_model
from xiaoer.learn.telling import Tell
from xiaoer.serve import ModelCard


class _Config(msgspec.Struct):
    settings: dict[str, object]
    data_hash: str
    seed: int


@dataclass(frozen=True, slots=True)
class Trained:
    """A full model as it was trained: what it learnt, and its card."""

    lesson: Lesson
    card: ModelCard


def open_trained(folder: Path, table: Table) -> Trained:
    """Read a full model's folder again as torch has it, with the data that it was trained on.

    Raises:
        CompressionError: it is no full model with its run, or the data is another.
        UnreadableModelCardError: the folder has no card.
    """
    card, run = ModelCard.read(folder), folder / "run"
    try:
        config = msgspec.json.decode((run / CONFIG_FILE).read_bytes(), type=_Config)
        settings = FullSettings.model_validate(config.settings)
    except (OSError, ValueError) as error:
        raise CompressionError(
            f"{run} tells of no training of the full tier ({error}); train the model anew."
        ) from error
    if config.data_hash != hash_of(encode(table)):
        raise CompressionError(f"{folder} was trained on other data ({config.data_hash}); name what it was trained on.")
    if settings.privacy.epsilon is not None:
        raise CompressionError(f"{folder} was trained privately; what its data teaches once more would not be private.")
    lesson = Lesson.of(*parted(table, settings, config.seed, is_trusted=bool(card.pack)), settings, config.seed)
    if not (run / WEIGHTS_FILE).is_file():
        raise CompressionError(f"{run} holds no {WEIGHTS_FILE}: a model that was made smaller is not made so again.")
    load_model(lesson.network, run / WEIGHTS_FILE)
    return Trained(lesson, card)


def write_smaller(
    trained: Trained,
    folder: Path,
    setting: CompressionSetting,
    *,
    progress: Tell,
    seed: int = 0,
    clock: Clock | None = None,
) -> ModelCard:
    """Make a trained model smaller and write it, card included, into an existing folder, for serving without torch.

    The card's scores tell of the parameters before and after.

    Raises:
        CompressionError: the encoder is not built as BERT is, or too little would be left of it.
    """
    lesson = compress(trained.lesson, setting, progress, seed=seed)
    figures = write_model(lesson, folder, seed, is_int8=setting.is_int8)
    counted = {
        "parameters_before": float(parameters(trained.lesson.network)),
        "parameters": float(parameters(lesson.network)),
    }
    card = msgspec.structs.replace(
        trained.card,
        seed=seed,
        code_version=version("xiaoer"),
        created=(clock or SystemClock()).now(),
        scores={**trained.card.scores, **figures, **counted},
    )
    card.write(folder)
    return card
