"""What can be wrong when an encoder is pre-trained."""

from xiaoer.errors import XiaoerError


class PretrainSettingError(XiaoerError):
    """A setting of pre-training cannot be read, or does not fit the corpus."""

    code = "learn.pretrain_setting"
    status = 422


class CorpusError(XiaoerError):
    """There is nothing in a corpus that could be trained on."""

    code = "learn.corpus"
    status = 422


class OtherRunError(XiaoerError):
    """A folder holds the run of other data or settings, which cannot be taken up with these."""

    code = "learn.other_run"
    status = 409
