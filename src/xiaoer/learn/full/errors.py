"""What can be wrong when the full tier is trained."""

from xiaoer.errors import XiaoerError


class FullSettingError(XiaoerError):
    """A setting of the full tier cannot be read, or does not fit the data."""

    code = "learn.full_setting"
    status = 422


class EncoderError(XiaoerError):
    """An encoder cannot be loaded."""

    code = "learn.encoder"
    status = 422
