"""The shop's policies as the rules compute with them, read from the values of the pack's clauses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from xiaoer.events import Facts
from xiaoer.pack import Clause, Rule
from xiaoer.shop.clauses import ClauseRef, Policy
from xiaoer.shop.errors import ClauseMissingError
from xiaoer.shop.invoice_policies import InvoiceChange, InvoicePolicy, InvoiceResend, SpecialInvoice


class StatesPolicy(Policy, frozen=True, kw_only=True):
    """Until which states something may be done to an order (`order.cancel`, `order.address`, `payment.change`, ...)."""

    until_states: tuple[str, ...]


class DeliveryRange(Policy, frozen=True, kw_only=True):
    """Where the shop does not deliver (`delivery.range`)."""

    excluded_regions: tuple[str, ...]


class ShippingPromise(Policy, frozen=True, kw_only=True):
    """How soon after payment a parcel leaves (`shipping.promise`)."""

    hours: int


class ShippingFee(Policy, frozen=True, kw_only=True):
    """What delivery costs, in minor units (`shipping.fee`); the remote fee is added to the usual one."""

    free_from_minor: int
    fee_minor: int
    remote_regions: tuple[str, ...]
    remote_free_from_minor: int
    remote_fee_minor: int


class DeliveryTimes(Policy, frozen=True, kw_only=True):
    """How many days a parcel travels at most (`delivery.time`)."""

    near_regions: tuple[str, ...]
    near_days: int
    other_days: int
    remote_regions: tuple[str, ...]
    remote_days: int


class UnpaidOrders(Policy, frozen=True, kw_only=True):
    """When an unpaid order is closed (`order.unpaid`)."""

    minutes: int


class Receipt(Policy, frozen=True, kw_only=True):
    """How many days after delivery an order completes by itself (`order.receipt`)."""

    days: int


class StockNoticePolicy(Policy, frozen=True, kw_only=True):
    """For how many days a customer's wish to be told that something is back is kept (`stock.notice`)."""

    days: int


class NoReasonReturn(Policy, frozen=True, kw_only=True):
    """Returns because the customer does not want the goods (`return.no_reason`).

    Goods of the sealed categories go back only unopened.
    """

    days: int
    excluded_categories: tuple[str, ...]
    sealed_categories: tuple[str, ...]


class QualityReturn(Policy, frozen=True, kw_only=True):
    """Returns because something is wrong with the goods (`return.quality`); `reasons` are the codes that count."""

    days: int
    reasons: tuple[str, ...]


class ReturnFreight(Policy, frozen=True, kw_only=True):
    """What the way back costs when the customer pays it, in minor units (`return.freight`)."""

    minimum_minor: int
    maximum_minor: int
    insured_categories: tuple[str, ...]


class PickUp(Policy, frozen=True, kw_only=True):
    """When goods are fetched for a return, in local hours, and where they go (`return.pickup`)."""

    after_days: int
    from_hour: int
    to_hour: int
    address: str


class RefundTimes(Policy, frozen=True, kw_only=True):
    """Working days until money is back, by payment method, after the goods are checked (`refund.time`)."""

    review_days: int
    days: dict[str, int]


class PaymentMethods(Policy, frozen=True, kw_only=True):
    """The ways to pay, the usual one first (`payment.methods`)."""

    methods: Annotated[tuple[str, ...], Meta(min_length=1)]


class RefundWay(Policy, frozen=True, kw_only=True):
    """Where else than to where it was paid from money may go back, if the customer wants it: kinds (`refund.way`)."""

    kinds: tuple[str, ...]


class ClaimPolicy(Policy, frozen=True, kw_only=True):
    """Claims about what came, or did not (`claim.open`): days since delivery by kind, and hours until the answer.

    A parcel counts as not received `overdue_days` after the day for which it was promised. A refund of less than
    `instant_refund_below_minor` is made at once; 0 leaves each to a person. Of `picture_kinds` none is opened without a
    picture. What is too late for one of the `late_as_faulty` kinds may still be claimed as a fault.
    """

    days: dict[str, int]
    overdue_days: int
    answer_hours: int
    repair_kinds: tuple[str, ...]
    instant_refund_below_minor: int = 0
    picture_kinds: tuple[str, ...] = ()
    late_as_faulty: tuple[str, ...] = ()


class Warranty(Policy, frozen=True, kw_only=True):
    """For how many months since delivery faulty goods of some categories are repaired (`warranty.appliance`)."""

    months: int
    categories: tuple[str, ...]


