"""A table on disk: a folder with the samples and a manifest that names their hash and how they came about."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from xiaoer.learn.data.errors import DataChangedError, DataFileError
from xiaoer.learn.data.samples import Sample, Table, encode, hash_of

SAMPLES_FILE = "samples.jsonl"
MANIFEST_FILE = "manifest.json"

Value: TypeAlias = str | int | float | bool | list[str | float] | dict[str, str] | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a station did: with which settings it made which data.

    `inputs` names what it read with the hash of each: files, tables, or a pack with the hash by which models name it.
    """

    station: str
    settings: Mapping[str, Value]
    inputs: Mapping[str, str]
    data_hash: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a table is: the hash of its samples, how many there are, and every step that led to it, the first first."""

    data_hash: str
    samples: int
    intents: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A table with its manifest."""

    table: Table
    manifest: Manifest

    def then(self, station: str, settings: Mapping[str, Value], table: Table) -> "Version":
        """Give what a station made of this."""
        inputs = {SAMPLES_FILE: self.manifest.data_hash}
        return _made(table, station, settings, inputs, self.manifest.steps)


def first_version(table: Table, station: str, settings: Mapping[str, Value], inputs: Mapping[str, str]) -> Version:
    """Give a table that was made of files."""
    return _made(table, station, settings, inputs, ())


def _made(
    table: Table, station: str, settings: Mapping[str, Value], inputs: Mapping[str, str], before: tuple[Step, ...]
) -> Version:
    plain = msgspec.json.decode(msgspec.json.encode(settings))  # as it will be read again: lists, no tuples
    step = Step(station=station, settings=plain, inputs=inputs, data_hash=hash_of(encode(table)))
    intents = len({sample.intent for sample in table} - {None})
    return Version(
        table, Manifest(data_hash=step.data_hash, samples=len(table), intents=intents, steps=(*before, step))
    )


def write_version(version: Version, folder: Path) -> None:
    """Write a table; what the folder held of another one is replaced, whole or not at all.

    Raises:
        DataFileError: the folder holds other things, or cannot be written to.
    """
    allowed = {SAMPLES_FILE, MANIFEST_FILE}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = sorted(path.name for path in folder.iterdir() if path.name not in allowed)
        if strange:
            raise DataFileError(f"{folder} holds other things ({strange[0]}): name a new folder for the data.")
        manifest = msgspec.json.format(msgspec.json.encode(version.manifest), indent=2) + b"\n"
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as beside:
            for name, content in ((SAMPLES_FILE, encode(version.table)), (MANIFEST_FILE, manifest)):
                (Path(beside) / name).write_bytes(content)
            for name in (SAMPLES_FILE, MANIFEST_FILE):
                (Path(beside) / name).replace(folder / name)
    except OSError as error:
        raise DataFileError(f"{folder} cannot be written to: {error}") from error


def read_version(folder: Path) -> Version:
    """Read a table.

    Raises:
        DataFileError: the folder is none of a table, or a line of it is no sample.
        DataChangedError: the samples are not those of the manifest.
    """
    try:
        manifest = msgspec.json.decode((folder / MANIFEST_FILE).read_bytes(), type=Manifest)
        written = (folder / SAMPLES_FILE).read_bytes()
    except (OSError, msgspec.MsgspecError) as error:
        raise DataFileError(f"{folder} holds no data ({error}); `xiaoer data import` makes some.") from error
    if hash_of(written) != manifest.data_hash:
        raise DataChangedError(
            f"{folder / SAMPLES_FILE} is {hash_of(written)}, its manifest says {manifest.data_hash}: it was changed by"
            " hand. Make it again, or take it in as a new table: xiaoer data import --format samples."
        )
    return Version(
        tuple(_sample(folder, number, line) for number, line in enumerate(written.splitlines(), 1)), manifest
    )


def _sample(folder: Path, number: int, line: bytes) -> Sample:
    try:
        return msgspec.json.decode(line, type=Sample)
    except msgspec.MsgspecError as error:
        raise DataFileError(f"{folder / SAMPLES_FILE}:{number}: no sample ({error}).") from error
