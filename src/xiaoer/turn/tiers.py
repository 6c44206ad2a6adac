"""The full tier of a release: one model's answers, asked for together with others', in place of the light ones."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from msgspec import structs

from xiaoer.events import Reading, Understood
from xiaoer.serve import Batcher, TierAwayError
from xiaoer.understand import Classifier, Router, TierPair, Understander

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A full model that is loaded: its id, what it is, and the queue before it."""

    id: str
    classifier: Classifier
    batcher: Batcher


class FullTier:
    """Reads a pack's messages with a full model (`FullReader`); entities and mood stay the light tier's.

    The model must know the intents that the light one knows, in whatever order.
    """

    def __init__(self, understander: Understander, model: ServedModel, router: Router) -> None:
        self.model_id = model.id
        self._understander = understander
        self._model = model
        self._router = router
        self._pair = TierPair(understander, model.classifier)

    def escalates(self, text: str, light: Reading, *, has_task: bool) -> bool:
        """Say whether a message is read again; an empty one is not."""
        return bool(text) and self._router.escalates(text, light, has_task=has_task)

    async def read(self, text: str, light: Understood, *, now: datetime) -> Understood:
        """Read a message again; the light reading stands if the model does not answer in time."""
        try:
            rows = await self._model.batcher.ask(self._understander.pieces(text))
        except TierAwayError as error:
            _log.warning("tier.missed", model=self.model_id, why=str(error))
            return structs.replace(light, missed=self.model_id)
        reading = self._pair.reading(text, rows, now=now)
        return Understood(reading=reading, model=both(light.model, self.model_id))


def both(light: str, full: str) -> str:
    """Give the name of two models that read a message together."""
    return f"{light}+{full}"
