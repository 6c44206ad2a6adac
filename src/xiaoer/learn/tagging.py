"""Training of the tagger."""

import ctypes
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pycrfsuite

from xiaoer.learn.examples import Example
from xiaoer.understand import tags_of_marks, token_features, tokens_of

_UNMARKED_SHARE = 0.6
_BY_CHARACTERS: Mapping[str, float] = MappingProxyType({"c2": 0.5, "max_iterations": 10, "feature.minfreq": 3})
_BY_WORDS: Mapping[str, float] = MappingProxyType({"c2": 0.05, "max_iterations": 20, "feature.minfreq": 2})
"""Chosen by cross-validation on the packs: a text has fewer words than characters, so that each is learnt from less."""


def fit_tagger(examples: Sequence[Example], kinds: Iterable[str], path: Path, *, seed: int = 0) -> None:
    """Train a tagger of the given kinds by stochastic gradient descent and write it to `path`.

    Of utterances without a mark some are left out: they teach little and take half of the time.
    """
    wanted, chance = frozenset(kinds), random.Random(seed)  # noqa: S311  # a sample, no secret
    trainer = pycrfsuite.Trainer(algorithm="l2sgd", verbose=False)
    trainer.set_params(dict(_BY_WORDS if any(one.analysis.is_by_words for one in examples) else _BY_CHARACTERS))
    for example in examples:
        text = example.analysis.text
        marks = [mark for mark in example.marks if mark[0] in wanted]
        if text and (marks or chance.random() < _UNMARKED_SHARE):
            tokens = tokens_of(example.analysis)
            trainer.append(
                pycrfsuite.ItemSequence(token_features(example.analysis, tokens)), tags_of_marks(tokens, marks)
            )
    ctypes.CDLL(None).srand(seed)  # CRFsuite shuffles with C's own random numbers
    trainer.train(str(path))
