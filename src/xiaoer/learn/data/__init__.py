"""The line of stations from what users have to what models are trained on.

Each station is a pure function from a table to a table (and a report); a table on disk names the hash of its content
and every step that led to it.
"""

from xiaoer.learn.data.agreement import ENOUGH, Agreement, Disagreement, agreement
from xiaoer.learn.data.annotating import Labelled, for_doccano, labelled_in, with_labels
from xiaoer.learn.data.augmenting import METHODS, AugmentSetting, Method, augment
from xiaoer.learn.data.choosing import Chosen, choose
from xiaoer.learn.data.clean_page import clean_page
from xiaoer.learn.data.cleaning import CleanReport, CleanSetting, Figures, LeftOut, clean
from xiaoer.learn.data.collecting import collect
from xiaoer.learn.data.errors import (
    DataChangedError,
    DataFileError,
    DataSettingError,
    LibraryMissingError,
    RowFault,
)
from xiaoer.learn.data.experiment import AnnotateSetting, Experiment, MeasureSetting, read_experiment
from xiaoer.learn.data.formats.packs import intents_file
from xiaoer.learn.data.gain import Accuracy, GainReport, measure_gain
from xiaoer.learn.data.importing import FORMS, Form, Imported, ImportSetting, import_files, version_at
from xiaoer.learn.data.label_noise import Suspect
from xiaoer.learn.data.line import LABEL_FILE, Outcome, run_experiment
from xiaoer.learn.data.quality import Gate, QualityReport, QualitySetting, quality
from xiaoer.learn.data.quality_page import quality_page
from xiaoer.learn.data.samples import Sample, Span, Table, file_hash
from xiaoer.learn.data.splitting import SplitReport, SplitSetting, split
from xiaoer.learn.data.versions import Manifest, Step, Version, first_version, read_version, write_version

__all__ = [
    "ENOUGH",
    "FORMS",
    "LABEL_FILE",
    "METHODS",
    "Accuracy",
    "Agreement",
    "AnnotateSetting",
    "AugmentSetting",
    "Chosen",
    "CleanReport",
    "CleanSetting",
    "DataChangedError",
    "DataFileError",
    "DataSettingError",
    "Disagreement",
    "Experiment",
    "Figures",
    "Form",
    "GainReport",
    "Gate",
    "ImportSetting",
    "Imported",
    "Labelled",
    "LeftOut",
    "LibraryMissingError",
    "Manifest",
    "MeasureSetting",
    "Method",
    "Outcome",
    "QualityReport",
    "QualitySetting",
    "RowFault",
    "Sample",
    "Span",
    "SplitReport",
    "SplitSetting",
    "Step",
    "Suspect",
    "Table",
    "Version",
    "agreement",
    "augment",
    "choose",
    "clean",
    "clean_page",
    "collect",
    "file_hash",
    "first_version",
    "for_doccano",
    "import_files",
    "intents_file",
    "labelled_in",
    "measure_gain",
    "quality",
    "quality_page",
    "read_experiment",
    "read_version",
    "run_experiment",
    "split",
    "version_at",
    "with_labels",
    "write_version",
]
