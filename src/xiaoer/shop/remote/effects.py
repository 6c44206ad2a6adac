"""A changed order told in the trade's words, and those words made true again.

The actions know only orders before and after. A merchant's system has its own tables and wants to hear what happens:
this order is cancelled, that money goes back. `effects_of` tells it, and makes sure that nothing is left untold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import assert_never

import msgspec

from xiaoer.ids import ProductId, SkuId
from xiaoer.money import Money
from xiaoer.shop.changes import credited, given_back, paid_otherwise, with_variant, withdrawn
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.models import Charge, Exchange, Order, OrderLine, Product, Return
from xiaoer.shop.quantities import with_quantity
from xiaoer.shop.refunding import with_refund_withdrawn
from xiaoer.shop.remote.errors import UntellableChangeError
from xiaoer.shop.remote.invoice_effects import told_of_invoice, with_invoice
from xiaoer.shop.remote.shapes import (
    AddPieces,
    AskCharge,
    CancelLines,
    CancelOrder,
    ChangeAddress,
    ChangeInvoice,
    ChangeNote,
    ChangeOptions,
    ChangePayment,
    ChoosePayment,
    CreditLines,
    DropCharge,
    ExtendReceipt,
    GoodsEffect,
    MakeRefund,
    MoneyEffect,
    OpenClaim,
    OpenExchange,
    OpenReturn,
    OrderEffect,
    PaymentEffect,
    ReissueInvoice,
    RequestInvoice,
    ResendInvoice,
    Restock,
    RestoreOrder,
    ScheduleDelivery,
    ServiceEffect,
    SetAside,
    UrgeOrder,
    WithdrawClaim,
    WithdrawRefund,
    WithdrawReturn,
)
from xiaoer.shop.states import CHARGE_STATES, ORDER_STATES
from xiaoer.shop.urge_rules import URGED


def effects_of(before: Order, after: Order) -> tuple[OrderEffect, ...]:
    """Tell what happened to an order.

    Raises:
        UntellableChangeError: something happened for which there is no word.
    """
    effects = tuple(_told(before, after))
    if with_effects(before, effects, history_of(before, after)) != after:
        raise UntellableChangeError("An action changed an order in a way that the contract has no word for.")
    return effects


def history_of(before: Order, after: Order) -> tuple[HistoryEntry, ...]:
    """Give the entries that were added to an order's history."""
    return after.history[len(before.history) :]


def restocks_of(before: Iterable[Product], after: Iterable[Product]) -> tuple[Restock | SetAside, ...]:
    """Tell how many pieces of which variants went back into stock or were taken out of it.

    Raises:
        UntellableChangeError: more than the stock of a product changed.
    """
    known = {product.id: product for product in before}
    changed = tuple(after)
    restocks = tuple(
        _moved(product.id, new.sku, new.stock - old.stock)
        for product in changed
        if product.id in known
        for old, new in zip(known[product.id].variants, product.variants, strict=False)
        if new.stock != old.stock
    )
    if any(product.id not in known or restocked(known[product.id], restocks) != product for product in changed):
        raise UntellableChangeError("An action changed more of a product than its stock.")
    return restocks


def with_effects(order: Order, effects: Iterable[OrderEffect], history: Iterable[HistoryEntry]) -> Order:
    """Give an order to which effects happened, with entries added to its history."""
    return msgspec.structs.replace(reduce(_after, effects, order), history=(*order.history, *history))


def restocked(product: Product, effects: Iterable[OrderEffect]) -> Product:
    """Give a product with the pieces that went back into stock, and without those that were set aside."""
    back: Counter[str] = Counter()
    for effect in effects:
        if isinstance(effect, Restock | SetAside) and effect.product == product.id:
            back[effect.sku] += effect.quantity if isinstance(effect, Restock) else -effect.quantity
    variants = (msgspec.structs.replace(item, stock=item.stock + back[item.sku]) for item in product.variants)
    return msgspec.structs.replace(product, variants=tuple(variants))


def _moved(product: ProductId, sku: SkuId, pieces: int) -> Restock | SetAside:
    if pieces > 0:
        return Restock(product=product, sku=sku, quantity=pieces)
    return SetAside(product=product, sku=sku, quantity=-pieces)


