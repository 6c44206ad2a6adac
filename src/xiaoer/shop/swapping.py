"""Another variant of the same product instead: whether it may be had, and what is settled for it."""

from dataclasses import dataclass
from datetime import datetime

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.models import Order, OrderLine, Variant
from xiaoer.shop.policies import Policies
from xiaoer.shop.refunding import settlement_facts, within_paid
from xiaoer.shop.rules import Allowed, Decision, Refused, may_return, progress_code


@dataclass(frozen=True, slots=True)
class Swap:
    """Pieces of a line, and the variant that is wanted instead; `quantity` None means all that are left."""

    line: OrderLine
    variant: Variant
    quantity: int | None = None

    @property
    def pieces(self) -> int:
        """How many pieces it is about."""
        kept = self.line.kept_quantity
        return kept if self.quantity is None else max(1, min(self.quantity, kept))

    @property
    def is_same(self) -> bool:
        """Whether it is the same variant once more."""
        return self.variant.sku == self.line.sku

    @property
    def difference(self) -> Money:
        """What the wanted pieces cost more (less: below zero); the same variant costs what it did."""
        currency = self.line.unit_price.currency
        return Money(0, currency) if self.is_same else (self.variant.price - self.line.net_price) * self.pieces


def may_change_options(order: Order, swap: Swap, policies: Policies) -> Decision:
    """Decide whether a line that was not sent yet may be sent as another variant.

    Allowed facts: `settlement` (none, refund, charge, or total before payment), `difference` (without sign), and for a
    paid order `method` and `refund_days`.
    """
    clause = policies.change_items.clause
    if order.state not in policies.change_items.until_states:
        return Refused(progress_code(order.state), clause, _wanted(swap))
    if swap.line.kept_quantity == 0:
        return Refused("line_gone", clause, _wanted(swap))
    if swap.is_same:
        return Refused("same_variant", clause, _wanted(swap))
    if swap.variant.stock < swap.pieces:
        return Refused("sold_out", clause, _wanted(swap))
    return Allowed(clause, _wanted(swap) | settlement_facts(order, due_for(order, swap), policies))


def may_exchange(order: Order, swap: Swap, policies: Policies, now: datetime, *, reason: str) -> Decision:
    """Decide whether pieces that came may go back for another variant: where they might be returned, if it is there.

    The same variant once more is had only where something is wrong with the first. Allowed facts: those of the return,
    with `settlement`, `difference`, `method` and `refund_days` as for changed options.
    """
    decision = may_return(order, swap.line, policies, now, reason=reason, quantity=swap.quantity)
    if isinstance(decision, Refused):
        return Refused(decision.reason, decision.clause, decision.facts | _wanted(swap))
    if swap.is_same and reason and reason not in policies.quality_return.reasons:
        return Refused("same_variant", decision.clause, _wanted(swap))
    if swap.variant.stock < swap.pieces:
        return Refused("sold_out", decision.clause, _wanted(swap))
    terms = {name: fact for name, fact in decision.facts.items() if name != "refund_amount"}
    return Allowed(
        decision.clause, terms | _wanted(swap) | settlement_facts(order, due_for_exchange(order, swap), policies)
    )


def due_for(order: Order, swap: Swap) -> Money:
    """Give what is due when a line that was not sent becomes another variant: what still waits for it is set off."""
    difference = swap.difference
    return within_paid(order, difference + order.unpaid_for(swap.line.id)) if difference.minor else difference


def due_for_exchange(order: Order, swap: Swap) -> Money:
    """Give what is due when pieces that came go back for another variant."""
    return within_paid(order, swap.difference)


def _wanted(swap: Swap) -> Facts:
    return {"wanted": " ".join(swap.variant.options.values()), "quantity": swap.pieces}
