"""Training and judging of models, from a pack or from labelled data: here the light tier, seconds on two cores.

Serving never imports this room; what both share is `understand`'s.
"""

from xiaoer.learn import data, evaluation
from xiaoer.learn.answer_validation import AnswerReport, AnswersFrom, cross_validate_answers
from xiaoer.learn.errors import TierMissingError, TooFewTextsError, TooFewUtterancesError
from xiaoer.learn.from_data import Origin, Tier, train_from_data
from xiaoer.learn.light import train_light
from xiaoer.learn.report import ClassScore, Confusion, EntityReport, IntentReport
from xiaoer.learn.routing import Compared, Held, choose_routing, compare_tiers, held_out, measure_routing
from xiaoer.learn.validation import cross_validate, cross_validate_entities, cross_validate_pairs
from xiaoer.serve import ModelCard
from xiaoer.understand import training_hash

__all__ = [
    "AnswerReport",
    "AnswersFrom",
    "ClassScore",
    "Compared",
    "Confusion",
    "EntityReport",
    "Held",
    "IntentReport",
    "ModelCard",
    "Origin",
    "Tier",
    "TierMissingError",
    "TooFewTextsError",
    "TooFewUtterancesError",
    "choose_routing",
    "compare_tiers",
    "cross_validate",
    "cross_validate_answers",
    "cross_validate_entities",
    "cross_validate_pairs",
    "data",
    "evaluation",
    "held_out",
    "measure_routing",
    "train_from_data",
    "train_light",
    "training_hash",
]
