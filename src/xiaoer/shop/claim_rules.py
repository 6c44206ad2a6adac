"""Whether something may be claimed about a line of an order: pure decisions on the pack's policies."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import get_args

from xiaoer.events import Facts
from xiaoer.money import Money
from xiaoer.shop.models import Claim, ClaimKind, ClaimWish, Order, OrderLine
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import expected_delivery
from xiaoer.shop.rules import Allowed, Decision, Refused, money_facts, progress_code

NOT_RECEIVED = "not_received"
_FAULTY = "faulty"
_REPAIR = "repair"
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
    needs_picture, and deadline and days for what was delivered. `late_kind`, `late_days` and `late_deadline`: it is too
    late for the kind that was said, so that it counts as a fault. `repair_only`: what is left is the repair under
    warranty, until the deadline. A refusal of anything else then says by `repair_until` until when that is.
    """
    policy = policies.claim
    kind = kind_of(order, kind)
    hindrance = _hindrance(order, line, kind, wanted, policies)
    if hindrance is not None:
        return hindrance
    facts: Facts = {
        **({"kind": kind} if kind else {}),
        **({"wanted": wanted} if wanted else {}),
        "amount": money_facts(line.net_price * line.kept_quantity),
        "answer_hours": policy.answer_hours,
        "needs_picture": kind in policy.picture_kinds,
    }
    if order.state not in _HAS_COME:
        return _on_the_road(order, kind, facts, policies, now)
    days = policy.days[kind] if kind else max(policy.days.values())
    deadline = policies.day(order.delivered_at or now) + timedelta(days=days)
    terms: Facts = {"deadline": deadline.isoformat(), "days": days}
    if policies.day(now) <= deadline:
        return Allowed(policy.clause, {**facts, **terms})
    late = Refused("too_late", policy.clause, {**facts, **terms})
    if kind in policy.late_as_faulty:
        return _as_fault(late, may_claim(order, line, policies, now, kind=_FAULTY, wanted=wanted))
    if kind not in ("", _FAULTY):
        return late
    repair = _under_warranty(late, order, line, wanted, policies, now)
    # What is wrong is not known yet: what never came is not repaired.
    return repair if kind or isinstance(repair, Refused) else Allowed(policy.clause, facts)


def _as_fault(late: Refused, fault: Decision) -> Decision:
    """Decide on what is too late for its kind as on a fault, where that may still be claimed."""
    if isinstance(fault, Refused):
        until = {name: value for name, value in fault.facts.items() if name == "repair_until"}
        return replace(late, facts={**late.facts, **until})
    told = {f"late_{name}": late.facts[name] for name in ("kind", "days", "deadline")}
    return replace(fault, facts={**fault.facts, **told})


def _under_warranty(
    late: Refused, order: Order, line: OrderLine, wanted: str, policies: Policies, now: datetime
) -> Decision:
    """Decide on a fault that came up later: within the warranty it is repaired, and nothing else."""
    warranty, delivered = policies.warranty, policies.day(order.delivered_at or now)
    if warranty is None or line.category not in warranty.categories:
        return late
    until = _months_later(delivered, warranty.months)
    if _FAULTY not in policies.claim.repair_kinds or policies.day(now) > until:
        return late
    if wanted not in ("", _REPAIR):
        return replace(late, facts={**late.facts, "repair_until": until.isoformat()})
    terms: Facts = {"kind": _FAULTY, "deadline": until.isoformat(), "repair_only": True, "wanted": _REPAIR}
    needs_picture = _FAULTY in policies.claim.picture_kinds
    return Allowed(warranty.clause, {**late.facts, **terms, "needs_picture": needs_picture})


def _months_later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last one of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
