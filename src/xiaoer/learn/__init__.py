"""Training and judging of models, from a pack or from labelled data: here the light tier, seconds on two cores.

Serving never imports this room; what both share is `understand`'s.
"""

from xiaoer.learn import data, evaluation, pretraining
from xiaoer.learn.answer_validation import AnswerReport, AnswersFrom, cross_validate_answers
from xiaoer.learn.errors import TierMissingError, TooFewTextsError, TooFewUtterancesError
from xiaoer.learn.from_data import Origin, Tier, told_of, train_from_data, train_full_from_data
from xiaoer.learn.full import EncoderError, FullSettingError, FullSettings, search_full, train_full
from xiaoer.learn.full import changed as changed_settings
from xiaoer.learn.full import read_settings as read_full_settings
from xiaoer.learn.full_pack import (
    PACK_SETTINGS,
    LightOfPack,
    fitting_light,
    table_of_pack,
    train_full_of_pack,
    train_full_of_samples,
)
from xiaoer.learn.light import train_light
from xiaoer.learn.report import ClassScore, Confusion, EntityReport, IntentReport
from xiaoer.learn.routing import Compared, Held, choose_routing, compare_tiers, held_out, measure_routing
from xiaoer.learn.validation import cross_validate, cross_validate_entities, cross_validate_pairs
from xiaoer.serve import ModelCard
from xiaoer.understand import training_hash

__all__ = [
    "PACK_SETTINGS",
    "AnswerReport",
    "AnswersFrom",
    "ClassScore",
    "Compared",
    "Confusion",
    "EncoderError",
    "EntityReport",
    "FullSettingError",
    "FullSettings",
    "Held",
    "IntentReport",
    "LightOfPack",
    "ModelCard",
    "Origin",
    "Tier",
    "TierMissingError",
    "TooFewTextsError",
    "TooFewUtterancesError",
    "changed_settings",
    "choose_routing",
    "compare_tiers",
    "cross_validate",
    "cross_validate_answers",
    "cross_validate_entities",
    "cross_validate_pairs",
    "data",
    "evaluation",
    "fitting_light",
    "held_out",
    "measure_routing",
    "pretraining",
    "read_full_settings",
    "search_full",
    "table_of_pack",
    "told_of",
    "train_from_data",
    "train_full",
    "train_full_from_data",
    "train_full_of_pack",
    "train_full_of_samples",
    "train_light",
    "training_hash",
]
