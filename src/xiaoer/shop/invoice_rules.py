"""Whether an order's invoice may be changed or sent again, and what has to be known for it."""

import re
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta

from xiaoer.events import Facts
from xiaoer.shop.clauses import ClauseRef
from xiaoer.shop.models import Invoice, Order
from xiaoer.shop.policies import Policies
from xiaoer.shop.rules import Allowed, Decision, Refused, add_working_days, money_facts, progress_code

AMEND, REISSUE, RESEND = "amend", "reissue", "resend"
"""How an invoice is changed: before it is issued, by another one in its place, or only where it is sent."""

_GONE = ("withdrawn", "voided")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What stands on an invoice, and the e-mail address that it is sent to; what was not said is empty."""

    kind: str = ""
    title: str = ""
    tax_no: str = ""
    email: str = ""

    @classmethod
    def of(cls, invoice: Invoice) -> "Particulars":
        """Give those of an invoice."""
        return cls(invoice.kind, invoice.title, invoice.tax_no, invoice.email)


def open_invoice(order: Order) -> Invoice | None:
    """Give the invoice of an order that was asked for or issued, and counts still."""
    return None if order.invoice is None or order.invoice.state in _GONE else order.invoice


def fault_in(wanted: Particulars, policies: Policies) -> str:
    """Give the code of what is wrong with what an invoice shall say; empty if nothing is."""
    special = policies.special_invoice
    if wanted.kind not in (*policies.invoice.kinds, *special.kinds):
        return "kind_unknown"
    if wanted.kind in special.tax_no_kinds and not wanted.tax_no:
        return "tax_no_missing"
    if wanted.tax_no and not re.fullmatch(special.tax_no_pattern, wanted.tax_no):
        return "tax_no_invalid"
    return "" if _EMAIL.fullmatch(wanted.email) else "email_invalid"


def may_change_invoice(order: Order, wanted: Particulars, policies: Policies, now: datetime) -> Decision:
    """Decide whether an invoice may say something else; what is not wanted otherwise stays.

    Facts: `how`, what it shall say and says (`old_kind`, …), its promise (`hours` or `working_days`) and amount, and
    `lacks`: what has to be asked for before it can be changed, `what` where nothing is wanted yet.
    """
    clause = policies.invoice_change.clause
    invoice, code = _invoice_of(order)
    if invoice is None:
        return Refused(code, clause)
    new = _combined(invoice, wanted, policies)
    how = _how(invoice, new)
    if how == RESEND:
        decision = may_resend_invoice(order, wanted.email, policies, now)
        return replace(decision, facts=decision.facts | {"how": how, "lacks": []})
    facts = _facts_of(invoice, new, order, policies) | {"how": how, "lacks": _lacks(new, wanted, policies)}
    if how == REISSUE and (refused := _no_reissue(order, invoice, policies, now)):
        return replace(refused, facts=facts | refused.facts)
    if facts["lacks"]:
        return Allowed(clause, facts)
    if new == Particulars.of(invoice):
        return Refused("same", clause, facts)
    fault = fault_in(new, policies)
    return Refused(fault, clause, facts) if fault else Allowed(clause, facts)


def may_resend_invoice(order: Order, email: str, policies: Policies, now: datetime) -> Decision:
    """Decide whether an issued invoice may be sent again, to an address or to where it was sent before.

    Facts: kind, title, email, old_email; of one that is not issued yet `ready_by` (a day) and `is_late`; `a_day`, how
    often it may be sent on one.
    """
    clause = policies.invoice_resend.clause
    invoice, code = _invoice_of(order)
    if invoice is None:
        return Refused(code, clause)
    to = email or invoice.email
    facts: Facts = {"kind": invoice.kind, "title": invoice.title, "email": to, "old_email": invoice.email}
    if invoice.state == "requested":
        return Refused("not_issued", _promise(invoice.kind, policies), facts | _ready(invoice, policies, now))
    facts["a_day"] = policies.invoice_resend.a_day
    if resent_today(invoice, policies, now) >= policies.invoice_resend.a_day:
        return Refused("resent_too_often", clause, facts)
    return Allowed(clause, facts) if _EMAIL.fullmatch(to) else Refused("email_invalid", clause, facts)


def resent_today(invoice: Invoice, policies: Policies, now: datetime) -> int:
    """Give how often an invoice was sent again on this day of the shop."""
    is_today = invoice.resent_at is not None and policies.day(invoice.resent_at) == policies.day(now)
    return invoice.resent_that_day if is_today else 0


def _invoice_of(order: Order) -> tuple[Invoice | None, str]:
    """Give the invoice that something may be done with, or none and the code why."""
    if order.state in ("unpaid", "cancelled", "closed"):
        return None, progress_code(order.state)
    return open_invoice(order), "no_invoice"


def _combined(invoice: Invoice, wanted: Particulars, policies: Policies) -> Particulars:
    """Give what an invoice shall say: a person's name is no company's, and a person has no tax number."""
    companies = policies.invoice_change.company_kinds
    kind = wanted.kind or invoice.kind
    is_company, was_company = kind in companies, invoice.kind in companies
    return Particulars(
        kind=kind,
        title=wanted.title or (invoice.title if is_company == was_company else ""),
        tax_no=(wanted.tax_no or invoice.tax_no) if is_company else "",
        email=wanted.email or invoice.email,
    )


def _lacks(new: Particulars, wanted: Particulars, policies: Policies) -> list[str]:
    if not any(astuple(wanted)):
        return ["what"]
    is_company = new.kind in policies.invoice_change.company_kinds
    if not is_company and not wanted.kind and (wanted.tax_no or _names_company(new.title, policies)):
        return ["kind"]
    needed = {"title": new.title, "tax_no": new.tax_no} if is_company else {"title": new.title}
    return [name for name, value in needed.items() if not value]


def _names_company(title: str, policies: Policies) -> bool:
    words = "|".join(re.escape(word) for word in policies.invoice_change.company_titles)
    return bool(words and re.search(rf"(?<![a-z])(?:{words})(?![a-z])", title, re.IGNORECASE))


def _how(invoice: Invoice, new: Particulars) -> str:
    if invoice.state == "requested":
        return AMEND
    old = Particulars.of(invoice)
    return RESEND if new != old and replace(new, email=old.email) == old else REISSUE


def _no_reissue(order: Order, invoice: Invoice, policies: Policies, now: datetime) -> Refused | None:
    policy = policies.invoice_change
    last_day = policies.day(invoice.issued_at or invoice.requested_at) + timedelta(days=policy.within_days)
    if policies.day(now) > last_day:
        return Refused("too_late", policy.clause, {"deadline": last_day.isoformat(), "days": policy.within_days})
    if len(order.former_invoices) >= policy.most:
        return Refused("too_often", policy.clause, {"most": policy.most})
    if order.paid_amount == order.refunded_amount:
        return Refused("nothing_left", policy.clause)
    return None


def _facts_of(invoice: Invoice, new: Particulars, order: Order, policies: Policies) -> Facts:
    amount = invoice.amount if invoice.state == "requested" else order.paid_amount - order.refunded_amount
    facts: Facts = {
        "kind": new.kind,
        "title": new.title,
        "tax_no": new.tax_no,
        "email": new.email,
        "old_kind": invoice.kind,
        "old_title": invoice.title,
        "old_email": invoice.email,
        "amount": money_facts(amount),
    }
    if new.kind in policies.special_invoice.kinds:
        return facts | {"working_days": policies.special_invoice.working_days}
    return facts | {"hours": policies.invoice.hours}


def _ready(invoice: Invoice, policies: Policies, now: datetime) -> Facts:
    if invoice.kind in policies.special_invoice.kinds:
        by = add_working_days(policies.day(invoice.requested_at), policies.special_invoice.working_days)
    else:
        by = policies.day(invoice.requested_at + timedelta(hours=policies.invoice.hours))
    return {"ready_by": by.isoformat(), "is_late": policies.day(now) > by}


def _promise(kind: str, policies: Policies) -> ClauseRef:
    """Give the clause that promises when an invoice of a kind comes."""
    return policies.special_invoice.clause if kind in policies.special_invoice.kinds else policies.invoice.clause
