"""Whether something may be claimed about a line of an order: pure decisions on the pack's policies."""

from datetime import datetime, timedelta
from typing import get_args

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.models import Claim, ClaimKind, ClaimWish, Order, OrderLine
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import expected_delivery
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts, progress_code

NOT_RECEIVED = "not_received"
_HAS_COME = ("delivered", "completed")


def may_claim(
    order: Order,
    line: OrderLine,
    policies: Policies,
    now: datetime,
    *,
    kind: str = "",
    wanted: str = "",
) -> Decision:
    """Decide whether something may be claimed about a line; of what is still on the road only that it did not come.

    Without a kind it is decided whether any is possible. Allowed facts: kind (where it is known), amount, answer_hours,
    needs_picture, and deadline and days for what was delivered.
    """
    policy = policies.claim
    kind = kind_of(order, kind)
    hindrance = _hindrance(order, line, kind, wanted, policies)
    if hindrance is not None:
        return hindrance
    facts: Facts = {
        **({"kind": kind} if kind else {}),
        "amount": money_facts(line.net_price * line.kept_quantity),
        "answer_hours": policy.answer_hours,
        "needs_picture": kind in policy.picture_kinds,
    }
    if order.state not in _HAS_COME:
        return _on_the_road(order, kind, facts, policies, now)
    days = policy.days[kind] if kind else max(policy.days.values())
    deadline = policies.day(order.delivered_at or now) + timedelta(days=days)
    terms: Facts = {"deadline": deadline.isoformat(), "days": days}
    if policies.day(now) > deadline:
        return Refused("too_late", policy.clause, {**facts, **terms})
    return Allowed(policy.clause, {**facts, **terms})


def with_pictures(decision: Decision, policies: Policies, *, pictures: int) -> Decision:
    """Refuse what would be allowed, but for a picture that its kind needs."""
    if isinstance(decision, Refused) or pictures or not decision.facts["needs_picture"]:
        return decision
    return Refused("no_picture", policies.claim.clause, decision.facts)


def kind_of(order: Order, kind: str) -> str:
    """Give the kind of a claim: while the parcel is on the road there is but one."""
    return kind or (NOT_RECEIVED if order.state == "shipped" else "")


def open_claim(order: Order, line: OrderLine, kind: str) -> Claim | None:
    """Find the open claim of a kind about a line."""
    claims = (claim for claim in order.claims if claim.state == "opened" and claim.kind == kind)
    return next((claim for claim in claims if line.id in claim.lines), None)


def claim_facts(claim: Claim) -> Facts:
    """Say which claim it is, and until when it is answered."""
    return {"claim": claim.id, "answer_by": claim.answer_by.isoformat()}


def is_paid_at_once(amount: Money, wanted: str, policies: Policies) -> bool:
    """Say whether a refund is so small that no person need decide on it."""
    return wanted == "refund" and 0 < amount.minor < policies.claim.instant_refund_below_minor


def _hindrance(order: Order, line: OrderLine, kind: str, wanted: str, policies: Policies) -> Refused | None:
    policy = policies.claim
    if order.state not in (*_HAS_COME, "shipped"):
        return Refused(progress_code(order.state), policy.clause)
    if kind and (kind not in get_args(ClaimKind) or kind not in policy.days):
        return Refused("kind_unknown", policy.clause)
    if line.kept_quantity == 0:
        return Refused("line_gone", policy.clause)
    if (standing := open_claim(order, line, kind)) is not None:
        return Refused("already_claimed", policy.clause, {"kind": kind, **claim_facts(standing)})
    if wanted and wanted not in get_args(ClaimWish):
        return Refused("wish_unknown", policy.clause)
    if wanted == "repair" and kind not in policy.repair_kinds:
        return Refused("no_repair", policy.clause, {"kind": kind})
    return None


def _on_the_road(order: Order, kind: str, facts: Facts, policies: Policies, now: datetime) -> Decision:
    """Decide on a parcel that was sent and has not come; nobody can know yet what is wrong with what is in it."""
    clause = policies.claim.clause
    if kind != NOT_RECEIVED:
        return Refused("in_transit", clause, {"kind": kind})
    expected = expected_delivery(order, policies) or policies.day(now)
    last_day = expected + timedelta(days=policies.claim.overdue_days)
    if policies.day(now) <= last_day:
        terms = {"expected": expected.isoformat(), "claim_from": (last_day + timedelta(days=1)).isoformat()}
        return Refused("not_overdue", clause, {**facts, **terms})
    return Allowed(clause, {**facts, "expected": expected.isoformat()})
