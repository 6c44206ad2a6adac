"""Training of the tagger."""

import ctypes
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from xiaoer.learn.examples import Example
from xiaoer.understand import character_features, tags_of_spans

_ITERATIONS = 10
_L2 = 0.5
_UNMARKED_SHARE = 0.6
_LEAST_OFTEN = 3


def fit_tagger(examples: Sequence[Example], kinds: Iterable[str], path: Path, *, seed: int = 0) -> None:
    """Train a tagger of the given kinds by stochastic gradient descent and write it to `path`.

    Of utterances without a mark some are left out: they teach little and take half of the time.
    """
    wanted, chance = frozenset(kinds), random.Random(seed)  # noqa: S311  # a sample, no secret
    trainer = pycrfsuite.Trainer(algorithm="l2sgd", verbose=False)
    trainer.set_params({"c2": _L2, "max_iterations": _ITERATIONS, "feature.minfreq": _LEAST_OFTEN})
    for example in examples:
        text = example.analysis.text
        marks = [mark for mark in example.marks if mark[0] in wanted]
        if text and (marks or chance.random() < _UNMARKED_SHARE):
            trainer.append(
                pycrfsuite.ItemSequence(character_features(example.analysis)), tags_of_spans(len(text), marks)
            )
    ctypes.CDLL(None).srand(seed)  # CRFsuite shuffles with C's own random numbers
    trainer.train(str(path))
