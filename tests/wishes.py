"""The words with which customers of the tests ask for each change of the shop: a reader of keywords knows them."""

from collections.abc import Mapping
from types import MappingProxyType

WISHES: Mapping[str, str] = MappingProxyType(
    {
        "取消": "order.cancel",
        "退货": "return.request",
        "改地址": "order.change_address",
        "默认地址": "order.change_address",
        "到货": "product.stock",
        "取消到货": "product.stock",
        "撤销": "return.withdraw",
        "换货": "exchange.request",
        "坏了": "aftersale.damaged",
        "换颜色": "order.change_items",
        "改数量": "order.change_items",
        "换支付": "payment.method",
        "恢复": "order.restore",
        "延长": "order.extend",
        "备注": "order.note",
        "降价": "promo.price_protect",
        "约": "delivery.schedule",
        "催": "delivery.urge",
        "开发票": "invoice.request",
        "改抬头": "invoice.change",
        "重发发票": "invoice.status",
    }
)
"""Words, and the intents that they stand for."""
ENTITIES: Mapping[str, str] = MappingProxyType(
    {
        "order_id": r"20[0-9]{12}",
        "date": r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
        "count": r"(?<![0-9])[0-9](?=件)",
        "payment_change": "换支付",
        "payment_method": "信用卡",
        "more_time": "延长",
        "order_note": r"(?<= 写)\S+",
        "stock_notice": "到货通知",
        "stock_notice_off": "取消到货",
        "default_address": "默认地址",
        "address": r"(?<=寄到)\S+",
        "email": r"[a-z]+@[a-z.]+",
        "sent_again": "重发",
    }
)
"""Kinds of entities, and the patterns of what is said."""
