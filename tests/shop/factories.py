"""Orders and goods that a test describes in a line."""

from datetime import UTC, datetime, timedelta

import msgspec

from xiaoer.ids import CustomerId, OrderId, ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop import (
    Address,
    Claim,
    Coupon,
    Customer,
    HistoryEntry,
    Invoice,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    Product,
    Refund,
    Return,
    Shipment,
    StockNotice,
    Variant,
)
from xiaoer.shop.models import ClaimKind
from xiaoer.shop.states import ClaimState, InvoiceState, OrderState, RefundState, ReturnState

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)
ANNA, BERT = CustomerId("C1"), CustomerId("C2")
NUMBER = OrderId("20260615000011")
_PAID_STATES = ("paid", "packing", "shipped", "delivered", "completed")
_DAY = timedelta(days=1)
_SHIPPED_STATES = ("shipped", "delivered", "completed")


def a_holder(
    *balances: int, id: CustomerId = ANNA, currency: str = "CNY", coupons: tuple[Coupon, ...] = ()
) -> Customer:
    """Give a customer with WeChat (M1), a card (M2), and a gift card for each balance (G1, G2, …)."""
    gift_cards = (
        PaymentMethod(id=f"G{n}", kind="gift_card", label=f"礼品卡 尾号{6020 + n}", balance=Money(minor, currency))
        for n, minor in enumerate(balances, start=1)
    )
    return Customer(
        id=id,
        name="林小满",
        phone="13800001234",
        email="lin@example.com",
        points=360,
        payment_methods=(
            PaymentMethod(id="M1", kind="wechat", label="微信支付", is_default=True),
            PaymentMethod(id="M2", kind="credit_card", label="招商银行信用卡 尾号8812"),
            *gift_cards,
        ),
        coupons=coupons,
    )


def a_product(
    id: str = "P1",
    title: str = "穗棉坞 云柔四件套",
    *,
    names: tuple[str, ...] = ("四件套",),
    category: str = "bedding",
    colours: tuple[str, ...] = ("雾蓝", "米白"),
    stock: int = 5,
) -> Product:
    return Product(
        id=ProductId(id),
        title=title,
        names=names,
        brand=title.split(" ", maxsplit=1)[0],
        category=category,
        attributes={"材质": "棉"},
        variants=tuple(
            Variant(sku=SkuId(f"{id}-{n}"), options={"colour": colour}, price=Money(10_000 + 1_000 * n), stock=stock)
            for n, colour in enumerate(colours, start=1)
        ),
    )


def a_half_sold_out_product() -> Product:
    """Give a product of whose two variants the first is out of stock."""
    gone, there = a_product().variants
    return msgspec.structs.replace(a_product(), variants=(msgspec.structs.replace(gone, stock=0), there))


def a_line(
    product: Product | None = None, *, number: int = 1, order: str = NUMBER, quantity: int = 1, returned: int = 0
) -> OrderLine:
    product = product or a_product()
    variant = product.variants[(number - 1) % len(product.variants)]
    return OrderLine(
        id=f"{order}-{number}",
        sku=variant.sku,
        product=product.id,
        title=product.title,
        category=product.category,
        options=variant.options,
        quantity=quantity,
        unit_price=variant.price,
        returned_quantity=returned,
    )


def an_order(
    state: OrderState = "paid",
    *,
    id: str = NUMBER,
    customer: CustomerId = ANNA,
    placed: timedelta = timedelta(days=3),
    delivered: timedelta = timedelta(days=1),
    completed: timedelta = timedelta(hours=12),
    method: str = "wechat",
    method_id: str = "",
    lines: tuple[OrderLine, ...] = (),
    is_paid: bool | None = None,
    invoice: Invoice | None = None,
    returns: tuple[Return, ...] = (),
    claims: tuple[Claim, ...] = (),
) -> Order:
    placed_at = NOW - max(placed, delivered + timedelta(days=2) if state in ("delivered", "completed") else placed)
    lines = lines or (a_line(order=id),)
    total = sum((line.amount for line in lines), Money(0))
    paid = state in _PAID_STATES if is_paid is None else is_paid
    delivered_at = NOW - delivered if state in ("delivered", "completed") else None
    shipment = Shipment(
        carrier="zto", tracking_no="7730000123456", shipped_at=placed_at + timedelta(days=1), delivered_at=delivered_at
    )
    return Order(
        id=OrderId(id),
        customer=customer,
        state=state,
        placed_at=placed_at,
        lines=lines,
        freight=Money(0),
        address=Address(person="林小满", phone="13800001234", region="浙江省杭州市西湖区", street="青梧路18号2幢301室"),
        payment=Payment(method=method, amount=total, paid_at=placed_at + timedelta(minutes=5), method_id=method_id)
        if paid
        else None,
        shipments=(shipment,) if state in _SHIPPED_STATES else (),
        completed_at=NOW - completed if state == "completed" else None,
        invoice=invoice,
        returns=returns,
        claims=claims,
    )


