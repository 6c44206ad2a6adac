"""The line of stations from what users have to what models are trained on.

Each station is a pure function from a table to a table (and a report); a table on disk names the hash of its content
and every step that led to it.
"""

from xiaoer.learn.data.clean_page import clean_page
from xiaoer.learn.data.cleaning import CleanReport, CleanSetting, Figures, LeftOut, clean
from xiaoer.learn.data.errors import (
    DataChangedError,
    DataFileError,
    DataSettingError,
    LibraryMissingError,
    RowFault,
)
from xiaoer.learn.data.importing import FORMS, Form, Imported, ImportSetting, import_files
from xiaoer.learn.data.label_noise import Suspect
from xiaoer.learn.data.quality import Gate, QualityReport, QualitySetting, quality
from xiaoer.learn.data.quality_page import quality_page
from xiaoer.learn.data.samples import Sample, Span, Table
from xiaoer.learn.data.splitting import SplitReport, SplitSetting, split
from xiaoer.learn.data.versions import Manifest, Step, Version, read_version, write_version

__all__ = [
    "FORMS",
    "CleanReport",
    "CleanSetting",
    "DataChangedError",
    "DataFileError",
    "DataSettingError",
    "Figures",
    "Form",
    "Gate",
    "ImportSetting",
    "Imported",
    "LeftOut",
    "LibraryMissingError",
    "Manifest",
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
    "clean",
    "clean_page",
    "import_files",
    "quality",
    "quality_page",
    "read_version",
    "split",
    "write_version",
]
