"""Invoices that are changed, and sent again."""

from datetime import timedelta

import msgspec
import pytest

from xiaoer.shop.models import Invoice
from xiaoer.shop.states import OrderState

from .factories import NOW, a_cancelled_order, a_line, an_invoice, an_order
from .shops import Counter

_TAX_NO = "91330106MA2CFG8K5X"
_COMPANY = {"kind": "company", "title": "青芒文化有限公司", "tax_no": _TAX_NO}


async def lay(counter: Counter, invoice: Invoice | None, *former: Invoice) -> None:
    order = an_order("completed", invoice=invoice)
    await counter.lay(msgspec.structs.replace(order, former_invoices=former))


def says(invoice: Invoice | None) -> tuple[str, ...]:
    assert invoice is not None
    return invoice.kind, invoice.title, invoice.tax_no, invoice.email, invoice.state


async def test_one_that_is_not_issued_is_changed_and_what_is_not_said_stays(counter: Counter) -> None:
    asked = an_invoice("requested")
    await lay(counter, asked)
    result = await counter.ask("invoice.change", {"title": "林小曼"})
    order = await counter.order()
    assert (result.outcome, result.facts["how"], result.facts["hours"]) == ("done", "amend", 48)
    assert order.invoice == msgspec.structs.replace(asked, title="林小曼")
    assert order.former_invoices == ()
    assert [(entry.action, entry.details) for entry in order.history] == [
        ("change_invoice", {"kind": "personal", "title": "林小曼", "old_kind": "personal", "old_title": "林小满"})
    ]


async def test_one_that_is_issued_is_voided_and_made_out_anew_over_what_is_left(counter: Counter) -> None:
    issued = an_invoice()
    await lay(counter, msgspec.structs.replace(issued, amount=a_line().unit_price * 2))
    result = await counter.ask("invoice.change", _COMPANY)
    order = await counter.order()
    assert (result.outcome, result.facts["how"], result.facts["amount"]["minor"]) == ("done", "reissue", 11_000)
    assert says(order.invoice) == ("company", "青芒文化有限公司", _TAX_NO, "lin@example.com", "requested")
    assert order.invoice
    assert (order.invoice.amount.minor, order.invoice.requested_at, order.invoice.issued_at) == (11_000, NOW, None)
    assert [(former.title, former.state, former.amount.minor) for former in order.former_invoices] == [
        ("林小满", "voided", 22_000)
    ]
    assert order.history[-1].action == "reissue_invoice"


async def test_what_was_changed_is_changed_back(counter: Counter) -> None:
    asked = an_invoice("requested")
    await lay(counter, asked)
    await counter.ask("invoice.change", _COMPANY, key="there")
    await counter.ask("invoice.change", {"kind": "personal", "title": "林小满"}, key="back")
    assert (await counter.order()).invoice == asked


async def test_another_address_alone_sends_an_issued_one_there_and_voids_nothing(counter: Counter) -> None:
    await lay(counter, an_invoice(issued=timedelta(days=90)))
    result = await counter.ask("invoice.change", {"email": "new@example.com"})
    order = await counter.order()
    assert (result.outcome, result.facts["how"], order.former_invoices) == ("done", "resend", ())
    assert says(order.invoice) == ("personal", "林小满", "", "new@example.com", "issued")
    assert order.invoice
    assert (order.invoice.resent_at, order.invoice.resent_that_day) == (NOW, 1)


@pytest.mark.parametrize(
    ("kind", "wanted", "lacks"),
    [
        ("personal", {}, ["what"]),
        ("personal", {"title": "林小曼"}, []),
        ("personal", {"title": "青芒文化有限公司"}, ["kind"]),
        ("personal", {"tax_no": _TAX_NO}, ["kind"]),
        ("personal", {"kind": "company"}, ["title", "tax_no"]),
        ("personal", {"kind": "special", "title": "青芒文化有限公司"}, ["tax_no"]),
        ("company", {"kind": "special"}, []),
        ("company", {"kind": "personal"}, ["title"]),
        ("company", {"title": "青芒科技有限公司"}, []),
    ],
)
async def test_only_what_is_missing_is_lacking(
    counter: Counter, kind: str, wanted: dict[str, str], lacks: list[str]
) -> None:
    await lay(counter, an_invoice(kind=kind, tax_no=_TAX_NO if kind == "company" else ""))
    checked = await counter.ask("invoice.check_change", wanted)
    assert (checked.outcome, checked.facts["lacks"]) == ("allowed", lacks)
    done = await counter.ask("invoice.change", wanted)
    assert done.outcome == ("refused" if lacks else "done")
    assert done.facts.get("reason") == ("incomplete" if lacks else None)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"title": "林小满"}, "same"),
        ({"kind": "golden"}, "kind_unknown"),
        ({"kind": "company", "title": "青芒文化", "tax_no": "123"}, "tax_no_invalid"),
        ({"title": "林小曼", "email": "lin.example.com"}, "email_invalid"),
        ({"email": "lin.example.com"}, "email_invalid"),
    ],
)
async def test_wrong_particulars_are_refused_and_change_nothing(
    counter: Counter, wanted: dict[str, str], reason: str
) -> None:
    await lay(counter, an_invoice())
    before = await counter.order()
    for action in ("invoice.check_change", "invoice.change"):
        result = await counter.ask(action, wanted)
        assert (result.outcome, result.facts["reason"]) == ("refused", reason)
    assert await counter.order() == before


