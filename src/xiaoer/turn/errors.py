"""Why a turn could not be run."""

from xiaoer.errors import XiaoerError


class BusyError(XiaoerError):
    """As many turns run as may; nothing was stored and the message may be sent again."""

    code = "turn.busy"
    status = 429


class ConflictError(XiaoerError):
    """Others kept writing to this conversation; nothing was stored and the message may be sent again."""

    code = "turn.conflict"
    status = 503


class OtherCustomerError(XiaoerError):
    """The conversation belongs to another customer; a new one must be begun."""

    code = "turn.other_customer"
    status = 409
