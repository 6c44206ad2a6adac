"""The words: replies in the shop's tone, filled with facts, and answers with their sources."""

from xiaoer.answer.composer import Composer
from xiaoer.answer.errors import MissingFactError, UnknownReplyError
from xiaoer.answer.formats import Formats

__all__ = ["Composer", "Formats", "MissingFactError", "UnknownReplyError"]
