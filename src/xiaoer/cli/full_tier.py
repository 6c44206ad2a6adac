"""The options of `xiaoer train` that the full tier has, and training with them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import click

from xiaoer.cli.output import progress
from xiaoer.learn import (
    PACK_SETTINGS,
    FullSettings,
    Origin,
    changed_settings,
    data,
    read_full_settings,
    search_full,
    train_full_from_data,
    train_full_of_pack,
)
from xiaoer.pack import Pack
from xiaoer.serve import ModelCard, ModelRegistry

_METHODS = ("grid", "random", "bayes")


class FullOptions(TypedDict):
    """What `full_options` adds to what a command is given."""

    settings: Path | None
    search: str | None
    trials: int | None
    at_once: int | None
    private_epsilon: float | None


def full_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how the full tier is trained."""
    for option in (
        click.option("--private-epsilon", type=float, help="Full tier: train privately and spend no more than this."),
        click.option("--at-once", type=int, help="Full tier: how many of them at once, spread over Ray."),
        click.option("--trials", type=int, help="Full tier: how many settings a search tries."),
        click.option("--search", type=click.Choice(_METHODS), help="Full tier: search for better settings first."),
        click.option("--settings", type=click.Path(path_type=Path), help="Full tier: a TOML file of settings."),
    ):
        command = option(command)
    return command


def is_any_given(options: FullOptions) -> bool:
    """Say whether one of the options was given."""
    own = (options["settings"], options["search"], options["trials"], options["at_once"], options["private_epsilon"])
    return any(value is not None for value in own)


def settings_of(options: FullOptions, usual: FullSettings) -> FullSettings:
    """Give the settings of the file, the usual ones without one, and the options, which count more.

    Raises:
        FullSettingError: the file cannot be read, or a value will not do.
    """
    file = options["settings"]
    given = {
        "search.method": options["search"],
        "search.trials": options["trials"],
        "search.at_once": options["at_once"],
        "privacy.epsilon": options["private_epsilon"],
    }
    changes = {name: value for name, value in given.items() if value is not None}
    return changed_settings(usual if file is None else read_full_settings(file), changes)


def full_of_data(  # what is trained, where, how, and what is told of it
    table: data.Table, out: Path, options: FullOptions, *, seed: int, origin: Origin, is_quiet: bool
) -> ModelCard:
    """Train a full model of labelled data, searched for first if that is wanted."""
    settings, show = settings_of(options, FullSettings()), progress(is_quiet=is_quiet)
    if options["search"] is not None:
        found = search_full(table, out, seed=seed, settings=settings, progress=show)
        click.echo(f"Settings: {found}", err=True)
        settings = found.settings
    return train_full_from_data(table, out, settings=settings, seed=seed, origin=origin, progress=show)


def full_of_pack(  # what is trained, where to, how, and what is told of it
    pack: Pack, registry: ModelRegistry, options: FullOptions, *, seed: int, origin: Origin, is_quiet: bool
) -> ModelCard:
    """Train a full model of a pack and take it into the registry; it answers when it is chosen.

    Raises:
        UsageError: a search is wanted.
    """
    if options["search"] is not None:
        raise click.UsageError("A search is for labelled data: bring the pack's utterances in with xiaoer data import.")

    def write(folder: Path) -> None:
        settings, show = settings_of(options, PACK_SETTINGS), progress(is_quiet=is_quiet)
        train_full_of_pack(pack, folder, settings=settings, seed=seed, origin=origin, progress=show)

    model = registry.add(pack.manifest.name, write)
    click.echo(f"{model.id}: `xiaoer models use {model.id}` has it answer.", err=True)
    return model.card
