"""What can go wrong between Xiaoer and the merchant's system; no message holds an id, an answer or a secret."""

from xiaoer.errors import XiaoerError


class ShopAwayError(XiaoerError):
    """The merchant's system cannot be reached, fails, is too slow or answers what is not JSON; try again later."""

    code = "shop.away"
    status = 503

    def __init__(self, message: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class BadAnswerError(XiaoerError):
    """The merchant's system answers something else than the contract says; its programmer has to mend it."""

    code = "shop.bad_answer"
    status = 502


class AccessRefusedError(XiaoerError):
    """The merchant's system does not take our token or signature; see the settings `shop_api`."""

    code = "shop.access_refused"
    status = 502


class ChangeRefusedError(XiaoerError):
    """The merchant's system does not make a change that the pack's rules allow; a person has to see to it."""

    code = "shop.change_refused"
    status = 409


class OrderChangingError(XiaoerError):
    """An order, or a customer, was changed elsewhere each time that it was to be changed here; nothing was done."""

    code = "shop.order_changing"
    status = 503


class UntellableChangeError(XiaoerError):
    """An action changes an order or a customer in a way for which the contract has no word; nothing was done."""

    code = "shop.untellable_change"