def _told(before: Order, after: Order) -> Iterator[OrderEffect]:
    yield from _told_of_goods(before, after)
    yield from _told_of_payment(before, after)
    yield from _told_of_money(before, after)
    yield from told_of_invoice(before, after)
    yield from _told_of_service(before, after)


def _told_of_goods(before: Order, after: Order) -> Iterator[GoodsEffect]:
    if after.state != before.state:
        yield RestoreOrder() if before.state == "cancelled" else CancelOrder(reason=_reason(before, after))
    if quantities := _cancelled(before, after):
        yield CancelLines(reason=_reason(before, after), quantities=quantities)
    for old, new in zip(before.lines, after.lines, strict=False):
        if new.quantity > old.quantity:
            yield AddPieces(line=new.id, quantity=new.quantity - old.quantity)
    if after.address != before.address:
        yield ChangeAddress(address=after.address)
    for old, new in zip(before.lines, after.lines, strict=False):
        if old.sku != new.sku:
            yield ChangeOptions(line=new.id, sku=new.sku, options=new.options, unit_price=new.unit_price)
    going: tuple[Return | Exchange, ...] = (*before.returns, *before.exchanges)
    gone = {*(item.id for item in after.returns if item.state == "withdrawn")}
    gone |= {*(item.id for item in after.exchanges if item.state == "withdrawn")}
    yield from (WithdrawReturn(case=item.id) for item in going if item.id in gone and item.state != "withdrawn")
    for opened in after.returns[len(before.returns) :]:
        yield OpenReturn(opened=opened)
    for exchanged in after.exchanges[len(before.exchanges) :]:
        yield OpenExchange(opened=exchanged)


def _told_of_payment(before: Order, after: Order) -> Iterator[PaymentEffect]:
    if after.payment is not None and after.payment != before.payment:
        yield ChangePayment(payment=after.payment)
    if after.pay_with != before.pay_with:
        yield ChoosePayment(method_id=after.pay_with)


def _told_of_money(before: Order, after: Order) -> Iterator[MoneyEffect]:
    for due, refund in zip(before.refunds, after.refunds, strict=False):
        if due.state != refund.state:
            yield WithdrawRefund(refund=refund.id)
    for refund in after.refunds[len(before.refunds) :]:
        yield MakeRefund(refund=refund)
    for charge, now in zip(before.charges, after.charges, strict=False):
        if charge.state != now.state:
            yield DropCharge(charge=charge.id)
    for asked in after.charges[len(before.charges) :]:
        yield AskCharge(charge=asked)
    if credits_given := _credited(before, after):
        yield CreditLines(credits=credits_given)


def _told_of_service(before: Order, after: Order) -> Iterator[ServiceEffect]:
    for claim in after.claims[len(before.claims) :]:
        yield OpenClaim(opened=claim)
    for old, new in zip(before.claims, after.claims, strict=False):
        if new.state != old.state:
            yield WithdrawClaim(claim=new.id)
    if after.note != before.note:
        yield ChangeNote(note=after.note)
    if after.receipt_extended_days != before.receipt_extended_days:
        yield ExtendReceipt(days=after.receipt_extended_days)
    if after.appointment != before.appointment:
        yield ScheduleDelivery(appointment=after.appointment)
    for entry in history_of(before, after):
        if entry.action == URGED["shipping"]:
            yield UrgeOrder(step="shipping")
        elif entry.action == URGED["delivery"]:
            yield UrgeOrder(step="delivery")


def _reason(before: Order, after: Order) -> str:
    return "".join(entry.reason for entry in history_of(before, after))


def _cancelled(before: Order, after: Order) -> dict[str, int]:
    """Give how many pieces of which lines are not sent any more."""
    lines = zip(before.lines, after.lines, strict=False)
    more = {old.id: new.cancelled_quantity - old.cancelled_quantity for old, new in lines}
    return {line_id: pieces for line_id, pieces in more.items() if pieces}


def _credited(before: Order, after: Order) -> dict[str, Money]:
    lines = zip(before.lines, after.lines, strict=False)
    return {old.id: new.credit for old, new in lines if new.credit is not None and new.credit != old.credit}


