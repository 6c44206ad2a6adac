"""Another number of pieces of a line that was not packed yet: whether it may be, and what is settled for it."""

import msgspec

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Order, OrderLine, Variant
from xiaoer.shop.policies import Policies
from xiaoer.shop.refunding import settlement_facts, within_paid
from xiaoer.shop.rules import Allowed, Decision, Refused, progress_code


def may_change_quantity(order: Order, line: OrderLine, quantity: int, goods: Goods, policies: Policies) -> Decision:
    """Decide whether a line may hold so many pieces from now on.

    More are sold at the price that the line has cost, so they are refused where that is another now. Facts, refused or
    not: quantity, before, most; available (what there is in all) where there are too few; allowed: `settlement` (none,
    refund, charge, or total before payment), `difference` (without sign), `total`, `method`, `refund_days`.
    """
    policy = policies.quantity
    facts: Facts = {"quantity": quantity, "before": line.kept_quantity, "most": policy.most}
    if order.state not in policy.until_states:
        return Refused(progress_code(order.state), policy.clause, facts)
    if line.kept_quantity == 0:
        return Refused("line_gone", policy.clause, facts)
    reason = _hindrance(line, quantity, policy.most)
    if reason:
        return Refused(reason, policy.clause, facts)
    more = quantity - line.kept_quantity
    variant = _variant(line, goods)
    if more > 0 and (variant is None or variant.stock < more):
        available = line.kept_quantity + (variant.stock if variant else 0)
        return Refused("sold_out", policy.clause, {**facts, "available": available})
    if more > 0 and variant is not None and variant.price != line.net_price:
        return Refused("price_changed", policy.clause, facts)
    return Allowed(policy.clause, facts | settlement_facts(order, due_for_quantity(order, line, quantity), policies))


def due_for_quantity(order: Order, line: OrderLine, quantity: int) -> Money:
    """Give what is due for so many pieces instead, what still waits for the line set off; below zero it is paid back.

    Never more is paid back than is left of what was paid.
    """
    due = line.net_price * (quantity - line.kept_quantity)
    return within_paid(order, due + order.unpaid_for(line.id))


def with_quantity(order: Order, line_id: str, more: int) -> Order:
    """Give an order with so many pieces more of a line; fewer of them are cancelled."""
    lines = tuple(_with_more(line, more) if line.id == line_id else line for line in order.lines)
    return msgspec.structs.replace(order, lines=lines)


def _with_more(line: OrderLine, more: int) -> OrderLine:
    if more < 0:
        return msgspec.structs.replace(line, cancelled_quantity=line.cancelled_quantity - more)
    return msgspec.structs.replace(line, quantity=line.quantity + more)


def _hindrance(line: OrderLine, quantity: int, most: int) -> str:
    if quantity <= 0:
        return "none_left"
    if quantity == line.kept_quantity:
        return "same_quantity"
    return "too_many" if quantity > most else ""


def _variant(line: OrderLine, goods: Goods) -> Variant | None:
    product = goods.products.get(line.product)
    return next((variant for variant in product.variants if variant.sku == line.sku), None) if product else None
