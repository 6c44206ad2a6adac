"""What the shop knows: questions with their answers, found by what the customer asks, with their sources."""

from xiaoer.knowledge.retriever import Retriever

__all__ = ["Retriever"]
