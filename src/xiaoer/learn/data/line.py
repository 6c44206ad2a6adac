"""The line of an experiment: its stations one after the other, each on what the one before gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from xiaoer.learn.data.agreement import Agreement, agreement
from xiaoer.learn.data.annotating import for_doccano, labelled_in, with_labels
from xiaoer.learn.data.augmenting import Method, augment
from xiaoer.learn.data.choosing import choose
from xiaoer.learn.data.clean_page import clean_page
from xiaoer.learn.data.cleaning import CleanReport, clean
from xiaoer.learn.data.errors import DataSettingError, RowFault
from xiaoer.learn.data.experiment import AnnotateSetting, Experiment, read_experiment
from xiaoer.learn.data.gain import GainReport, measure_gain
from xiaoer.learn.data.importing import import_files
from xiaoer.learn.data.quality import QualityReport, quality
from xiaoer.learn.data.quality_page import quality_page
from xiaoer.learn.data.samples import Table, file_hash
from xiaoer.learn.data.splitting import SplitReport, split
from xiaoer.learn.data.versions import Value, Version, write_version
from xiaoer.learn.telling import Tell
from xiaoer.pack import Pack, read_pack

LABEL_FILE = "annotate.jsonl"
"""What people label, in the folder of what comes of an experiment."""


@dataclass(slots=True)
class Outcome:
    """What came of an experiment so far: the last data, and what each station reported; None where it did not run.

    `waits_for` are the files of people who have not given their labels yet: the line stopped before them.
    """

    version: Version
    faults: tuple[RowFault, ...]
    cleaned: CleanReport | None = None
    waits_for: tuple[Path, ...] = ()
    agreed: Agreement | None = None
    judged: QualityReport | None = None
    parted: SplitReport | None = None
    gain: GainReport | None = None
    made: Mapping[Method, int] | None = None


def run_experiment(path: Path, *, tell: Tell) -> Outcome:
    """Run the stations of an experiment, each on what the one before gave.

    Each station's data is written into a folder of its name; reports lie beside them as pages. At labels that people
    have not given yet the line ends; run again, it goes on when they are there.

    Raises:
        XiaoerError: what the stations raise; what those before wrote stays. DataSettingError: people who labelled the
            same samples do not agree enough.
    """
    line = _Line(read_experiment(path), path.parent, tell)
    for station in (line.clean, line.annotate, line.quality, line.split, line.measure, line.augment):
        station()
        if line.outcome.waits_for:
            break
    tell("done", 1.0)
    return line.outcome


class _Line:
    """The stations of one experiment; each runs if its table stands in the file."""

    def __init__(self, experiment: Experiment, here: Path, tell: Tell) -> None:
        self._experiment, self._here, self._tell = experiment, here, tell
        self._to = here / experiment.to
        self._pack: Pack | None = read_pack(here / experiment.pack) if experiment.pack is not None else None
        tell("import", 0.0)
        imported = import_files([here / name for name in experiment.import_.files], experiment.import_.reading)
        self.outcome = Outcome(imported.version, imported.faults)
        write_version(imported.version, self._to / "import")

    def clean(self) -> None:
        setting = self._experiment.clean
        if setting is None:
            return
        self._tell("clean", 0.1)
        before = self.outcome.version
        table, self.outcome.cleaned = clean(before.table, setting)
        self._next("clean", msgspec.to_builtins(setting), table)
        self._write("clean.html", clean_page(self.outcome.cleaned, before.manifest.data_hash))

    def annotate(self) -> None:
        setting = self._experiment.annotate
        if setting is None:
            return
        self._tell("annotate", 0.2)
        files = tuple(self._here / name for name in setting.files)
        self.outcome.waits_for = tuple(file for file in files if not file.is_file())
        if self.outcome.waits_for or not files:
            self._give_out(setting)
            return
        if len(files) > 1:
            self.outcome.agreed = agreement({str(file): tuple(labelled_in(file).samples) for file in files})
            if not self.outcome.agreed.is_enough(setting.at_least):
                raise DataSettingError(
                    f"annotate: those who labelled agree too little: kappa is {self.outcome.agreed.kappa}, of marks"
                    f" {self.outcome.agreed.span_kappa}, wanted {setting.at_least}; `xiaoer data annotate agree` shows"
                    " where."
                )
        done = with_labels(self.outcome.version.table, files, setting.kind)
        self.outcome.faults += done.faults
        hashes = {name: file_hash(self._here / name) for name in setting.files}
        self._next("annotate", {**msgspec.to_builtins(setting), "files": hashes}, done.table)

    def quality(self) -> None:
        if self._experiment.quality is None:
            return
        self._tell("quality", 0.3)
        self.outcome.judged = quality(self.outcome.version.table, self._experiment.quality, pack=self._pack)
        self._write("quality.html", quality_page(self.outcome.judged, self.outcome.version.manifest.data_hash))

    def split(self) -> None:
        setting = self._experiment.split
        if setting is None:
            return
        self._tell("split", 0.6)
        table, self.outcome.parted = split(self.outcome.version.table, setting)
        self._next("split", msgspec.to_builtins(setting), table)

    def measure(self) -> None:
        setting, methods = self._experiment.measure, self._experiment.augment
        if setting is None or methods is None:
            return
        self.outcome.gain = measure_gain(
            self.outcome.version.table,
            methods,
            pack=self._pack,
            most=setting.most,
            tell=lambda what, share: self._tell(f"measure, {what}", 0.7 + 0.2 * share),
        )
        self._write("measure.json", msgspec.json.format(msgspec.json.encode(self.outcome.gain)).decode() + "\n")

    def augment(self) -> None:
        setting = self._experiment.augment
        if setting is None:
            return
        self._tell("augment", 0.9)
        table, self.outcome.made = augment(self.outcome.version.table, setting, pack=self._pack)
        self._next("augment", msgspec.to_builtins(setting), table)

    def _give_out(self, setting: AnnotateSetting) -> None:
        """Write what people are to label."""
        table = self.outcome.version.table
        if setting.count is not None:
            table = tuple(one.sample for one in choose(table, setting.count, pack=self._pack, seed=setting.seed))
        (self._to / LABEL_FILE).write_bytes(for_doccano(table, setting.kind))

    def _next(self, station: str, setting: Mapping[str, Value], table: Table) -> None:
        self.outcome.version = self.outcome.version.then(station, setting, table)
        write_version(self.outcome.version, self._to / station)

    def _write(self, name: str, page: str) -> None:
        (self._to / name).write_text(page, encoding="utf-8")
