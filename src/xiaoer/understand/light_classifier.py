"""The light tier without a pack: an intent model that sees characters and words alone, in any language."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiaoer.text import normalise
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.features import FeatureBlocks, Featurizer
from xiaoer.understand.intents import Floats, IntentModel
from xiaoer.understand.light import INTENTS_FILE

_FEATURIZER = Featurizer(())


def features_of(text: str) -> FeatureBlocks:
    """Give what a model of labelled data looks at in a text as it was received."""
    return _FEATURIZER.features(normalise(text).text, (), ())


@dataclass(frozen=True, slots=True)
class LightClassifier:
    """Reads the intent of texts with an intent model that was trained on labelled data alone."""

    model: IntentModel

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        return self.model.names

    @property
    def threshold(self) -> float:
        """A top probability under it is out of scope."""
        return self.model.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each intent for texts as they were received: texts × intents."""
        probabilities: Floats = np.zeros((len(texts), len(self.names)), dtype=np.float32)
        for row, text in enumerate(texts):
            probabilities[row] = self.model.probabilities(features_of(text))
        return probabilities

    def save(self, folder: Path) -> None:
        """Write the model's file into an existing folder."""
        self.model.save(folder / INTENTS_FILE)

    @classmethod
    def load(cls, folder: Path) -> "LightClassifier":
        """Read the model's file of a folder.

        Raises:
            ModelNotFoundError: there is none, or another version wrote it.
        """
        try:
            return cls(IntentModel.load(folder / INTENTS_FILE))
        except (OSError, KeyError, ValueError) as error:
            raise ModelNotFoundError(
                f"{folder / INTENTS_FILE} is no model of this version ({error}). `xiaoer train --data` makes one."
            ) from error
