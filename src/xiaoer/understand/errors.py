"""What can be wrong with the understanding."""

from xiaoer.errors import XiaoerError


class ModelNotFoundError(XiaoerError):
    """There is no trained model where one was looked for."""

    code = "understand.model_not_found"
    status = 503


class BadRoutingError(XiaoerError):
    """A full model's limits cannot be read."""

    code = "understand.bad_routing"
