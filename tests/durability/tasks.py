"""What customers have done with an order or with what is kept of them, one task for each action of the shop."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TypeAlias

from msgspec import structs

from xiaoer.ids import SkuId
from xiaoer.money import Money
from xiaoer.shop import Customer, Order, Product, StockNotice
from xiaoer.shop.states import OrderState
from xiaoer.testing.clock import HandClock

_Fits: TypeAlias = Callable[[Order], bool]


@dataclass(frozen=True)
class Task:
    """What a customer wants done with the newest order in a state that fits, and says before the yes.

    To the yes so many `replies` are said; `is_open`: the last one is a question. The one that tells of the effect is
    `done`, or called after the task. `entry` is what is written in the history, `fields` are what is otherwise then,
    `grown` what has one thing more; with `of_customer` they are of the customer, and no order changes.
    """

    action: str
    state: OrderState
    says: tuple[str, ...]
    entry: str
    fields: frozenset[str] = frozenset()
    grown: frozenset[str] = frozenset()
    becomes: OrderState | None = None
    fits: _Fits = lambda _: True
    replies: int = 1
    is_open: bool = False
    done: str = ""
    of_customer: bool = False

    def expect_one_effect(self, before: Order | Customer, after: Order | Customer) -> None:
        """One effect stands in an order or with a customer, whole, and nothing beside it."""
        old, new = structs.asdict(before), structs.asdict(after)
        assert {name for name in old if old[name] != new[name]} == {*self.fields, *self.grown, "history"}
        for name in (*self.grown, "history"):
            assert len(new[name]) == len(old[name]) + 1, name
            assert all(one in new[name] for one in old[name]), name
        assert after.history[-1].action == self.entry
        if isinstance(after, Order):
            assert after.state == (self.becomes or self.state)


def pieces_held(order: Order) -> Counter[SkuId]:
    """Count what is not in stock because of an order: what it was packed of or will be, and what is set aside."""
    if order.state in ("cancelled", "closed"):
        return Counter()
    held = Counter[SkuId]()
    for line in order.lines:
        held[line.sku] += line.quantity - line.cancelled_quantity
    for exchange in order.exchanges:
        held[exchange.sku] += exchange.quantity
    return held


def late(order: Order) -> Order:
    """Give an order whose parcel left six days ago: later than promised, and not so late that it may be claimed."""
    left = HandClock().now() - timedelta(days=6)
    shipment = structs.replace(order.shipments[0], shipped_at=left)
    return structs.replace(order, placed_at=left - timedelta(days=1), shipments=(shipment,))


def cheaper(product: Product) -> Product:
    """Give a product whose price fell."""
    variants = [structs.replace(item, price=item.price - Money(500, item.price.currency)) for item in product.variants]
    return structs.replace(product, variants=tuple(variants))


def waiting(customer: Customer, product: Product) -> Customer:
    """Let a customer wait for one variant of a product."""
    notice = StockNotice(sku=product.variants[0].sku, product=product.id, asked_at=HandClock().now())
    return structs.replace(customer, stock_notices=(notice,))


def _is_invoiced(order: Order) -> bool:
    return order.invoice is not None and order.invoice.state == "issued"


def _of_lines(count: int) -> _Fits:
    return lambda order: len(order.lines) >= count


def _is_returned(order: Order) -> bool:
    return [item.state for item in order.returns] == ["opened"]


def _is_late(order: Order) -> bool:
    return HandClock().now() - order.shipments[0].shipped_at >= timedelta(days=6)


def _had_lately(order: Order) -> bool:
    came = order.shipments[0].delivered_at
    return came is not None and HandClock().now() - came <= timedelta(days=3) and not order.returns


TASKS: Mapping[str, Task] = MappingProxyType(
    {
        "cancel": Task(
            "order.cancel",
            "paid",
            ("取消订单 {order}", "拍错了"),
            entry="cancel",
            becomes="cancelled",
            fields=frozenset({"state"}),
            grown=frozenset({"refunds"}),
        ),
        "return": Task(
            "return.open",
            "delivered",
            ("退货 {order}", "第一个", "不想要了"),
            entry="open_return",
            fields=frozenset({"lines"}),
            grown=frozenset({"returns"}),
            fits=_of_lines(2),
        ),
        "withdraw": Task(
            "aftersale.withdraw",
            "delivered",
            ("撤销 {order}",),
            entry="withdraw_return",
            fields=frozenset({"lines", "returns"}),
            fits=_is_returned,
        ),
        "exchange": Task(
            "exchange.open",
            "delivered",
            ("换货 {order}", "第一个", "第一个", "不合适"),
            entry="open_exchange",
            fields=frozenset({"lines"}),
            grown=frozenset({"exchanges"}),
            fits=_of_lines(2),
        ),
        "claim": Task(
            "claim.open",
            "delivered",
            ("坏了 {order}", "退款", "没照片"),
            entry="open_claim",
            grown=frozenset({"claims"}),
            fits=_had_lately,
            replies=2,
        ),
        "address": Task(
            "order.change_address",
            "paid",
            ("改地址 {order} 寄到浙江省杭州市西湖区文三路5号",),
            entry="change_address",
            fields=frozenset({"address"}),
        ),
        "change": Task(
            "order.change_options",
            "paid",
            ("换颜色 {order}", "第一个"),
            entry="change_options",
            fields=frozenset({"lines"}),
        ),
        "quantity": Task(
            "order.change_quantity",
            "paid",
            ("改数量 {order} 改成3件",),
            entry="change_quantity",
            fields=frozenset({"lines"}),
            grown=frozenset({"charges"}),
        ),
        "payment": Task(
            "order.change_payment",
            "paid",
            ("换支付 {order} 信用卡",),
            entry="change_payment",
            fields=frozenset({"payment"}),
            grown=frozenset({"former_payments", "refunds"}),
        ),
        "restore": Task(
            "order.restore",
            "cancelled",
            ("恢复 {order}",),
            entry="restore",
            becomes="paid",
            fields=frozenset({"state", "refunds"}),
        ),
        "extend": Task(
            "order.extend",
            "shipped",
            ("延长 {order}",),
            entry="extend_receipt",
            fields=frozenset({"receipt_extended_days"}),
        ),
        "note": Task(
            "order.note",
            "paid",
            ("备注 {order} 写放门口就好",),
            entry="note",
            fields=frozenset({"note"}),
        ),
        "price": Task(
            "order.protect_price",
            "packing",
            ("降价 {order}",),
            entry="protect_price",
            fields=frozenset({"lines"}),
            grown=frozenset({"refunds"}),
        ),
        "schedule": Task(
            "delivery.schedule",
            "shipped",
            ("约 {order} 2026-06-20",),
            entry="schedule_delivery",
            fields=frozenset({"appointment"}),
        ),
        "urge": Task("order.urge", "shipped", ("催 {order}",), entry="urge_delivery", fits=_is_late),
        "invoice": Task(
            "invoice.request",
            "delivered",
            ("开发票 {order}", "个人", "陈小满", "chen@example.com"),
            entry="request_invoice",
            fields=frozenset({"invoice"}),
        ),
        "invoice_change": Task(
            "invoice.change",
            "completed",
            ("改抬头 {order}", "抬头", "陈大满"),
            entry="reissue_invoice",
            fields=frozenset({"invoice"}),
            grown=frozenset({"former_invoices"}),
            fits=_is_invoiced,
        ),
        "invoice_resend": Task(
            "invoice.resend",
            "completed",
            ("重发发票 {order}",),
            entry="resend_invoice",
            fields=frozenset({"invoice"}),
            fits=_is_invoiced,
        ),
        "default_address": Task(
            "address.change_default",
            "paid",
            ("改默认地址 寄到浙江省杭州市西湖区文三路5号",),
            entry="change_default_address",
            grown=frozenset({"addresses"}),
            replies=2,
            is_open=True,
            of_customer=True,
        ),
        "stock_notice": Task(
            "stock.notify",
            "paid",
            ("到货通知我", "第一个"),
            entry="ask_stock_notice",
            grown=frozenset({"stock_notices"}),
            of_customer=True,
        ),
        "notice_withdrawn": Task(
            "stock.withdraw_notice",
            "paid",
            ("取消到货",),
            done="notice_withdrawn",
            entry="withdraw_stock_notice",
            fields=frozenset({"stock_notices"}),
            of_customer=True,
        ),
    }
)
