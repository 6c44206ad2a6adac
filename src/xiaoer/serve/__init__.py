"""Which model answers: a folder of trained models, found by the pack and the data that they were trained on."""

from xiaoer.serve.card import CARD_FILE, ModelCard
from xiaoer.serve.errors import ModelMissingError, UnreadableModelCardError, UnreadableNetworkError
from xiaoer.serve.registry import ModelRegistry
from xiaoer.serve.sessions import Numbers, Session, open_session

__all__ = [
    "CARD_FILE",
    "ModelCard",
    "ModelMissingError",
    "ModelRegistry",
    "Numbers",
    "Session",
    "UnreadableModelCardError",
    "UnreadableNetworkError",
    "open_session",
]
