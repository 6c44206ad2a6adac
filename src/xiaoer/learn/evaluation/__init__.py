"""How good a trained model is on labelled texts: figures, and what they must be."""

from xiaoer.learn.evaluation.judging import Evaluation, Heard, Latency, evaluate, hear, unseen
from xiaoer.learn.evaluation.limits import FIGURES, figures, gates

__all__ = ["FIGURES", "Evaluation", "Heard", "Latency", "evaluate", "figures", "gates", "hear", "unseen"]