class UrgePolicy(Policy, frozen=True, kw_only=True):
    """From when before a promise an order may be urged, and after how many hours again (`order.urge`)."""

    from_hours_before: int
    again_after_hours: int


class PriceProtection(Policy, frozen=True, kw_only=True):
    """How many days after payment a lower price is given afterwards, and for what it is not (`price.protect`)."""

    days: int
    excluded_categories: tuple[str, ...] = ()


class RestorePolicy(Policy, frozen=True, kw_only=True):
    """Within how many hours an order that the customer cancelled may be taken up again (`order.restore`)."""

    hours: int


class ExtensionPolicy(Policy, frozen=True, kw_only=True):
    """By how many days later an order completes by itself that is extended, once (`order.extend`)."""

    days: int


class SchedulePolicy(StatesPolicy, frozen=True, kw_only=True):
    """Until which states a day of delivery may be chosen, and how many days ahead (`delivery.schedule`).

    A day before the parcel must have come there is not given, whatever `from_days` says.
    """

    from_days: int
    most_days: int


class QuantityPolicy(StatesPolicy, frozen=True, kw_only=True):
    """Until which states a line may hold another number of pieces, and how many at most (`order.quantity`)."""

    most: int


class OrderNotePolicy(Policy, frozen=True, kw_only=True):
    """Until which states an order may be given a note, and of how many characters (`order.note`)."""

    until_states: tuple[str, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A decision rule of the pack, with the clause it rests on as it is in force."""

    rule: Rule
    clause: ClauseRef


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies in force on a day; `timezone` is the shop's, in which its days are counted.

    `rules` are the decision rules by the action that they are about, in the pack's order.
    """

    timezone: ZoneInfo
    cancel: StatesPolicy
    address: StatesPolicy
    change_items: StatesPolicy
    delivery_range: DeliveryRange
    shipping_promise: ShippingPromise
    shipping_fee: ShippingFee
    delivery_times: DeliveryTimes
    unpaid: UnpaidOrders
    receipt: Receipt
    no_reason_return: NoReasonReturn
    quality_return: QualityReturn
    return_freight: ReturnFreight
    pick_up: PickUp
    refund_times: RefundTimes
    invoice: InvoicePolicy
    special_invoice: SpecialInvoice
    invoice_change: InvoiceChange
    invoice_resend: InvoiceResend
    payment: PaymentMethods
    payment_change: StatesPolicy
    refund_way: RefundWay
    claim: ClaimPolicy
    urge: UrgePolicy
    price_protection: PriceProtection
    order_note: OrderNotePolicy
    withdrawal: Policy
    restore: RestorePolicy
    quantity: QuantityPolicy
    extension: ExtensionPolicy
    schedule: SchedulePolicy
    stock_notice: StockNoticePolicy | None = None
    warranty: Warranty | None = None
    rules: Mapping[str, tuple[RuleInForce, ...]] = field(default_factory=dict)

    def day(self, at: datetime) -> date:
        """Give the shop's day of a moment."""
        return at.astimezone(self.timezone).date()

    def next_pick_up(self, now: datetime) -> Facts:
        """Give the day and the moments between which goods are fetched that are given back now."""
        day = self.day(now) + timedelta(days=self.pick_up.after_days)
        start, end = (
            datetime.combine(day, time(hour), tzinfo=self.timezone).astimezone(UTC).isoformat()
            for hour in (self.pick_up.from_hour, self.pick_up.to_hour)
        )
        return {"date": day.isoformat(), "from": start, "to": end}


def read_policies(
    clauses: Mapping[str, Clause], *, on: date, timezone: ZoneInfo, rules: Iterable[Rule] = ()
) -> Policies:
    """Read the policies in force on a day.

    A clause that follows another one carries its id with the year: `return.no_reason.2027` follows
    `return.no_reason`. Of those in force the one with the latest first day counts. A rule whose clause is not in force
    is left out.

    Raises:
        ClauseMissingError: a clause, or one of its values, is missing or of the wrong kind.
    """
    shelf = _Shelf(clauses, on)
    return Policies(
        timezone=timezone,
        cancel=shelf.policy("order.cancel", StatesPolicy),
        address=shelf.policy("order.address", StatesPolicy),
        change_items=shelf.policy("order.change_items", StatesPolicy),
        delivery_range=shelf.policy("delivery.range", DeliveryRange),
        shipping_promise=shelf.policy("shipping.promise", ShippingPromise),
        shipping_fee=shelf.policy("shipping.fee", ShippingFee),
        delivery_times=shelf.policy("delivery.time", DeliveryTimes),
        unpaid=shelf.policy("order.unpaid", UnpaidOrders),
        receipt=shelf.policy("order.receipt", Receipt),
        no_reason_return=shelf.policy("return.no_reason", NoReasonReturn),
        quality_return=shelf.policy("return.quality", QualityReturn),
        return_freight=shelf.policy("return.freight", ReturnFreight),
        pick_up=shelf.policy("return.pickup", PickUp),
        refund_times=shelf.policy("refund.time", RefundTimes),
        invoice=shelf.policy("invoice.electronic", InvoicePolicy),
        special_invoice=shelf.policy("invoice.special", SpecialInvoice),
        invoice_change=shelf.policy("invoice.change", InvoiceChange),
        invoice_resend=shelf.policy("invoice.resend", InvoiceResend),
        payment=shelf.policy("payment.methods", PaymentMethods),
        payment_change=shelf.policy("payment.change", StatesPolicy),
        refund_way=shelf.policy("refund.way", RefundWay),
        claim=shelf.policy("claim.open", ClaimPolicy),
        urge=shelf.policy("order.urge", UrgePolicy),
        price_protection=shelf.policy("price.protect", PriceProtection),
        order_note=shelf.policy("order.note", OrderNotePolicy),
        withdrawal=shelf.policy("return.withdraw", Policy),
        restore=shelf.policy("order.restore", RestorePolicy),
        quantity=shelf.policy("order.quantity", QuantityPolicy),
        extension=shelf.policy("order.extend", ExtensionPolicy),
        schedule=shelf.policy("delivery.schedule", SchedulePolicy),
        stock_notice=shelf.policy("stock.notice", StockNoticePolicy) if shelf.reference("stock.notice") else None,
        warranty=shelf.policy("warranty.appliance", Warranty) if shelf.reference("warranty.appliance") else None,
        rules=_by_action(shelf, rules),
    )


def _by_action(shelf: "_Shelf", rules: Iterable[Rule]) -> dict[str, tuple[RuleInForce, ...]]:
    found: dict[str, tuple[RuleInForce, ...]] = {}
    for rule in rules:
        clause = shelf.reference(rule.clause)
        if clause is not None:
            found[rule.action] = (*found.get(rule.action, ()), RuleInForce(rule, clause))
    return found


_Kind = TypeVar("_Kind", bound=Policy)
_METHOD_PREFIX = "days_"


class _Shelf:
    def __init__(self, clauses: Mapping[str, Clause], on: date) -> None:
        self._clauses = clauses
        self._on = on

    def policy(self, name: str, kind: type[_Kind]) -> _Kind:
        clause = self._in_force(name)
        by_method = {
            key.removeprefix(_METHOD_PREFIX): value
            for key, value in clause.values.items()
            if key.startswith(_METHOD_PREFIX)
        }
        stated = {"days": by_method} if by_method else {}
        values = {**clause.values, **stated, "clause": {"id": clause.id, "title": clause.title}}
        try:
            return msgspec.convert(values, kind)
        except msgspec.ValidationError as error:
            raise ClauseMissingError(f"The clause {clause.id} lacks what its rule computes with: {error}.") from error

    def reference(self, name: str) -> ClauseRef | None:
        """Name the version of a clause that is in force, if one is."""
        clause = max(self._versions(name), key=lambda clause: clause.valid_from, default=None)
        return None if clause is None else ClauseRef(clause.id, clause.title)

    def _in_force(self, name: str) -> Clause:
        found = self._versions(name)
        if not found:
            raise ClauseMissingError(
                f"No clause {name} is in force on {self._on}: add it to the pack's policies/ folder."
            )
        return max(found, key=lambda clause: clause.valid_from)

    def _versions(self, name: str) -> list[Clause]:
        return [
            clause
            for clause in self._clauses.values()
            if _is_version(clause.id, name)
            and clause.valid_from <= self._on
            and (clause.valid_until is None or self._on <= clause.valid_until)
        ]


def _is_version(clause_id: str, name: str) -> bool:
    return clause_id == name or (clause_id.startswith(name + ".") and clause_id[len(name) + 1 :].isdigit())
