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
    status = 503