@pytest.mark.parametrize(("days", "outcome"), [(30, "allowed"), (31, "refused")])
async def test_an_issued_one_is_made_out_anew_within_the_days_of_the_policies(
    counter: Counter, days: int, outcome: str
) -> None:
    await lay(counter, an_invoice(issued=timedelta(days=days)))
    result = await counter.ask("invoice.check_change", {"title": "林小曼"})
    assert (result.outcome, result.facts["clause"]) == (outcome, "invoice.change")
    assert result.facts.get("reason") == (None if outcome == "allowed" else "too_late")


async def test_it_is_made_out_anew_only_so_often(counter: Counter) -> None:
    voided = an_invoice("voided")
    await lay(counter, an_invoice(), voided)
    assert (await counter.ask("invoice.check_change", {"title": "林小曼"})).outcome == "allowed"
    await lay(counter, an_invoice(), voided, voided)
    result = await counter.ask("invoice.change", {"title": "林小曼"})
    assert (result.facts["reason"], result.facts["most"]) == ("too_often", 2)
    assert (await counter.ask("invoice.change", {"email": "new@example.com"}, key="2")).outcome == "done"


@pytest.mark.parametrize("action", ["invoice.change", "invoice.resend"])
@pytest.mark.parametrize(("state", "reason"), [("unpaid", "not_paid"), ("completed", "no_invoice")])
async def test_where_there_is_no_invoice_nothing_is_done(
    counter: Counter, action: str, state: OrderState, reason: str
) -> None:
    for invoice in (None, an_invoice("voided")):
        await counter.lay(an_order(state, invoice=invoice))
        result = await counter.ask(action, {"email": "new@example.com"}, key=str(invoice))
        assert (result.outcome, result.facts["reason"]) == ("refused", reason)


async def test_the_invoice_of_a_cancelled_order_stays(counter: Counter) -> None:
    await counter.lay(msgspec.structs.replace(a_cancelled_order(), invoice=an_invoice()))
    for action in ("invoice.change", "invoice.resend"):
        result = await counter.ask(action, {"email": "new@example.com"}, key=action)
        assert result.facts["reason"] == "already_cancelled"


@pytest.mark.parametrize("to", ["lin@example.com", "new@example.com"])
async def test_an_issued_one_is_sent_again(counter: Counter, to: str) -> None:
    await lay(counter, an_invoice())
    wanted = {} if to == "lin@example.com" else {"email": to}
    result = await counter.ask("invoice.resend", wanted)
    order = await counter.order()
    assert (result.outcome, result.facts["email"]) == ("done", to)
    assert says(order.invoice) == ("personal", "林小满", "", to, "issued")
    assert [(entry.action, entry.details["email"]) for entry in order.history] == [("resend_invoice", to)]


async def test_it_is_sent_again_only_so_often_on_a_day(counter: Counter) -> None:
    await lay(counter, an_invoice())
    outcomes = [(await counter.ask("invoice.resend", key=str(time))).outcome for time in range(4)]
    assert outcomes == ["done", "done", "done", "refused"]
    order = await counter.order()
    assert order.invoice
    assert (order.invoice.resent_that_day, len(order.history)) == (3, 3)
    yesterday = msgspec.structs.replace(order.invoice, resent_at=NOW - timedelta(days=1))
    await lay(counter, yesterday)
    assert (await counter.ask("invoice.resend", key="next day")).outcome == "done"
    order = await counter.order()
    assert order.invoice
    assert order.invoice.resent_that_day == 1


@pytest.mark.parametrize(
    ("kind", "asked", "ready_by", "is_late", "clause"),
    [
        ("personal", timedelta(hours=1), "2026-06-17", False, "invoice.electronic"),
        ("personal", timedelta(days=4), "2026-06-13", True, "invoice.electronic"),
        ("special", timedelta(hours=1), "2026-06-24", False, "invoice.special"),
    ],
)
async def test_of_one_that_is_not_issued_it_is_told_when_it_comes(
    counter: Counter, kind: str, asked: timedelta, ready_by: str, is_late: bool, clause: str
) -> None:
    invoice = msgspec.structs.replace(an_invoice("requested", kind=kind), requested_at=NOW - asked)
    await lay(counter, invoice)
    result = await counter.ask("invoice.resend")
    assert (result.outcome, result.facts["reason"], result.facts["clause"]) == ("refused", "not_issued", clause)
    assert (result.facts["ready_by"], result.facts["is_late"]) == (ready_by, is_late)


async def test_orders_without_invoice_are_found_only_by_their_number(counter: Counter) -> None:
    await counter.lay(an_order("completed"), an_order("paid", id="20260000000002"))
    assert (await counter.ask("order.find", {"scope": "invoiced"})).outcome == "none"
    named = await counter.ask("order.find", {"scope": "invoiced", "mention.order_id": "20260000000002"})
    assert (named.outcome, named.facts["choices"][0]["value"]) == ("one", "20260000000002")
