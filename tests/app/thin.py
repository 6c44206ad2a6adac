"""The demo shop's pack with few utterances and phrasings: whole in everything else, and trained in seconds."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from xiaoer.learn import train_light, training_hash
from xiaoer.pack import read_pack
from xiaoer.serve import ModelRegistry

SHOP_PACK = Path(__file__).parents[2] / "packs" / "shop_zh"
_UTTERANCES = 20
_PHRASINGS = 6


def thin_copy(target: Path, source: Path = SHOP_PACK) -> Path:
    """Copy a pack (the demo shop's), with a few utterances of each intent and phrasings of each question.

    Its conversation tests stay behind. Gives the copy's folder.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("tests"))
    for content in _rewritten(target / "intents"):
        for intent in content["intents"]:
            intent["utterances"] = "\n".join(intent["utterances"].strip().splitlines()[:_UTTERANCES])
    for content in _rewritten(target / "faq"):
        for entry in content["entries"]:
            entry["phrasings"] = entry["phrasings"][:_PHRASINGS]
    return target


def _rewritten(folder: Path) -> Iterator[Any]:  # any: what YAML holds
    """Give the content of each file of a folder; as it is then, it is written back."""
    for path in folder.glob("*.yaml"):
        content = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # safe, in C
        yield content
        path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")


def train_into(data: Path, pack_folder: Path) -> None:
    """Train a pack and publish its model in a data folder, as `xiaoer train` does."""
    pack = read_pack(pack_folder)
    registry = ModelRegistry(data / "models")
    registry.publish(pack.manifest.name, training_hash(pack), lambda folder: _write(pack_folder, folder))


def _write(pack_folder: Path, folder: Path) -> None:
    train_light(read_pack(pack_folder), folder)
