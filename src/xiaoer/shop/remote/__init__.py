"""The shop that a merchant's own system keeps, asked over REST.

`contract.py` publishes what that system answers; `Merchant` asks it, `RemoteRecords` stands where the database stands
for the embedded shop, and the actions and rules are the same for both.
"""

from xiaoer.shop.remote.checking import Finding, check_merchant
from xiaoer.shop.remote.connection import Surroundings
from xiaoer.shop.remote.contract import shop_contract, shop_contract_yaml
from xiaoer.shop.remote.customer_effects import with_customer_effects
from xiaoer.shop.remote.directory import RemoteDirectory
from xiaoer.shop.remote.effects import restocked, with_effects
from xiaoer.shop.remote.errors import (
    AccessRefusedError,
    BadAnswerError,
    ChangeRefusedError,
    OrderChangingError,
    ShopAwayError,
    UntellableChangeError,
)
from xiaoer.shop.remote.opening import RemoteShop, remote_records
from xiaoer.shop.remote.records import RemoteRecords
from xiaoer.shop.remote.shapes import (
    ChangeMade,
    CustomerChange,
    Identified,
    KeptCustomer,
    KeptOrder,
    OrderChange,
    OrderList,
    ProductPage,
)
from xiaoer.shop.remote.signing import SIGNATURE_HEADER, Signed, is_signature, signature

__all__ = [
    "SIGNATURE_HEADER",
    "AccessRefusedError",
    "BadAnswerError",
    "ChangeMade",
    "ChangeRefusedError",
    "CustomerChange",
    "Finding",
    "Identified",
    "KeptCustomer",
    "KeptOrder",
    "OrderChange",
    "OrderChangingError",
    "OrderList",
    "ProductPage",
    "RemoteDirectory",
    "RemoteRecords",
    "RemoteShop",
    "ShopAwayError",
    "Signed",
    "Surroundings",
    "UntellableChangeError",
    "check_merchant",
    "is_signature",
    "remote_records",
    "restocked",
    "shop_contract",
    "shop_contract_yaml",
    "signature",
    "with_customer_effects",
    "with_effects",
]
