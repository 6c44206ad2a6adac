"""The demo shop's pack with few utterances: whole in everything else, and trained in a second."""

import shutil
from pathlib import Path

import yaml

from xiaoer.learn import train_light, training_hash
from xiaoer.pack import read_pack
from xiaoer.serve import ModelRegistry

SHOP_PACK = Path(__file__).parents[2] / "packs" / "shop_zh"
_UTTERANCES = 20


def thin_copy(target: Path, source: Path = SHOP_PACK) -> Path:
    """Copy a pack (the demo shop's), with a few utterances of each intent, and give the copy's folder."""
    shutil.copytree(source, target)
    for path in (target / "intents").glob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for intent in content["intents"]:
            intent["utterances"] = "\n".join(intent["utterances"].strip().splitlines()[:_UTTERANCES])
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return target


def train_into(data: Path, pack_folder: Path) -> None:
    """Train a pack and publish its model in a data folder, as `xiaoer train` does."""
    pack = read_pack(pack_folder)
    registry = ModelRegistry(data / "models")
    registry.publish(pack.manifest.name, training_hash(pack), lambda folder: _write(pack_folder, folder))


def _write(pack_folder: Path, folder: Path) -> None:
    train_light(read_pack(pack_folder), folder)
