"""Which model answers: a folder of trained models, found by the pack and the data that they were trained on."""

from xiaoer.serve.card import ModelCard
from xiaoer.serve.errors import ModelMissingError, UnreadableModelCardError
from xiaoer.serve.registry import ModelRegistry

__all__ = ["ModelCard", "ModelMissingError", "ModelRegistry", "UnreadableModelCardError"]
