"""How good a trained model is on labelled texts: figures, what they must be, and another model beside it."""

from xiaoer.learn.evaluation.comparing import Comparison, compare
from xiaoer.learn.evaluation.findings import Findings
from xiaoer.learn.evaluation.findings_page import findings_page
from xiaoer.learn.evaluation.judging import Evaluation, Heard, Latency, evaluate, hear, unseen
from xiaoer.learn.evaluation.limits import FIGURES, figures, gates

__all__ = [
    "FIGURES",
    "Comparison",
    "Evaluation",
    "Findings",
    "Heard",
    "Latency",
    "compare",
    "evaluate",
    "figures",
    "findings_page",
    "gates",
    "hear",
    "unseen",
]
