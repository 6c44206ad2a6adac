"""Whether an order may be urged: what is late or nearly so, and not again and again."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from xiaoer.events import Facts
from xiaoer.shop.models import Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import expected_delivery, promised_shipping
from xiaoer.shop.rules import Allowed, Decision, Refused, progress_code

SHIPPING, DELIVERY = "shipping", "delivery"
URGED: Mapping[str, str] = MappingProxyType({SHIPPING: "urge_shipping", DELIVERY: "urge_delivery"})
"""How an order's history names that it was urged, by the step that was."""


def may_urge(order: Order, policies: Policies, now: datetime) -> Decision:
    """Decide whether an order's next step may be urged: not long before it was promised, not twice within some hours.

    Facts, refused or not: step, due (when it was promised), is_late; `again_at` where it was urged before.
    """
    policy = policies.urge
    step, due = _next_step(order, policies)
    if due is None:
        return Refused(progress_code(order.state), policy.clause)
    facts: Facts = {"step": step, "due": due.isoformat(), "is_late": due < now}
    again_at = _again_at(order, step, policies)
    if again_at is not None and now < again_at:
        return Refused("urged_before", policy.clause, {**facts, "again_at": again_at.isoformat()})
    if now < due - timedelta(hours=policy.from_hours_before):
        return Refused("in_time", policy.clause, facts)
    return Allowed(policy.clause, facts)


def _next_step(order: Order, policies: Policies) -> tuple[str, datetime | None]:
    if order.state in ("paid", "packing"):
        return SHIPPING, promised_shipping(order, policies)
    expected = expected_delivery(order, policies) if order.state == "shipped" else None
    if expected is None:
        return "", None
    return DELIVERY, datetime.combine(expected, time(23, 59, 59), tzinfo=policies.timezone).astimezone(UTC)


def _again_at(order: Order, step: str, policies: Policies) -> datetime | None:
    """Give from when on a step that was urged may be urged again."""
    urged = [entry.at for entry in order.history if entry.action == URGED[step]]
    return max(urged) + timedelta(hours=policies.urge.again_after_hours) if urged else None
