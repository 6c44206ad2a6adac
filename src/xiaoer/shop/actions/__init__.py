"""Everything that the shop can do or look up, one file an area.

Actions are pure: they get what they may look at, and give what they found or what has to be stored.
"""

from collections.abc import Mapping
from types import MappingProxyType

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.address import ADDRESS_ACTIONS
from xiaoer.shop.actions.address_book import ADDRESS_BOOK_ACTIONS
from xiaoer.shop.actions.cancelling import CANCEL_ACTIONS
from xiaoer.shop.actions.cases import CASE_ACTIONS
from xiaoer.shop.actions.claims import CLAIM_ACTIONS
from xiaoer.shop.actions.extending import EXTEND_ACTIONS
from xiaoer.shop.actions.invoice_changes import INVOICE_CHANGE_ACTIONS
from xiaoer.shop.actions.invoices import INVOICE_ACTIONS
from xiaoer.shop.actions.lines import LINE_ACTIONS
from xiaoer.shop.actions.notes import NOTE_ACTIONS
from xiaoer.shop.actions.orders import ORDER_ACTIONS
from xiaoer.shop.actions.payments import PAYMENT_ACTIONS
from xiaoer.shop.actions.price import PRICE_ACTIONS
from xiaoer.shop.actions.products import PRODUCT_ACTIONS
from xiaoer.shop.actions.quantities import QUANTITY_ACTIONS
from xiaoer.shop.actions.refunds import REFUND_ACTIONS
from xiaoer.shop.actions.request import Change, Effect, Query, Request, check_arguments
from xiaoer.shop.actions.restoring import RESTORE_ACTIONS
from xiaoer.shop.actions.returns import RETURN_ACTIONS
from xiaoer.shop.actions.ruling import OF_CUSTOMER, under_rules
from xiaoer.shop.actions.scheduling import SCHEDULE_ACTIONS
from xiaoer.shop.actions.stock_notices import STOCK_NOTICE_ACTIONS
from xiaoer.shop.actions.swaps import SWAP_ACTIONS
from xiaoer.shop.actions.urging import URGE_ACTIONS
from xiaoer.shop.actions.wallet import WALLET_ACTIONS

_CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "order.check_cancel": "order.cancel",
        "order.check_address": "order.change_address",
        "return.check": "return.open",
        "order.check_options": "order.change_options",
        "exchange.check": "exchange.open",
        "claim.check": "claim.open",
        "order.check_quantity": "order.change_quantity",
        "order.check_extend": "order.extend",
        "delivery.check_schedule": "delivery.schedule",
        "order.check_restore": "order.restore",
        "aftersale.check_withdraw": "aftersale.withdraw",
        "order.check_urge": "order.urge",
        "order.check_price": "order.protect_price",
        "order.check_note": "order.note",
        "order.check_payment": "order.change_payment",
        "address.check_default": "address.change_default",
        "stock.check_notice": "stock.notify",
        "invoice.check_change": "invoice.change",
        "invoice.check_resend": "invoice.resend",
    }
)
"""The questions that are asked before a change is confirmed: the rules of the change answer them too."""

_WITHOUT_RULES: tuple[Query | Effect, ...] = (
    *ORDER_ACTIONS,
    *CANCEL_ACTIONS,
    *RESTORE_ACTIONS,
    *EXTEND_ACTIONS,
    *SCHEDULE_ACTIONS,
    *QUANTITY_ACTIONS,
    *ADDRESS_ACTIONS,
    *ADDRESS_BOOK_ACTIONS,
    *LINE_ACTIONS,
    *RETURN_ACTIONS,
    *SWAP_ACTIONS,
    *REFUND_ACTIONS,
    *INVOICE_ACTIONS,
    *INVOICE_CHANGE_ACTIONS,
    *CLAIM_ACTIONS,
    *CASE_ACTIONS,
    *URGE_ACTIONS,
    *PRICE_ACTIONS,
    *NOTE_ACTIONS,
    *PAYMENT_ACTIONS,
    *WALLET_ACTIONS,
    *PRODUCT_ACTIONS,
    *STOCK_NOTICE_ACTIONS,
)

ALL_ACTIONS: tuple[Query | Effect, ...] = tuple(
    under_rules(action, decides=_CHECKS.get(action.spec.name, ""))
    if isinstance(action, Effect) or action.spec.name in _CHECKS
    else action
    for action in _WITHOUT_RULES
)

ACTIONS: Mapping[str, ActionSpec] = MappingProxyType({action.spec.name: action.spec for action in ALL_ACTIONS})
"""The specifications of all actions by name, against which a pack's flows are checked."""

__all__ = ["ACTIONS", "ALL_ACTIONS", "OF_CUSTOMER", "Change", "Effect", "Query", "Request", "check_arguments"]
