"""The light tier without a pack: sees characters and words alone, in any language."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiaoer.text import SURE_ENOUGH, Spelling, normalise
from xiaoer.understand.errors import ModelNotFoundError
from xiaoer.understand.features import FeatureBlocks, Featurizer
from xiaoer.understand.grams import GramNetwork, grams_of
from xiaoer.understand.intents import OUT_OF_SCOPE, Floats, IntentModel
from xiaoer.understand.light import INTENTS_FILE

GRAMS_FILE = "grams.npz"
MIXING_FILE = "mixing.npz"
_FEATURIZER = Featurizer(())


def features_of(text: str) -> FeatureBlocks:
    """Give what the linear model of labelled data looks at in a normalised text."""
    return _FEATURIZER.features(text, (), ())


@dataclass(frozen=True, slots=True)
class Mixing:
    """How scores become probabilities: `linear` and `network` are the weights of the two models' scores.

    `rest` is the score of what is none of the intents; minus infinity if there is no such thing.
    """

    linear: float
    network: float
    rest: float

    def probabilities(self, linear: NDArray[np.floating], network: NDArray[np.floating], unknown: int | None) -> Floats:
        """Give probabilities (texts × intents) from the two models' scores.

        `unknown` is the place of the intent that is out of scope, which the chance of the rest is added to. If there is
        none, a row adds up to less than one.
        """
        scores = self.linear * linear + self.network * network
        highest = np.maximum(scores.max(axis=1, keepdims=True), self.rest)
        chances, rest = np.exp(scores - highest), np.exp(self.rest - highest)
        if unknown is not None:
            chances[:, unknown] += rest[:, 0]
            rest = np.zeros_like(rest)
        probabilities: Floats = (chances / (chances.sum(axis=1, keepdims=True) + rest)).astype(np.float32)
        return probabilities


@dataclass(frozen=True, slots=True)
class LightClassifier:
    """Reads the intent of texts by a linear model and a network, which were trained on labelled data alone."""

    linear: IntentModel
    network: GramNetwork
    mixing: Mixing
    spelling: Spelling

    @property
    def names(self) -> tuple[str, ...]:
        """The intents, in the order of the probabilities."""
        return self.linear.names

    @property
    def threshold(self) -> float:
        """A top probability under it is out of scope."""
        return self.linear.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Give the calibrated probability of each intent for texts as they were received: texts × intents.

        What is missing to one in a row is the chance that none of the intents is meant.
        """
        return self.read(texts)[1]

    def read(self, texts: Sequence[str]) -> tuple[list[str], Floats]:
        """Give the normal forms of texts as they were meant, and their probabilities.

        Characters that sound alike were meant if the model is sure enough of them.
        """
        typed = [self.spelling.in_characters(normalise(text)) for text in texts]
        meant = [self.spelling.by_sound(normal) for normal in typed]
        read, chances = [normal.text for normal in typed], self._probabilities([normal.text for normal in typed])
        rows = [row for row, (one, other) in enumerate(zip(typed, meant, strict=True)) if one is not other]
        for row, others in zip(rows, self._probabilities([meant[row].text for row in rows]), strict=True):
            if others.max() >= SURE_ENOUGH * chances[row].max():
                read[row], chances[row] = meant[row].text, others
        return read, chances

    def _probabilities(self, texts: Sequence[str]) -> Floats:
        shape = len(texts), len(self.names)
        linear: Floats = np.zeros(shape, dtype=np.float32)
        network: Floats = np.zeros(shape, dtype=np.float32)
        for row, text in enumerate(texts):
            linear[row] = self.linear.scores(features_of(text))
            network[row] = self.network.scores(grams_of(text))
        return self.mixing.probabilities(linear, network, place_of_unknown(self.names))

    def save(self, folder: Path) -> None:
        """Write the model's files into an existing folder."""
        self.spelling.save(folder)
        self.linear.save(folder / INTENTS_FILE)
        self.network.save(folder / GRAMS_FILE)
        np.savez(folder / MIXING_FILE, numbers=np.array(astuple(self.mixing), dtype=np.float64))

    @classmethod
    def load(cls, folder: Path) -> "LightClassifier":
        """Read the model's files of a folder.

        Raises:
            ModelNotFoundError: one is missing, or another version wrote it.
        """
        try:
            with np.load(folder / MIXING_FILE, allow_pickle=False) as arrays:
                mixing = Mixing(*arrays["numbers"].tolist())
            linear, network = IntentModel.load(folder / INTENTS_FILE), GramNetwork.load(folder / GRAMS_FILE)
            return cls(linear, network, mixing, Spelling.find(folder))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelNotFoundError(
                f"{folder} holds no light model of this version ({error}). `xiaoer train --data` makes one."
            ) from error


def place_of_unknown(names: tuple[str, ...]) -> int | None:
    """Give the place of the intent that is out of scope, if there is one."""
    return names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None
