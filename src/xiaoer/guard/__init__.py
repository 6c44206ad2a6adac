"""What may pass: texts are cleaned and cut, and nobody may write faster than allowed."""

from xiaoer.guard.inbound import clean
from xiaoer.guard.rates import RateLimit, TooManyMessagesError

__all__ = ["RateLimit", "TooManyMessagesError", "clean"]
