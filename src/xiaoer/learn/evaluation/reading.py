"""How models read texts in an evaluation: a pack's as a customer's messages, one of labelled data by its intents."""

from datetime import datetime

import numpy as np

from xiaoer.events import IntentScore, Reading
from xiaoer.learn.evaluation.judging import Read
from xiaoer.understand import OUT_OF_SCOPE, Classifier, Router, Understander, read_in_full

_RANKED = 10


def reading_at(understander: Understander, now: datetime) -> Read:
    """Read texts as messages that came at a moment (aware)."""
    return lambda text: understander.read(text, now=now)


def reading_in_tiers(understander: Understander, full: Classifier, router: Router, now: datetime) -> Read:
    """Read texts as messages that came at a moment (aware), by a full model where the light one is not sure enough."""

    def read(text: str) -> Reading:
        light = understander.read(text, now=now)
        if not router.escalates(text, light, has_task=False):
            return light
        return read_in_full(understander, full, text, now=now)

    return read


def reading_by(classifier: Classifier) -> Read:
    """Read the intent of texts alone."""

    def read(text: str) -> Reading:
        chances = classifier.probabilities([text])[0]
        best = np.argsort(-chances, kind="stable")[:_RANKED].tolist()
        ranking = tuple(IntentScore(classifier.names[at], float(chances[at])) for at in best)
        first = ranking[0]
        is_in_scope = first.name != OUT_OF_SCOPE and first.confidence >= classifier.threshold
        return Reading(intent=first, intent_ranking=ranking, is_in_scope=is_in_scope)

    return read
