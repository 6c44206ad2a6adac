"""How good a trained model is on labelled texts: figures, what they must be, and another model beside it."""

from xiaoer.learn.evaluation.comparing import Comparison, compare
from xiaoer.learn.evaluation.findings import Findings, Trained, examine
from xiaoer.learn.evaluation.findings_page import findings_page
from xiaoer.learn.evaluation.judging import (
    Evaluation,
    Heard,
    Latency,
    LeftOutFor,
    Read,
    Unseen,
    evaluate,
    hear,
    taught_by,
    unseen,
)
from xiaoer.learn.evaluation.limits import FIGURES, figures, gates
from xiaoer.learn.evaluation.reading import reading_at, reading_by, reading_in_tiers
from xiaoer.learn.evaluation.robustness import Disturbed, robustness

__all__ = [
    "FIGURES",
    "Comparison",
    "Disturbed",
    "Evaluation",
    "Findings",
    "Heard",
    "Latency",
    "LeftOutFor",
    "Read",
    "Trained",
    "Unseen",
    "compare",
    "evaluate",
    "examine",
    "figures",
    "findings_page",
    "gates",
    "hear",
    "reading_at",
    "reading_by",
    "reading_in_tiers",
    "robustness",
    "taught_by",
    "unseen",
]
