"""Which model answers: a folder of trained models, found by the pack and the data that they were trained on."""

from xiaoer.serve.card import CARD_FILE, ModelCard
from xiaoer.serve.errors import ModelMissingError, UnreadableModelCardError
from xiaoer.serve.registry import ModelRegistry

__all__ = ["CARD_FILE", "ModelCard", "ModelMissingError", "ModelRegistry", "UnreadableModelCardError"]
