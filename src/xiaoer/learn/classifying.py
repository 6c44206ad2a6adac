"""Training of a light classifier from labelled texts alone."""

from collections.abc import Sequence

from xiaoer.learn.intents import fit_intents
from xiaoer.understand import LightClassifier, features_of


def fit_classifier(texts: Sequence[str], intents: Sequence[str], *, seed: int = 0) -> LightClassifier:
    """Train a light classifier on texts as they were received.

    Raises:
        TooFewUtterancesError: an intent has under three texts, or there is only one intent.
    """
    return LightClassifier(fit_intents([features_of(text) for text in texts], intents, seed=seed))
