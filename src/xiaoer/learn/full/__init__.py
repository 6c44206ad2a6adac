"""The full tier: one encoder with heads that are trained together. Everything here needs the extra `train`.

What needs torch is imported when it is called: the command line starts without it.
"""

from functools import partial
from importlib.util import find_spec
from pathlib import Path

from xiaoer.learn.data.samples import Table
from xiaoer.learn.errors import TierMissingError
from xiaoer.learn.full.beside import FitLight
from xiaoer.learn.full.errors import EncoderError, FullSettingError
from xiaoer.learn.full.runs import RUN_FOLDER
from xiaoer.learn.full.searched import Searched
from xiaoer.learn.full.settings import FullSettings, changed, read_settings
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.serve import ModelCard

__all__ = [
    "RUN_FOLDER",
    "SEARCH_FOLDER",
    "EncoderError",
    "FitLight",
    "FullSettingError",
    "FullSettings",
    "Searched",
    "changed",
    "read_settings",
    "search_full",
    "train_full",
]

SEARCH_FOLDER = "search"


def train_full(
    table: Table,
    folder: Path,
    *,
    seed: int = 0,
    settings: FullSettings | None = None,
    progress: Tell | None = None,
    fit_light: FitLight | None = None,
) -> ModelCard:
    """Train the full tier on labelled samples and write it, card included, into a folder.

    Whatever the samples are labelled with is learnt: intents, spans, moods, speech acts. Of data that was split the
    part `test` is left out, and the part `dev` held out; without one a share is. `progress` is told what is done now
    and the share of the whole (0 to 1). A training that was stopped goes on when the same is called again, from the
    states in the folder `run`, and ends as if it had not been. The same samples, settings and seed give the same
    network on one machine. A light model of the samples lies beside; with `fit_light` none does, as the one that this
    trains will serve elsewhere: how the network is joined with such a one is learnt by it.

    Raises:
        TierMissingError: the extra `train` is not installed.
        DataSettingError: there is too little to learn from.
        TooFewUtterancesError: an intent has too few samples, or there is only one.
        EncoderError: the encoder cannot be loaded.
        FullSettingError: the settings do not fit one another.
    """
    _refuse_without_libraries("torch", "transformers", "accelerate")
    from xiaoer.learn.full.station import train  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    settings, progress = settings or FullSettings(), progress or say_nothing
    return train(table, folder, settings, seed=seed, progress=progress, fit_light=fit_light)


def search_full(
    table: Table, folder: Path, *, seed: int = 0, settings: FullSettings | None = None, progress: Tell | None = None
) -> Searched:
    """Search for better settings by cross-validation, and give the best, and of how many trials it is.

    The study lies in the folder `search` below, and `found.json` in it says what came of it; a search that was stopped
    goes on when the same is called again.

    Raises:
        TierMissingError: the extra `train` is not installed.
        FullSettingError: the search's space does not fit.
    """
    _refuse_without_libraries("torch", "transformers", "accelerate", "optuna")
    from xiaoer.learn.full.searching import search  # noqa: PLC0415
    from xiaoer.learn.full.station import train_fold  # noqa: PLC0415

    place = folder / SEARCH_FOLDER
    place.mkdir(parents=True, exist_ok=True)
    train = partial(train_fold, seed=seed)
    return search(table, place, settings or FullSettings(), train, seed=seed, progress=progress or say_nothing)


def _refuse_without_libraries(*names: str) -> None:
    if not all(map(find_spec, names)):
        raise TierMissingError("The full tier cannot be trained here: pip install 'xiaoer[train]'.")
