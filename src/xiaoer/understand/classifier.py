"""What reads the intent of texts, whatever its tier, and the one way to get it from a model's folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from xiaoer.serve import FULL, ModelCard
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.few_shot import FewShotClassifier
from xiaoer.understand.full import FullModel
from xiaoer.understand.intents import Floats
from xiaoer.understand.light_classifier import LightClassifier


class Classifier(Protocol):
    """Reads the intent of texts; the same for each tier and for models of packs and of data."""

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        ...

    @property
    def threshold(self) -> float:
        """A top probability under it is out of scope."""
        ...

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each intent for texts as they were received: texts × intents."""
        ...


def load_classifier(folder: Path) -> Classifier:
    """Read a model of labelled data, by the kind that its card names.

    Raises:
        UnreadableModelCardError: the folder has no card, or none of this version.
        ModelNotFoundError: it is a pack's light model, the kind is unknown here, or files of the model are missing.
    """
    card = ModelCard.read(folder)
    if card.pack and card.kind != FULL:  # a full one carries what it needs
        raise ModelNotFoundError(f"{folder} is a model of the pack {card.pack}: it reads texts with that pack alone.")
    match card.kind:
        case "light":
            return LightClassifier.load(folder)
        case "full":
            return FullModel.load(folder)
        case "few_shot":
            return FewShotClassifier.load(folder)
        case kind:
            raise ModelNotFoundError(f"{folder} holds a model of the kind {kind!r}, which this version does not know.")
