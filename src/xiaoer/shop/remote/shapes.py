"""The bodies of the contract: what the merchant's system answers and is asked to do. Beside them `models.py`."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from xiaoer.ids import CustomerId, OrderId, ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.customers import Address, Customer, StockNotice
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Appointment, Charge, Claim, Exchange, Invoice, Order, Payment, Product, Refund, Return


class KeptOrder(Order, frozen=True, kw_only=True, omit_defaults=True):
    """An order; its number is what the customer sees. `version` names its present state and never comes back."""

    version: str


class KeptCustomer(Customer, frozen=True, kw_only=True, omit_defaults=True):
    """A customer. `version` names the present state; a system without one takes no changes of customers."""

    version: str = ""


class ProductPage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Products by id: all, or those changed since `updated_since`; `next` is empty on the last page."""

    products: tuple[Product, ...]
    removed: tuple[ProductId, ...] = ()
    next: str = ""
    as_of: str = ""


class OrderList(Struct, frozen=True, kw_only=True):
    """A customer's orders, newest first."""

    orders: tuple[KeptOrder, ...]


class Identified(Struct, frozen=True, kw_only=True):
    """Whom a claim fits."""

    customer: CustomerId


class CancelOrder(Struct, frozen=True, kw_only=True, tag_field="type", tag="cancel_order"):
    """The order is cancelled, with all its lines; `reason` is a code of the shop's pack."""

    reason: str


class RestoreOrder(Struct, frozen=True, kw_only=True, tag_field="type", tag="restore_order"):
    """A cancelled order is taken up again: it is `paid`, and is sent as if it had not been cancelled."""


class CancelLines(Struct, frozen=True, kw_only=True, tag_field="type", tag="cancel_lines"):
    """Pieces of some lines are not sent: add them, by the line's id, to the line's `cancelled_quantity`."""

    reason: str
    quantities: dict[str, int]


class AddPieces(Struct, frozen=True, kw_only=True, tag_field="type", tag="add_pieces"):
    """More pieces of a line are wanted, at its price: add them to the line's `quantity`."""

    line: str
    quantity: int


class MakeRefund(Struct, frozen=True, kw_only=True, tag_field="type", tag="make_refund"):
    """Money is paid back; keep the refund with the order under its id.

    One that is `paid` goes to the balance of the customer's payment method that it names.
    """

    refund: Refund


class ChangePayment(Struct, frozen=True, kw_only=True, tag_field="type", tag="change_payment"):
    """The order is paid by this payment instead: the one before it becomes a former one, a refund gives it back.

    Take the amount from the payment method's balance where it has one; refuse with 409 where that does not cover it.
    """

    payment: Payment


class ChoosePayment(Struct, frozen=True, kw_only=True, tag_field="type", tag="choose_payment"):
    """The customer will pay the order by this payment method: keep its id as `pay_with`."""

    method_id: str


class WithdrawRefund(Struct, frozen=True, kw_only=True, tag_field="type", tag="withdraw_refund"):
    """A refund that was not paid yet is not: its state is `withdrawn`."""

    refund: str


class ChangeAddress(Struct, frozen=True, kw_only=True, tag_field="type", tag="change_address"):
    """The order goes to another address."""

    address: Address


class OpenReturn(Struct, frozen=True, kw_only=True, tag_field="type", tag="open_return"):
    """Pieces of a line come back: keep the return with the order, and count its pieces in `returned_quantity`."""

    opened: Return


class ChangeOptions(Struct, frozen=True, kw_only=True, tag_field="type", tag="change_options"):
    """A line that was not sent yet is another variant of its product, at that one's price."""

    line: str
    sku: SkuId
    options: dict[str, str]
    unit_price: Money


class OpenExchange(Struct, frozen=True, kw_only=True, tag_field="type", tag="open_exchange"):
    """Pieces come back for another variant: keep the exchange, count its pieces in the line's `returned_quantity`."""

    opened: Exchange


class AskCharge(Struct, frozen=True, kw_only=True, tag_field="type", tag="ask_charge"):
    """The customer has to pay more: keep the charge with the order, and ask for the money.

    One that is `paid` is taken from the balance of the payment method that it names: refuse the change with 409 where
    that does not cover it.
    """

    charge: Charge


class DropCharge(Struct, frozen=True, kw_only=True, tag_field="type", tag="drop_charge"):
    """A charge that was not paid yet is not wanted any more: its state is `dropped`."""

    charge: str


class RequestInvoice(Struct, frozen=True, kw_only=True, tag_field="type", tag="request_invoice"):
    """The customer asks for an invoice; keep it with the order."""

    invoice: Invoice


class ChangeInvoice(Struct, frozen=True, kw_only=True, tag_field="type", tag="change_invoice"):
    """The invoice that was asked for and is not made out yet shall be this one."""

    invoice: Invoice


class ReissueInvoice(Struct, frozen=True, kw_only=True, tag_field="type", tag="reissue_invoice"):
    """The invoice that was made out is void: it is `voided`, and the last of `former_invoices`; make out this one."""

    invoice: Invoice


class ResendInvoice(Struct, frozen=True, kw_only=True, tag_field="type", tag="resend_invoice"):
    """Send the invoice again to `email`, its address from now on; keep when, and how often on that day by now."""

    email: str
    at: datetime
    times: int


