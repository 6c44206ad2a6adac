"""What can be missing when words are to be put together."""

from xiaoer.errors import XiaoerError


class UnknownReplyError(XiaoerError):
    """A reply was to be said that the pack does not have; the lint of packs finds these."""

    code = "answer.unknown_reply"


class MissingFactError(XiaoerError):
    """No wording of a reply can be filled: a placeholder names something that is not known."""

    code = "answer.missing_fact"
