"""Making sure that a pack has a trained model."""

from pathlib import Path

import click

from xiaoer.cli.output import progress
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import ModelCard, ModelRegistry, shared_registry
from xiaoer.settings import Settings
from xiaoer.understand import training_hash


def registry_of(settings: Settings) -> ModelRegistry:
    """Give the registry of the data folder, shared with other machines if the settings name a store."""
    folder = settings.data / "models"
    return shared_registry(folder, settings.models.store) or ModelRegistry(folder)


def ensure_model(settings: Settings, *, is_quiet: bool = False) -> Pack:
    """Read the pack of the settings and train it unless that was done for just these files; give the pack."""
    pack = read_pack(settings.pack)
    registry = registry_of(settings)
    if registry.find(pack.manifest.name, training_hash(pack)) is None:
        if not is_quiet:
            click.echo(f"Training the understanding of {pack.manifest.name} …", err=True)
        train(pack, registry, seed=0, is_quiet=is_quiet)
    return pack


def train(pack: Pack, registry: ModelRegistry, *, seed: int, is_quiet: bool) -> ModelCard:
    """Train a pack's model and publish it in the registry."""
    from xiaoer.learn import train_light  # noqa: PLC0415  # brings scipy, which serving does without

    cards: list[ModelCard] = []

    def write(folder: Path) -> None:
        cards.append(train_light(pack, folder, seed=seed, progress=progress(is_quiet=is_quiet)))

    registry.publish(pack.manifest.name, training_hash(pack), write)
    return cards[0]
