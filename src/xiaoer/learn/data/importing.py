"""The station `import`: a table from the files that users have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

import msgspec

from xiaoer.learn.data.errors import DataFileError, RowFault
from xiaoer.learn.data.formats.doccano import read_doccano
from xiaoer.learn.data.formats.logs import read_log
from xiaoer.learn.data.formats.packs import read_utterances
from xiaoer.learn.data.formats.rasa import read_rasa
from xiaoer.learn.data.formats.rows import Rows, json_rows
from xiaoer.learn.data.formats.tables import read_table
from xiaoer.learn.data.formats.tagged import read_tagged
from xiaoer.learn.data.samples import Sample, file_hash, with_own_ids
from xiaoer.learn.data.versions import MANIFEST_FILE, Version, first_version, read_version
from xiaoer.pack import read_pack
from xiaoer.understand import training_hash

Form: TypeAlias = Literal["pack", "rasa", "table", "doccano", "log", "samples", "tagged"]
FORMS: tuple[Form, ...] = get_args(Form)
_SUFFIXES: Mapping[Form, tuple[str, ...]] = MappingProxyType(
    {
        "rasa": (".yml", ".yaml"),
        "table": (".csv", ".tsv", ".xlsx", ".xlsm"),
        "tagged": (".bio", ".bmes", ".conll", ".iob", ".txt", ".zip"),
    }
)

_NAMED = 20


class ImportSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How files are read: their form (by their names where none is given), and the columns of tables."""

    form: Form | None = None
    text: str = "text"
    intent: str = "intent"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: the data, and the rows that were left out."""

    version: Version
    faults: tuple[RowFault, ...]


def import_files(paths: Sequence[Path], setting: ImportSetting | None = None) -> Imported:
    """Take samples from files, and from packs by their folders; a broken row is left out and noted.

    Raises:
        DataFileError: a file cannot be read at all, or nothing was left to take.
    """
    setting = setting or ImportSetting()
    read = [(path, _read(path, setting)) for path in paths]
    samples = [sample for _, (rows, _) in read for sample in rows.samples]
    faults = tuple(fault for _, (rows, _) in read for fault in rows.faults)
    if not samples:
        first = f" The first thing that is wrong: {faults[0]}" if faults else ""
        raise DataFileError(f"{', '.join(map(str, paths))}: no row could be taken.{first}")
    inputs = {str(path): content for path, (_, content) in read}
    version = first_version(with_own_ids(samples), "import", msgspec.to_builtins(setting), inputs)
    return Imported(version, faults)


def version_at(path: Path, setting: ImportSetting | None = None) -> Version:
    """Give the data that lies at a path: a folder of data as it is, a file or a pack as `import_files` takes it.

    Raises:
        DataFileError: a row is broken (all are named), or there is nothing to take.
        DataChangedError: a folder's data is not what its manifest says.
    """
    if (path / MANIFEST_FILE).is_file():
        return read_version(path)
    imported = import_files([path], setting)
    if imported.faults:
        named = "\n".join(map(str, imported.faults[:_NAMED]))
        more = f"\n… and {len(imported.faults) - _NAMED} more rows" if len(imported.faults) > _NAMED else ""
        raise DataFileError(f"{named}{more}\nMend the rows, or have `xiaoer data import` leave them out.")
    return imported.version


def _read(path: Path, setting: ImportSetting) -> tuple[Rows, str]:
    """Read a file; give with it the hash of its content, for a pack that by which models name it."""
    if not path.exists():
        raise DataFileError(f"There is no file {path}.")
    form = setting.form or _form_of(path, setting)
    if form == "pack":
        pack = read_pack(path)
        return read_utterances(pack), training_hash(pack)
    reader = _READERS.get(form)
    rows = reader(path) if reader else read_table(path, text=setting.text, intent=setting.intent)
    return rows, file_hash(path)


def _form_of(path: Path, setting: ImportSetting) -> Form:
    if path.is_dir():
        return "pack"
    if path.suffix.lower() == ".jsonl":
        return _form_of_lines(path, setting)
    form = next((form for form, suffixes in _SUFFIXES.items() if path.suffix.lower() in suffixes), None)
    if form is None:
        raise DataFileError(f"{path}: what is this? Say it with --format: {', '.join(FORMS)}.")
    return form


def _form_of_lines(path: Path, setting: ImportSetting) -> Form:
    """Say what JSON lines are, by the fields of the first one."""
    _, row = next(json_rows(path, Rows(path.name)), (0, {}))
    if {"label", "labels", "cats", "entities"} & row.keys() - {setting.text, setting.intent}:
        return "doccano"
    if {"id", "text"} <= row.keys() and isinstance(row["id"], str) and _is_sample(row):
        return "samples"
    return "table" if {setting.text, setting.intent} <= row.keys() else "log"


def _is_sample(row: Mapping[str, object]) -> bool:
    return row.keys() <= set(Sample.__struct_fields__)


def _read_samples(path: Path) -> Rows:
    """Read samples as a table holds them, from a file that somebody changed by hand."""
    rows = Rows(path.name)
    for line, row in json_rows(path, rows):
        try:
            rows.samples.append(msgspec.convert(row, Sample))
        except msgspec.ValidationError as error:
            rows.refuse(line, "sample", str(error))
    return rows


_READERS: Mapping[Form, Callable[[Path], Rows]] = MappingProxyType(
    {"rasa": read_rasa, "doccano": read_doccano, "log": read_log, "samples": _read_samples, "tagged": read_tagged}
)
