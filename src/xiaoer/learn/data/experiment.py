"""One file for an experiment: which stations run on what, with which settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from xiaoer.learn.data.augmenting import AugmentSetting, Method, augment
from xiaoer.learn.data.clean_page import clean_page
from xiaoer.learn.data.cleaning import CleanReport, CleanSetting, clean
from xiaoer.learn.data.errors import DataFileError, RowFault
from xiaoer.learn.data.importing import ImportSetting, import_files
from xiaoer.learn.data.quality import QualityReport, QualitySetting, quality
from xiaoer.learn.data.quality_page import quality_page
from xiaoer.learn.data.samples import Table
from xiaoer.learn.data.splitting import SplitReport, SplitSetting, split
from xiaoer.learn.data.versions import Version, write_version
from xiaoer.learn.telling import Tell
from xiaoer.pack import read_pack


class Files(ImportSetting, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken in, and how it is read; paths are relative to the experiment's file."""

    files: tuple[str, ...]

    @property
    def reading(self) -> ImportSetting:
        """How the files are read."""
        return ImportSetting(form=self.form, text=self.text, intent=self.intent)


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An experiment: a station runs if its table stands in the file, in the order below.

    `to`: the folder for what comes of it, relative to the file; `pack`: the pack whose words the stations use.
    """

    to: str
    pack: str | None = None
    import_: Files = msgspec.field(name="import")
    clean: CleanSetting | None = None
    quality: QualitySetting | None = None
    split: SplitSetting | None = None
    augment: AugmentSetting | None = None


@dataclass(slots=True)
class Outcome:
    """What came of an experiment so far: the last data, and what each station reported; None where it did not run."""

    version: Version
    faults: tuple[RowFault, ...]
    cleaned: CleanReport | None = None
    judged: QualityReport | None = None
    parted: SplitReport | None = None
    made: Mapping[Method, int] | None = None


def read_experiment(path: Path) -> Experiment:
    """Read an experiment's file.

    Raises:
        DataFileError: it cannot be read, or a field of it will not do; the message names it.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Experiment)
    except OSError as error:
        raise DataFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path} is no experiment: {error}") from error


def run_experiment(path: Path, *, tell: Tell) -> Outcome:
    """Run the stations of an experiment, each on what the one before gave.

    Each station's data is written into a folder of its name; reports lie beside them as pages.

    Raises:
        XiaoerError: what the stations raise; what those before wrote stays.
    """
    experiment, here = read_experiment(path), path.parent
    to = here / experiment.to
    pack = read_pack(here / experiment.pack) if experiment.pack is not None else None
    tell("import", 0.0)
    imported = import_files([here / name for name in experiment.import_.files], experiment.import_.reading)
    outcome = Outcome(imported.version, imported.faults)
    write_version(outcome.version, to / "import")
    if experiment.clean is not None:
        tell("clean", 0.1)
        before = outcome.version
        table, outcome.cleaned = clean(before.table, experiment.clean)
        _next(outcome, "clean", experiment.clean, table, to)
        _write(to / "clean.html", clean_page(outcome.cleaned, before.manifest.data_hash))
    if experiment.quality is not None:
        tell("quality", 0.3)
        outcome.judged = quality(outcome.version.table, experiment.quality, pack=pack)
        _write(to / "quality.html", quality_page(outcome.judged, outcome.version.manifest.data_hash))
    if experiment.split is not None:
        tell("split", 0.8)
        table, outcome.parted = split(outcome.version.table, experiment.split)
        _next(outcome, "split", experiment.split, table, to)
    if experiment.augment is not None:
        tell("augment", 0.9)
        table, outcome.made = augment(outcome.version.table, experiment.augment, pack=pack)
        _next(outcome, "augment", experiment.augment, table, to)
    tell("done", 1.0)
    return outcome


def _next(outcome: Outcome, station: str, setting: msgspec.Struct, table: Table, to: Path) -> None:
    outcome.version = outcome.version.then(station, msgspec.to_builtins(setting), table)
    write_version(outcome.version, to / station)


def _write(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8")
