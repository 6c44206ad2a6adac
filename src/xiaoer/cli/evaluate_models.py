"""The models that `xiaoer evaluate` is given: that of a pack as it serves, or one of labelled data by its folder."""

from pathlib import Path

from xiaoer.cli.models import ensure_model, registry_of
from xiaoer.clock import SystemClock
from xiaoer.learn import evaluation
from xiaoer.serve import CARD_FILE
from xiaoer.settings import load_settings
from xiaoer.understand import LightModel, Router, Routing, Understander, load_classifier, training_hash

_PACKS = Path("packs")


def trained_at(folder: Path) -> evaluation.Trained:
    """Give the model of labelled data that lies in a folder."""
    return evaluation.Trained(str(folder), evaluation.reading_by(load_classifier(folder)))


def trained_anywhere(folder: Path, *, is_quiet: bool) -> evaluation.Trained:
    """Give the model of a folder: of labelled data if its card lies there, else that of the pack."""
    return trained_at(folder) if (folder / CARD_FILE).is_file() else trained_from(folder, is_quiet=is_quiet)


def trained_from(pack: Path | None, *, is_quiet: bool) -> evaluation.Trained:
    """Give the model that serves a pack (that of the settings if none is named), trained if need be."""
    settings = load_settings(pack=pack_folder(pack))
    read = ensure_model(settings, is_quiet=is_quiet)
    registry, now = registry_of(settings), SystemClock().now()
    understander = Understander(LightModel.load(registry.light(read.manifest.name, training_hash(read))), read)
    full = registry.marks(read.manifest.name).full
    if not full or not settings.tiers.full:
        name = f"{understander.model_id} of the pack {settings.pack}"
        return evaluation.Trained(name, evaluation.reading_at(understander, now), read)
    folder = registry.model(full).folder
    router = Router(Routing.load(folder), read)
    in_tiers = evaluation.reading_in_tiers(understander, load_classifier(folder), router, now)
    return evaluation.Trained(f"{understander.model_id} and {full} of the pack {settings.pack}", in_tiers, read)


def pack_folder(named: Path | None) -> Path | None:
    """Give the folder of a pack that may be named by its folder, or by its name in `packs/`."""
    is_in_packs = named is not None and not named.exists() and (_PACKS / named).is_dir()
    return _PACKS / named if named is not None and is_in_packs else named