class Restock(Struct, frozen=True, kw_only=True, tag_field="type", tag="restock"):
    """Pieces go back into stock; add `quantity` to what there is."""

    product: ProductId
    sku: SkuId
    quantity: int


class SetAside(Struct, frozen=True, kw_only=True, tag_field="type", tag="set_aside"):
    """Pieces are taken out of stock; refuse the change with 409 where there are not as many."""

    product: ProductId
    sku: SkuId
    quantity: int


class OpenClaim(Struct, frozen=True, kw_only=True, tag_field="type", tag="open_claim"):
    """The customer claims that something is wrong: keep it with the order, and answer it until `answer_by`."""

    opened: Claim


class WithdrawClaim(Struct, frozen=True, kw_only=True, tag_field="type", tag="withdraw_claim"):
    """The customer takes an open claim back: it is `withdrawn`."""

    claim: str


class WithdrawReturn(Struct, frozen=True, kw_only=True, tag_field="type", tag="withdraw_return"):
    """An open return or exchange is `withdrawn`: its pieces no longer count in `returned_quantity`, none is fetched."""

    case: str


class CreditLines(Struct, frozen=True, kw_only=True, tag_field="type", tag="credit_lines"):
    """Keep, by the line's id, as `credit` what was paid back in all for each piece that the customer keeps."""

    credits: dict[str, Money]


class UrgeOrder(Struct, frozen=True, kw_only=True, tag_field="type", tag="urge_order"):
    """The customer presses for the order's next step; the order itself stays as it is."""

    step: Literal["shipping", "delivery"]


class ChangeNote(Struct, frozen=True, kw_only=True, tag_field="type", tag="change_note"):
    """The order's note is another one."""

    note: str


class ExtendReceipt(Struct, frozen=True, kw_only=True, tag_field="type", tag="extend_receipt"):
    """The order completes by itself so many days later than it would: its `receipt_extended_days`."""

    days: int


class ScheduleDelivery(Struct, frozen=True, kw_only=True, tag_field="type", tag="schedule_delivery"):
    """The customer wants the order delivered then: its `appointment`; null: one that was made is taken back."""

    appointment: Appointment | None


GoodsEffect: TypeAlias = (
    CancelOrder
    | CancelLines
    | AddPieces
    | ChangeAddress
    | OpenReturn
    | ChangeOptions
    | OpenExchange
    | WithdrawReturn
    | RestoreOrder
)
"""What happens to what is sent, whereto, and what comes back."""
PaymentEffect: TypeAlias = ChangePayment | ChoosePayment
"""By what is paid."""
MoneyEffect: TypeAlias = MakeRefund | WithdrawRefund | AskCharge | DropCharge | CreditLines
"""What happens to what is paid."""
InvoiceEffect: TypeAlias = RequestInvoice | ChangeInvoice | ReissueInvoice | ResendInvoice
"""What happens to the invoice."""
ServiceEffect: TypeAlias = OpenClaim | WithdrawClaim | UrgeOrder | ChangeNote | ExtendReceipt | ScheduleDelivery
"""What the shop is asked to look after."""
StockEffect: TypeAlias = Restock | SetAside
"""What happens to the stock of the goods."""
OrderEffect: TypeAlias = GoodsEffect | PaymentEffect | MoneyEffect | InvoiceEffect | ServiceEffect | StockEffect


class OrderChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change of one order: all of it is made, in this order, or nothing.

    `version` is the order's at the time of the decision. `history` tells who did what and why.
    """

    action: str
    customer: CustomerId
    order: OrderId
    version: str
    at: datetime
    effects: tuple[OrderEffect, ...]
    history: tuple[HistoryEntry, ...] = ()


class SetDefaultAddress(Struct, frozen=True, kw_only=True, tag_field="type", tag="set_default_address"):
    """The address is the customer's default: it stands first among the addresses, and is added if it was none."""

    address: Address


class AskStockNotice(Struct, frozen=True, kw_only=True, tag_field="type", tag="ask_stock_notice"):
    """The customer wants to be told when a variant is in stock again: keep the notice, and tell the customer then."""

    notice: StockNotice


class WithdrawStockNotice(Struct, frozen=True, kw_only=True, tag_field="type", tag="withdraw_stock_notice"):
    """The customer need not be told of a variant any more: forget the notice about it."""

    sku: SkuId


CustomerEffect: TypeAlias = SetDefaultAddress | AskStockNotice | WithdrawStockNotice
"""What happens to a customer."""


class CustomerChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change of one customer: all of it is made, in this order, or nothing.

    `version` is the customer's at the time of the decision. `history` tells who did what and why.
    """

    action: str
    customer: CustomerId
    version: str
    at: datetime
    effects: tuple[CustomerEffect, ...]
    history: tuple[HistoryEntry, ...] = ()


class ChangeMade(Struct, frozen=True, kw_only=True):
    """The change is stored; `version` is that of the order, or the customer, now."""

    version: str


class Failure(Struct, frozen=True, kw_only=True):
    """Why nothing was done."""

    code: str
    message: str


class FailureAnswer(Struct, frozen=True, kw_only=True):
    """The body of every status of 400 and more; it is for people, the status decides."""

    error: Failure
