"""What can be wrong with learning from few examples."""

from xiaoer.errors import XiaoerError


class EncoderUnfitError(XiaoerError):
    """A folder holds no encoder, or one that cannot do what is asked of it."""

    code = "learn.encoder_unfit"
    status = 422


class PatternError(XiaoerError):
    """A prompt's pattern, or the words of an intent in it, cannot be used."""

    code = "learn.pattern"
    status = 422
