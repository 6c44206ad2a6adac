"""What can be wrong with making a model smaller."""

from xiaoer.errors import XiaoerError


class CompressionError(XiaoerError):
    """A model cannot be made smaller in the way that was asked for."""

    code = "learn.compression"
    status = 422