def a_claim(
    kind: ClaimKind = "damaged", *, state: ClaimState = "opened", number: int = 1, lines: tuple[str, ...] = ()
) -> Claim:
    return Claim(
        id=f"C{NUMBER}{number:02d}",
        kind=kind,
        lines=lines or (f"{NUMBER}-1",),
        wanted="resend",
        state=state,
        opened_at=NOW - timedelta(hours=3),
        answer_by=NOW + timedelta(hours=21),
        note="碗碎了",
    )


def a_cancelled_order(
    *, hours: int = 2, by: str = "customer:C1", refund: RefundState = "processing", is_paid: bool = True
) -> Order:
    """Give an order that was cancelled so many hours ago, with its refund."""
    at = NOW - timedelta(hours=hours)
    order = an_order("cancelled", is_paid=is_paid)
    due = Refund(
        id=f"F{NUMBER}01", amount=order.total, method="wechat", state=refund, asked_at=at, expected_by=NOW + _DAY
    )
    cancelled = HistoryEntry(at=at, by=by, action="cancel", reason="not_wanted")
    return msgspec.structs.replace(order, refunds=(due,) if is_paid else (), history=(cancelled,))


def a_return(state: ReturnState = "opened", *, number: int = 1, quantity: int = 1, days: int = 0) -> Return:
    """Give a return of the first line, opened and brought to its state so many days ago."""
    at = NOW - timedelta(days=days)
    return Return(
        id=f"R{NUMBER}{number:02d}",
        line=f"{NUMBER}-1",
        quantity=quantity,
        reason="not_wanted",
        state=state,
        opened_at=at,
        refund_amount=a_line().unit_price * quantity,
        changed_at=None if state == "opened" else at,
    )


def an_invoice(
    state: InvoiceState = "issued", *, kind: str = "personal", issued: timedelta = timedelta(hours=6), tax_no: str = ""
) -> Invoice:
    """Give an invoice, to a company where it has a tax number, that was issued so long ago, or asked for."""
    at = NOW - issued
    return Invoice(
        kind=kind,
        title="青芒文化有限公司" if tax_no else "林小满",
        tax_no=tax_no,
        email="lin@example.com",
        amount=a_line().unit_price,
        state=state,
        requested_at=at - timedelta(hours=2),
        issued_at=None if state == "requested" else at,
    )


def an_order_for(action: str) -> Order:
    """Give an order to which an action may be done."""
    match action:
        case "return.open" | "exchange.open" | "claim.open" | "order.extend":
            return an_order("delivered")
        case "aftersale.withdraw":
            return an_order("delivered", lines=(a_line(returned=1),), returns=(a_return(),))
        case "order.restore":
            return a_cancelled_order()
        case "invoice.change" | "invoice.resend":
            return an_order("completed", invoice=an_invoice())
        case "order.protect_price":
            return an_order("paid", lines=(msgspec.structs.replace(a_line(), unit_price=Money(15_000)),))
        case _:
            return an_order("paid")


def a_holder_for(action: str) -> Customer:
    """Give a customer to whom an action may be done."""
    if action != "stock.withdraw_notice":
        return a_holder()
    notice = StockNotice(sku=SkuId("P1-1"), product=ProductId("P1"), asked_at=NOW - _DAY)
    return msgspec.structs.replace(a_holder(), stock_notices=(notice,))
