"""What can go wrong in the shop beyond what a rule of the trade forbids (that is an outcome, not an error)."""

from xiaoer.errors import XiaoerError


class StateChangeError(XiaoerError):
    """Something was to change into a state that its present state does not lead to."""

    code = "shop.state_change"
    status = 409


class ClauseMissingError(XiaoerError):
    """A rule needs a clause, or a value of a clause, that the pack's policies do not give."""

    code = "shop.clause_missing"
    status = 422


class UnknownActionError(XiaoerError):
    """The shop has no action of that name."""

    code = "shop.unknown_action"
    status = 404


class BadRequestError(XiaoerError):
    """An action was asked for without one of its arguments, or an effect without its key."""

    code = "shop.bad_request"
    status = 422


class UnreadableDocumentError(XiaoerError):
    """A stored product, customer or order is not one that this version knows."""

    code = "shop.unreadable_document"


class DemoListError(XiaoerError):
    """A list of the demo shop cannot be used."""

    code = "shop.demo_list"
    status = 422


class BalanceError(XiaoerError):
    """More was to be taken from a customer's balance than it holds."""

    code = "shop.balance"
    status = 409