def _after(order: Order, effect: OrderEffect) -> Order:
    match effect:
        case MakeRefund() | WithdrawRefund() | AskCharge() | DropCharge() | CreditLines():
            return _with_money(order, effect)
        case RequestInvoice() | ChangeInvoice() | ReissueInvoice() | ResendInvoice():
            return with_invoice(order, effect)
        case ChangePayment() | ChoosePayment():
            return _with_payment(order, effect)
        case OpenClaim() | WithdrawClaim() | UrgeOrder() | ChangeNote() | ExtendReceipt() | ScheduleDelivery():
            return _with_service(order, effect)
        case Restock() | SetAside():
            return order
        case other:
            return _with_goods(order, other)


def _with_goods(order: Order, effect: GoodsEffect) -> Order:
    match effect:
        case CancelOrder():
            state = ORDER_STATES.after(order.state, "cancel", of=order.id)
            return msgspec.structs.replace(order, state=state)
        case RestoreOrder():
            return msgspec.structs.replace(order, state=ORDER_STATES.after(order.state, "restore", of=order.id))
        case CancelLines(quantities=quantities):
            cancelled = (
                msgspec.structs.replace(line, cancelled_quantity=line.cancelled_quantity + quantities.get(line.id, 0))
                for line in order.lines
            )
            return msgspec.structs.replace(order, lines=tuple(cancelled))
        case AddPieces(line=line_id, quantity=more):
            return with_quantity(order, line_id, more)
        case ChangeAddress(address=address):
            return msgspec.structs.replace(order, address=address)
        case OpenReturn(opened=opened):
            return msgspec.structs.replace(given_back(order, opened), returns=(*order.returns, opened))
        case ChangeOptions():
            return msgspec.structs.replace(order, lines=tuple(_as_other(line, effect) for line in order.lines))
        case OpenExchange(opened=exchanged):
            return msgspec.structs.replace(given_back(order, exchanged), exchanges=(*order.exchanges, exchanged))
        case WithdrawReturn(case=case):
            return withdrawn(order, case)
        case other:
            assert_never(other)


def _with_payment(order: Order, effect: PaymentEffect) -> Order:
    match effect:
        case ChangePayment(payment=payment):
            return paid_otherwise(order, payment)
        case ChoosePayment(method_id=method_id):
            return msgspec.structs.replace(order, pay_with=method_id)
        case other:
            assert_never(other)


def _with_money(order: Order, effect: MoneyEffect) -> Order:
    match effect:
        case MakeRefund(refund=refund):
            return msgspec.structs.replace(order, refunds=(*order.refunds, refund))
        case WithdrawRefund(refund=refund_id):
            return with_refund_withdrawn(order, refund_id)
        case AskCharge(charge=charge):
            return msgspec.structs.replace(order, charges=(*order.charges, charge))
        case DropCharge(charge=charge_id):
            charges = tuple(_dropped(charge) if charge.id == charge_id else charge for charge in order.charges)
            return msgspec.structs.replace(order, charges=charges)
        case CreditLines(credits=given):
            return credited(order, given)
        case other:
            assert_never(other)


def _as_other(line: OrderLine, effect: ChangeOptions) -> OrderLine:
    if line.id != effect.line:
        return line
    return with_variant(line, effect.sku, effect.options, effect.unit_price)


def _dropped(charge: Charge) -> Charge:
    return msgspec.structs.replace(charge, state=CHARGE_STATES.after(charge.state, "drop", of=charge.id))


def _with_service(order: Order, effect: ServiceEffect) -> Order:
    match effect:
        case OpenClaim(opened=opened):
            return msgspec.structs.replace(order, claims=(*order.claims, opened))
        case WithdrawClaim(claim=case):
            return withdrawn(order, case)
        case ChangeNote(note=note):
            return msgspec.structs.replace(order, note=note)
        case ExtendReceipt(days=days):
            return msgspec.structs.replace(order, receipt_extended_days=days)
        case ScheduleDelivery(appointment=appointment):
            return msgspec.structs.replace(order, appointment=appointment)
        case UrgeOrder():
            return order
        case other:
            assert_never(other)
