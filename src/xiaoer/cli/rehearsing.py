"""What reads a pack's messages in rehearsals: its light model, and a full one of the registry where one is named."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

import click

from xiaoer.app import rehearsing_tier
from xiaoer.knowledge import Retriever
from xiaoer.pack import Pack
from xiaoer.serve import ModelRegistry
from xiaoer.trial import TrialStage, trial_stage
from xiaoer.turn import FullReader, Reader
from xiaoer.understand import LightModel, Understander, training_hash

FULL = click.option(
    "--full", default="", metavar="ID", help="A full model (xiaoer models list) that reads too, by its limits."
)


def stage_of(pack: Pack, registry: ModelRegistry, full: str) -> AbstractAsyncContextManager[TrialStage]:
    """Open a stage for a pack with its light model; `full` is the id of a full one, empty for none.

    Raises:
        ModelMissingError: the pack has no model of what it is now. NoSuchModelError, UnfitModelError:
            there is no such full one, or it does not fit.
    """
    folder = registry.light(pack.manifest.name, training_hash(pack))
    light = LightModel.load(folder)
    beside = rehearsing_tier(registry.model(full), light, pack) if full else None

    def readers(words: Mapping[str, Mapping[str, str]]) -> tuple[Reader, FullReader | None]:
        reader = Understander(light, pack, words)
        return reader, beside(reader) if beside is not None else None

    return trial_stage(pack, readers, Retriever.of_pack(pack, folder).search)
