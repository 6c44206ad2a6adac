"""Which model answers: a registry of trained models and which are in use, and batches of what they are asked."""

from xiaoer.serve.batching import Batcher
from xiaoer.serve.card import CARD_FILE, ModelCard
from xiaoer.serve.errors import (
    BadModelArchiveError,
    ModelInUseError,
    ModelMissingError,
    NoSuchModelError,
    ObjectThereError,
    StoreAwayError,
    StoreLibraryMissingError,
    TierAwayError,
    UnreadableMarksError,
    UnreadableModelCardError,
    UnreadableNetworkError,
)
from xiaoer.serve.marks import Marks
from xiaoer.serve.object_store import ObjectStore
from xiaoer.serve.registry import FULL, LIGHT, ModelRegistry, RegisteredModel, name_of
from xiaoer.serve.sessions import Numbers, Session, open_session
from xiaoer.serve.shared_registry import SharedRegistry, shared_registry

__all__ = [
    "CARD_FILE",
    "FULL",
    "LIGHT",
    "BadModelArchiveError",
    "Batcher",
    "Marks",
    "ModelCard",
    "ModelInUseError",
    "ModelMissingError",
    "ModelRegistry",
    "NoSuchModelError",
    "Numbers",
    "ObjectStore",
    "ObjectThereError",
    "RegisteredModel",
    "Session",
    "SharedRegistry",
    "StoreAwayError",
    "StoreLibraryMissingError",
    "TierAwayError",
    "UnreadableMarksError",
    "UnreadableModelCardError",
    "UnreadableNetworkError",
    "name_of",
    "open_session",
    "shared_registry",
]
