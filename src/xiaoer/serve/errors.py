"""What can be wrong with the models of a registry."""

from xiaoer.errors import XiaoerError


class ModelMissingError(XiaoerError):
    """The registry holds no model for a pack and its data."""

    code = "serve.model_missing"
    status = 503


class UnreadableModelCardError(XiaoerError):
    """A model's folder holds no card, or one that this version cannot read."""

    code = "serve.unreadable_card"


class UnreadableNetworkError(XiaoerError):
    """A model's network is not there, or cannot be run here."""

    code = "serve.unreadable_network"


class NoSuchModelError(XiaoerError):
    """The registry holds no model of an id, or nothing to go back to."""

    code = "serve.no_such_model"
    status = 404


class ModelInUseError(XiaoerError):
    """A model is marked as in use and cannot be removed."""

    code = "serve.model_in_use"
    status = 409


class BadModelArchiveError(XiaoerError):
    """A file that is to be imported is no exported model."""

    code = "serve.bad_archive"


class UnreadableMarksError(XiaoerError):
    """The file that says which models are in use is damaged."""

    code = "serve.unreadable_marks"


class TierAwayError(XiaoerError):
    """The full tier did not answer: it is busy, slow, broken or rests."""

    code = "serve.tier_away"
    status = 503


class StoreAwayError(XiaoerError):
    """The object store of models cannot be reached, or refuses."""

    code = "serve.store_away"
    status = 503


class StoreLibraryMissingError(XiaoerError):
    """An object store is set, and the library that reads it is not installed."""

    code = "serve.store_library_missing"


class ObjectThereError(XiaoerError):
    """The object store holds a model of this id already."""

    code = "serve.object_there"
    status = 409
