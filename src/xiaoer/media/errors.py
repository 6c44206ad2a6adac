"""Why a picture was not taken, or is not given."""

from xiaoer.errors import XiaoerError


class UnreadablePictureError(XiaoerError):
    """What was sent is no picture of a kind that is taken, is broken, or has more pixels than allowed."""

    code = "attachment.unreadable"
    status = 422


class TooManyAttachmentsError(XiaoerError):
    """More pictures than a message or a conversation may have."""

    code = "attachment.too_many"
    status = 409


class UnknownAttachmentError(XiaoerError):
    """The conversation has no such picture: never sent, of somebody else, or sent too long ago without a message."""

    code = "attachment.unknown"
    status = 404


class AttachmentsOffError(XiaoerError):
    """The shop takes no pictures."""

    code = "attachment.off"
    status = 403
