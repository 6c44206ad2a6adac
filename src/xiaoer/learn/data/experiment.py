"""One file for an experiment: which stations run on what, with which settings."""

from pathlib import Path

import msgspec

from xiaoer.learn.data.agreement import ENOUGH
from xiaoer.learn.data.annotating import Kind
from xiaoer.learn.data.augmenting import AugmentSetting
from xiaoer.learn.data.cleaning import CleanSetting
from xiaoer.learn.data.errors import DataFileError
from xiaoer.learn.data.importing import ImportSetting
from xiaoer.learn.data.quality import QualitySetting
from xiaoer.learn.data.splitting import SplitSetting


class Files(ImportSetting, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken in, and how it is read; paths are relative to the experiment's file."""

    files: tuple[str, ...]

    @property
    def reading(self) -> ImportSetting:
        """How the files are read."""
        return ImportSetting(form=self.form, text=self.text, intent=self.intent)


class AnnotateSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people label and how it comes back; paths are relative to the experiment's file.

    The samples are written for Doccano, all of them or `count` that are chosen, and the line goes on once `files`, one
    a person, are there and agree: a kappa of `at_least`, if they are several.
    """

    files: tuple[str, ...]
    kind: Kind = "classes"
    count: int | None = None
    at_least: float = ENOUGH
    seed: int = 0


class MeasureSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each method of `augment` brings is measured, on `most` samples to learn from at most."""

    most: int | None = None


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An experiment: a station runs if its table stands in the file, in the order below.

    `to`: the folder for what comes of it, relative to the file; `pack`: the pack whose words the stations use.
    """

    to: str
    pack: str | None = None
    import_: Files = msgspec.field(name="import")
    clean: CleanSetting | None = None
    annotate: AnnotateSetting | None = None
    quality: QualitySetting | None = None
    split: SplitSetting | None = None
    measure: MeasureSetting | None = None
    augment: AugmentSetting | None = None


def read_experiment(path: Path) -> Experiment:
    """Read an experiment's file.

    Raises:
        DataFileError: it cannot be read, or a field of it will not do; the message names it.
    """
    try:
        experiment = msgspec.toml.decode(path.read_bytes(), type=Experiment)
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path} is no experiment: {error}") from error
    if experiment.measure is not None and experiment.augment is None:
        raise DataFileError(f"{path}: [measure] says what the methods of [augment] bring: add that table.")
    return experiment
