"""The full model of one pack that is in use: loaded and warmed up before it serves; a bad one leaves the former."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import structlog

from xiaoer.errors import XiaoerError
from xiaoer.pack import Pack
from xiaoer.serve import LIGHT, Batcher, ModelRegistry, RegisteredModel
from xiaoer.settings import TierSettings
from xiaoer.turn import FullTier, ServedModel
from xiaoer.understand import ROUTING_FILE, Classifier, LightModel, Router, Routing, Understander, load_classifier

_WARM_UP_TEXTS = 4
_PATIENT_SECONDS = 600.0
_UNFIT = "knows other intents than the light model; train it again from the pack as it is now"

LoadFull: TypeAlias = Callable[[Path], Classifier]
"""Reads a full model from its folder."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Loaded:
    classifier: Classifier
    routing: Routing
    stamp: int


class UnfitModelError(XiaoerError):
    """A full model knows other intents than the light one beside which it is to read."""

    code = "model.unfit"
    status = 422


class FullShelf:
    """Holds the full model that is marked as in use; `problem` says what was wrong with the last one tried."""

    def __init__(self, registry: ModelRegistry, settings: TierSettings, load: LoadFull) -> None:
        self._registry = registry
        self._load = load
        self._settings = settings
        self._model: ServedModel | None = None
        self._routing = Routing()
        self._stamp = 0
        self.problem = ""

    async def tier(self, name: str, reader: Understander, pack: Pack) -> FullTier | None:
        """Give the full tier beside a pack's light one; `name` is the pack's own. None where no full model serves."""
        self.problem = ""
        id = (await asyncio.to_thread(self._registry.marks, name)).full if self._settings.full else ""
        if not id:
            self.close()
            return None
        stamp = await asyncio.to_thread(routing_stamp, self._registry, id)
        if self._model is None or (self._model.id, self._stamp) != (id, stamp):
            await self._take(id, reader, pack)
        if self._model is None or not self._is_fit(self._model.id, self._model.classifier, reader):
            return None
        return FullTier(reader, self._model, Router(self._routing, pack))

    def close(self) -> None:
        """Serve no full model any more; who waits for its answer gets it."""
        self._serve_by(None)

    def _serve_by(self, model: ServedModel | None) -> None:
        if self._model is not None:
            self._model.batcher.retire()
        self._model = model

    async def _take(self, id: str, reader: Understander, pack: Pack) -> None:
        """Load a model and have it read once; whatever goes wrong, the former stays."""
        loading = asyncio.ensure_future(asyncio.to_thread(self._loaded, id, pack))
        await asyncio.wait([loading])
        # A runtime may raise anything for a damaged model; nothing of that may end what serves.
        error = loading.exception()
        if error is not None:
            self._refuse(id, f"{type(error).__name__}: {error}")
            return
        new = loading.result()
        if not self._is_fit(id, new.classifier, reader):
            return
        batcher = Batcher(new.classifier.probabilities, self._settings, name=id, monotonic=time.monotonic)
        self._serve_by(ServedModel(id, new.classifier, batcher))
        self._routing, self._stamp = new.routing, new.stamp

    def _loaded(self, id: str, pack: Pack) -> _Loaded:
        """Load a model and have it read, so that no customer waits for what is only made for the first text."""
        stamp = routing_stamp(self._registry, id)
        folder = self._registry.model(id).folder
        classifier = self._load(folder)
        classifier.probabilities([text for text, _ in islice(pack.utterances(), _WARM_UP_TEXTS)])
        return _Loaded(classifier, Routing.load(folder), stamp)

    def _is_fit(self, id: str, classifier: Classifier, reader: Understander) -> bool:
        if _fits(classifier, reader.intents):
            return True
        self._refuse(id, f"it {_UNFIT}")
        return False

    def _refuse(self, id: str, why: str) -> None:
        self.problem = f"The full model {id} cannot be used: {why}"
        _log.error("model.refused", model=id, why=why, kept=self._model.id if self._model else "")


def rehearsing_tier(model: RegisteredModel, light: LightModel, pack: Pack) -> Callable[[Understander], FullTier]:
    """Load a full model for rehearsals, which wait for it as long as it takes; what is given puts it beside a reader.

    Raises:
        UnfitModelError: it knows other intents than the light model. XiaoerError: it cannot be loaded.
    """
    classifier, router = load_classifier(model.folder), Router(Routing.load(model.folder), pack)
    if not _fits(classifier, light.intents.names):
        raise UnfitModelError(f"The full model {model.id} {_UNFIT}.")
    patient = TierSettings(timeout_seconds=_PATIENT_SECONDS)
    batcher = Batcher(classifier.probabilities, patient, name=model.id, monotonic=time.monotonic)
    served = ServedModel(model.id, classifier, batcher)
    return lambda reader: FullTier(reader, served, router)


def _fits(classifier: Classifier, intents: Iterable[str]) -> bool:
    return sorted(classifier.names) == sorted(intents)


def check_model(model: RegisteredModel) -> None:
    """Make sure that a model of a pack can be loaded and reads, before it is chosen.

    Raises:
        XiaoerError: it cannot be.
    """
    if model.card.kind == LIGHT:
        LightModel.load(model.folder)
    else:
        load_classifier(model.folder).probabilities(["?"])
        Routing.load(model.folder)


def routing_stamp(registry: ModelRegistry, id: str) -> int:
    """Tell a full model's limits from those that are chosen later (nanoseconds; 0 if there are none)."""
    try:
        return (registry.model(id).folder / ROUTING_FILE).stat().st_mtime_ns
    except (OSError, XiaoerError):
        return 0
