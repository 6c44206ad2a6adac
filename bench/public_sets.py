"""Public sets of texts with intents, read as their authors published them."""

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from xiaoer.learn.data import ImportSetting, Sample, Table, version_at
from xiaoer.understand import OUT_OF_SCOPE


def banking77(folder: Path) -> tuple[Table, Table]:
    """Give the parts to learn from and to be judged on."""
    setting = ImportSetting(intent="category")
    train, test = (version_at(folder / f"{part}.csv", setting).table for part in ("train", "test"))
    return train, test


def clinc150(folder: Path) -> tuple[Table, Table, Table]:
    """Give the parts to learn from and to be judged on, both in scope, and the texts out of scope to be judged on.

    What is learnt from holds the official validation part, marked as such: for when to stop and how sure to be.
    """
    parts = json.loads((folder / "data_full.json").read_text(encoding="utf-8"))
    train, val, known, unknown = (_table(parts[name], name) for name in ("train", "val", "test", "oos_test"))
    marked = ((sample, "train") for sample in train), ((sample, "dev") for sample in val)
    taught = tuple(msgspec.structs.replace(sample, split=part) for samples in marked for sample, part in samples)
    return taught, known, tuple(msgspec.structs.replace(sample, intent=OUT_OF_SCOPE) for sample in unknown)


def cic(folder: Path) -> tuple[Table, Table]:
    """Give the parts `train` and `dev`; the labels of both are noisy."""
    train, dev = (_lines(folder / f"{part}.jsonl", part) for part in ("train", "dev"))
    return train, dev


def _lines(path: Path, part: str) -> Table:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return _table(((row["sentence"], row["label_des"]) for row in rows), part)


def _table(pairs: Iterable[tuple[str, str]], part: str) -> Table:
    return tuple(Sample(id=f"{part}:{at}", text=text, intent=intent) for at, (text, intent) in enumerate(pairs))
