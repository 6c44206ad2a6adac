"""Prototypes: an intent is the mean of its examples' vectors, and the nearest one is meant (Snell et al., 2017)."""

from pathlib import Path

import numpy as np

from xiaoer.learn.fewshot.encoders import Floats, load_encoder
from xiaoer.learn.fewshot.examples import Examples, FewShot

_SHARPNESS = 10.0
"""What distances are multiplied by where nothing is held out to measure it."""


def learn_by_prototypes(examples: Examples, folder: Path) -> FewShot:
    """Learn with the encoder as it is; one example of an intent is enough.

    The squared distance to a prototype is linear in the vector but for a part that all intents share.

    Raises:
        EncoderUnfitError: the folder holds no encoder.
    """
    encoder = load_encoder(folder)
    vectors = encoder.encode(examples.texts)
    means = np.stack([vectors[examples.labels == at].mean(axis=0) for at in range(len(examples.names))])
    lengths: Floats = np.square(means).sum(axis=1)
    return FewShot(encoder, (2 * _SHARPNESS * means.T).astype(np.float32), -_SHARPNESS * lengths)
