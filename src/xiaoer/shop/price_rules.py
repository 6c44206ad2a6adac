"""Whether a price that fell after the purchase is given afterwards."""

from datetime import datetime, timedelta

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts, progress_code


def may_protect(order: Order, line: OrderLine, goods: Goods, policies: Policies, now: datetime) -> Decision:
    """Decide whether the price of a line is protected: the same variant costs less now than the line has cost so far.

    Facts where they are known: paid_price, price_now, deadline, days; allowed: difference (for one piece), quantity.
    """
    policy = policies.price_protection
    hindrance = _hindrance(order, line)
    if hindrance or order.paid_at is None:
        return Refused(hindrance or "not_paid", policy.clause)
    if line.category in policy.excluded_categories:
        return Refused("not_protected", policy.clause, {"category": line.category})
    deadline = policies.day(order.paid_at) + timedelta(days=policy.days)
    facts: Facts = {"deadline": deadline.isoformat(), "days": policy.days, "paid_price": money_facts(line.net_price)}
    if policies.day(now) > deadline:
        return Refused("too_late", policy.clause, facts)
    price = price_now(line, goods)
    if price is None:
        return Refused("not_sold", policy.clause, facts)
    facts["price_now"] = money_facts(price)
    if line.net_price <= price:
        return Refused("not_cheaper", policy.clause, facts)
    difference = money_facts(line.net_price - price)
    return Allowed(policy.clause, {**facts, "difference": difference, "quantity": line.kept_quantity})


def price_now(line: OrderLine, goods: Goods) -> Money | None:
    """Find what a piece of a line's variant costs today, in the line's currency."""
    product = goods.products.get(line.product)
    prices = (variant.price for variant in product.variants if variant.sku == line.sku) if product else ()
    return next((price for price in prices if price.currency == line.unit_price.currency), None)


def _hindrance(order: Order, line: OrderLine) -> str:
    if order.state in ("unpaid", "cancelled", "closed"):
        return progress_code(order.state)
    return "line_gone" if line.kept_quantity == 0 else ""
