"""What a shop keeps: products, orders and all that belongs to an order. Stored as JSON documents."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from xiaoer.ids import AttachmentId, CustomerId, OrderId, ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.customers import Address
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.states import (
    ChargeState,
    ClaimState,
    ExchangeState,
    InvoiceState,
    OrderState,
    RefundState,
    ReturnState,
)

ClaimKind: TypeAlias = Literal["not_received", "damaged", "wrong_item", "missing", "faulty"]
ClaimWish: TypeAlias = Literal["resend", "refund", "repair"]
DayPart: TypeAlias = Literal["any", "morning", "afternoon", "evening"]


class Variant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What can be bought of a product; `options` by their code, as in `{"colour": "雾蓝", "size": "M"}`."""

    sku: SkuId
    options: dict[str, str] = {}
    price: Money
    stock: int


class Product(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product; `names` are the short words by which customers call it, `attributes` its facts by their name."""

    id: ProductId
    title: str
    names: tuple[str, ...]
    brand: str
    category: str
    attributes: dict[str, str] = {}
    description: str = ""
    variants: tuple[Variant, ...]

    @property
    def price_from(self) -> Money:
        """The price of the cheapest variant."""
        return Money(min(variant.price.minor for variant in self.variants), self.variants[0].price.currency)

    @property
    def price_to(self) -> Money:
        """The price of the dearest variant."""
        return Money(max(variant.price.minor for variant in self.variants), self.variants[0].price.currency)

    @property
    def stock(self) -> int:
        """How many pieces there are of all variants together."""
        return sum(variant.stock for variant in self.variants)


class OrderLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some pieces of one variant, as they were when bought; `credit` was paid back for each piece that is kept."""

    id: str
    sku: SkuId
    product: ProductId
    title: str
    category: str
    options: dict[str, str] = {}
    quantity: int
    unit_price: Money
    returned_quantity: int = 0
    cancelled_quantity: int = 0
    credit: Money | None = None

    @property
    def net_price(self) -> Money:
        """What one of the pieces that are kept has cost, after what was paid back for it."""
        return self.unit_price if self.credit is None else self.unit_price - self.credit

    @property
    def amount(self) -> Money:
        """The price of all pieces but those that were cancelled."""
        return self.unit_price * (self.quantity - self.cancelled_quantity)

    @property
    def kept_quantity(self) -> int:
        """How many pieces were neither cancelled nor given back, nor are about to be."""
        return self.quantity - self.returned_quantity - self.cancelled_quantity

    def of_pieces(self, pieces: int) -> "OrderLine":
        """Give so many of the pieces that are kept as a line by itself."""
        return structs.replace(self, cancelled_quantity=self.cancelled_quantity + self.kept_quantity - pieces)


class Payment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How and when an order was paid; `method_id` is the customer's payment method where it is one that is kept."""

    method: str
    amount: Money
    paid_at: datetime
    method_id: str = ""


class Trace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A station of a parcel; `what` is a code (picked_up, in_transit, arrived, out_for_delivery, signed)."""

    at: datetime
    place: str
    what: str
    parameters: dict[str, str] = {}


class Shipment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel on its way; `carrier` is a code, the traces stand in order of time."""

    carrier: str
    tracking_no: str
    shipped_at: datetime
    delivered_at: datetime | None = None
    traces: tuple[Trace, ...] = ()


class Invoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An invoice asked for or issued.

    `resent_that_day` is how often it was sent again on the day of `resent_at`, the last time.
    """

    kind: str
    title: str
    tax_no: str = ""
    email: str
    amount: Money
    state: InvoiceState
    requested_at: datetime
    issued_at: datetime | None = None
    resent_at: datetime | None = None
    resent_that_day: int = 0


class Return(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods on their way back; `line` is the id of the order's line, `refund_amount` what will be paid for them.

    `refund_to` is the id of the payment method that the customer named for it; empty: to where it was paid from.
    `credit` was paid back for each of the pieces before; `changed_at` is when it came to its state.
    """

    id: str
    line: str
    quantity: int
    reason: str
    state: ReturnState
    opened_at: datetime
    refund_amount: Money
    refund_to: str = ""
    credit: Money | None = None
    changed_at: datetime | None = None


class Refund(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money on its way back; `return_id` is empty for a cancelled order, `method_id` for a way that is not kept.

    One that is `withdrawn` is not paid at all.
    """

    id: str
    amount: Money
    method: str
    state: RefundState
    asked_at: datetime
    expected_by: datetime
    paid_at: datetime | None = None
    return_id: str = ""
    method_id: str = ""


class Exchange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods on their way back for another variant of the same product, which is set aside in stock meanwhile.

    `line` is the id of the order's line, `sku` and `options` are the variant's that is wanted. What it costs less than
    what comes back is `refund_amount`, paid once the goods are there; what it costs more is a charge of the order.
    `credit` and `changed_at` are as for a return.
    """

    id: str
    line: str
    quantity: int
    reason: str
    sku: SkuId
    options: dict[str, str] = {}
    state: ExchangeState
    opened_at: datetime
    refund_amount: Money
    refund_to: str = ""
    credit: Money | None = None
    changed_at: datetime | None = None


class Charge(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money that the customer still has to pay for an order; `of` is the id of the line or exchange it is for."""

    id: str
    amount: Money
    method: str
    state: ChargeState
    asked_at: datetime
    of: str
    paid_at: datetime | None = None
    method_id: str = ""


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a customer says is wrong with lines of an order, and wants for it; `note` holds the customer's words.

    `refund_id` is the refund by which it was settled at once; empty where a person decides. `attachments` are the ids
    of pictures that the customer sent for it; `changed_at` is when it came to its state.
    """

    id: str
    kind: ClaimKind
    lines: tuple[str, ...]
    wanted: ClaimWish
    state: ClaimState
    opened_at: datetime
    answer_by: datetime
    note: str = ""
    refund_id: str = ""
    attachments: tuple[AttachmentId, ...] = ()
    changed_at: datetime | None = None


class Appointment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The day on which the customer wants an order delivered, in the shop's time zone, and in which part of it."""

    day: date
    part: DayPart = "any"


class Order(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order; its id is the number of 14 digits that the customer sees.

    `former_payments` were given back when another payment took their place, the first one first. `pay_with` is the id
    of the payment method that the customer has chosen for an order that is not paid yet. By
    `receipt_extended_days` later than others it completes by itself. `former_invoices` were voided when the next was
    made out in their place, the first one first. An `appointment` says when it is to be delivered.
    """

    id: OrderId
    customer: CustomerId
    state: OrderState
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    freight: Money
    address: Address
    payment: Payment | None = None
    former_payments: tuple[Payment, ...] = ()
    pay_with: str = ""
    shipments: tuple[Shipment, ...] = ()
    completed_at: datetime | None = None
    invoice: Invoice | None = None
    former_invoices: tuple[Invoice, ...] = ()
    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    charges: tuple[Charge, ...] = ()
    claims: tuple[Claim, ...] = ()
    note: str = ""
    receipt_extended_days: int = 0
    appointment: Appointment | None = None
    history: tuple[HistoryEntry, ...] = ()

    @property
    def goods_amount(self) -> Money:
        """The price of all lines, as far as they were not cancelled."""
        return _sum((line.amount for line in self.lines), self.freight.currency)

    @property
    def total(self) -> Money:
        """What has to be paid: goods and delivery."""
        return self.goods_amount + self.freight

    @property
    def paid_at(self) -> datetime | None:
        """When the order was first paid, if it was."""
        return self.payments[0].paid_at if self.payments else None

    @property
    def payments(self) -> tuple[Payment, ...]:
        """All payments but later charges, the first one first."""
        return self.former_payments if self.payment is None else (*self.former_payments, self.payment)

    @property
    def paid_amount(self) -> Money:
        """What was paid, later charges included, and payments that were given back since."""
        return _sum((item.amount for item in self.paid), self.freight.currency)

    @property
    def paid(self) -> tuple[Payment | Charge, ...]:
        """All that was paid: the payments, and the charges that are not open any more."""
        return (*self.payments, *(charge for charge in self.charges if charge.state == "paid"))

    @property
    def refunded_amount(self) -> Money:
        """What was paid back or is about to be, returns and exchanges under way included."""
        under_way: tuple[Return | Exchange, ...] = (*self.returns, *self.exchanges)
        waiting = (item.refund_amount for item in under_way if item.state in ("opened", "sent_back", "received"))
        refunds = (refund.amount for refund in self.refunds if refund.state != "withdrawn")
        return _sum(waiting, self.freight.currency) + _sum(refunds, self.freight.currency)

    @property
    def shipment(self) -> Shipment | None:
        """The last parcel."""
        return self.shipments[-1] if self.shipments else None

    @property
    def delivered_at(self) -> datetime | None:
        """When the last parcel was signed for."""
        return self.shipment.delivered_at if self.shipment else None

    def unpaid_for(self, line_id: str) -> Money:
        """What still has to be paid for a line whose options were changed."""
        waiting = (item.amount for item in self.charges if item.of == line_id and item.state == "waiting")
        return _sum(waiting, self.freight.currency)

    def line(self, line_id: str) -> OrderLine | None:
        """Find a line by its id."""
        return next((line for line in self.lines if line.id == line_id), None)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(0, currency))
