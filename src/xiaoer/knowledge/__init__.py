"""What the shop knows: questions with their answers, found by what the customer asks, with their sources.

Serving needs numpy; what training shares with it (terms, how scores become probabilities) is here too.
"""

from xiaoer.knowledge.errors import UnreadableAnswersError
from xiaoer.knowledge.model import ANSWERS_FILE, AnswerModel, Evidence, Sharpness
from xiaoer.knowledge.retriever import Retriever
from xiaoer.knowledge.terms import Terms

__all__ = [
    "ANSWERS_FILE",
    "AnswerModel",
    "Evidence",
    "Retriever",
    "Sharpness",
    "Terms",
    "UnreadableAnswersError",
]
