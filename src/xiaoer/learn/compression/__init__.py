"""Making a trained network smaller and faster: eight bits, structured pruning, distillation, alone and together.

It needs the extra `train`. What needs torch is imported when it is called: the command line starts without it.
"""

from importlib.util import find_spec
from pathlib import Path

from xiaoer.learn.compression.errors import CompressionError
from xiaoer.learn.compression.settings import CompressionSetting
from xiaoer.learn.data.samples import Table
from xiaoer.learn.errors import TierMissingError
from xiaoer.learn.from_data import refuse_what_is_no_model
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.serve import ModelCard

__all__ = ["CompressionError", "CompressionSetting", "compress_model"]


def compress_model(
    model: Path,
    table: Table,
    folder: Path,
    setting: CompressionSetting,
    *,
    seed: int = 0,
    progress: Tell | None = None,
) -> ModelCard:
    """Make a trained full model smaller and write it, card included, into a folder of its own.

    `table` is what the model was trained on. `progress` is told what is done now and the share of the whole (0 to 1).

    Raises:
        TierMissingError: the extra `train` is not installed.
        CompressionError: it is no full model with its run, the data is another, or too little would be left.
        DataSettingError: the folder holds what is no model.
        UnreadableModelCardError: the model has no card.
    """
    if not all(map(find_spec, ("torch", "transformers"))):
        raise TierMissingError("A model cannot be made smaller here: pip install 'xiaoer[train]'.")
    from xiaoer.learn.compression.station import open_trained, write_smaller  # noqa: PLC0415  # brings torch

    refuse_what_is_no_model(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or say_nothing
    card = write_smaller(open_trained(model, table), folder, setting, progress=tell, seed=seed)
    tell("done", 1.0)
    return card
