"""The shop: catalogue, customers, orders and after-sales; what may be done to them, and by which clause.

`Shop` is what the other rooms see; `EmbeddedShop` keeps a shop in Xiaoer's own database; the demo shop fills it.
"""

from xiaoer.shop.actions import ACTIONS
from xiaoer.shop.demo import DemoLists, DemoShop, Setting, make_demo, order_from_given, read_lists, seed_demo
from xiaoer.shop.embedded import EmbeddedShop
from xiaoer.shop.errors import (
    BadRequestError,
    ClauseMissingError,
    DemoListError,
    StateChangeError,
    UnknownActionError,
    UnreadableDocumentError,
)
from xiaoer.shop.models import (
    Address,
    Customer,
    HistoryEntry,
    Invoice,
    Order,
    OrderLine,
    Payment,
    Product,
    Refund,
    Return,
    Shipment,
    Trace,
    Variant,
)
from xiaoer.shop.policies import Policies, read_policies
from xiaoer.shop.ports import ActionResult, Shop
from xiaoer.shop.records import Records, Transaction

__all__ = [
    "ACTIONS",
    "ActionResult",
    "Address",
    "BadRequestError",
    "ClauseMissingError",
    "Customer",
    "DemoListError",
    "DemoLists",
    "DemoShop",
    "EmbeddedShop",
    "HistoryEntry",
    "Invoice",
    "Order",
    "OrderLine",
    "Payment",
    "Policies",
    "Product",
    "Records",
    "Refund",
    "Return",
    "Setting",
    "Shipment",
    "Shop",
    "StateChangeError",
    "Trace",
    "Transaction",
    "UnknownActionError",
    "UnreadableDocumentError",
    "Variant",
    "make_demo",
    "order_from_given",
    "read_lists",
    "read_policies",
    "seed_demo",
]
