"""What can be wrong with training data."""

from xiaoer.errors import XiaoerError


class TooFewUtterancesError(XiaoerError):
    """There is too little to train on."""

    code = "learn.too_few_utterances"
    status = 422


class TierMissingError(XiaoerError):
    """What a tier needs to be trained is not installed."""

    code = "learn.tier_missing"


class TooFewTextsError(XiaoerError):
    """There are too few texts to choose or to judge by."""

    code = "learn.too_few_texts"
    status = 422
