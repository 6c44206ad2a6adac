"""What can be wrong with the knowledge."""

from xiaoer.errors import XiaoerError


class UnreadableAnswersError(XiaoerError):
    """The model that finds answers cannot be read."""

    code = "knowledge.unreadable_answers"
    status = 503
