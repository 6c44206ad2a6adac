"""Claims: what may be claimed until when, by whom it is decided, and how it is taken back."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import Order, Policies, Records
from xiaoer.shop.claim_rules import may_claim
from xiaoer.shop.rules import Allowed, Refused
from xiaoer.shop.states import ClaimState, OrderState
from xiaoer.store import Database

from .conftest import SHOP
from .factories import NOW, NUMBER, a_claim, a_line, a_product, an_order
from .shops import Counter

_BOWL = {"kind": "damaged", "wanted": "resend", "words": "碗碎了"}
_MONEY = {**_BOWL, "wanted": "refund"}
_FIRST = {"request": f"C{NUMBER}01"}


def on_the_road(days: int) -> Order:
    """An order in Zhejiang, three days at most, that left so many days ago."""
    order = an_order("shipped", placed=timedelta(days=days + 1))
    shipment = msgspec.structs.replace(order.shipments[0], shipped_at=NOW - timedelta(days=days))
    return msgspec.structs.replace(order, shipments=(shipment,))


@pytest.fixture
def generous(database: Database, records: Records, pack: Pack) -> Counter:
    """A shop that pays less than 150 yuan at once."""
    clause = pack.clauses["claim.open"]
    changed = clause.model_copy(update={"values": {**clause.values, "instant_refund_below_minor": 15_000}})
    return Counter(database, SHOP, records, replace(pack, clauses={**pack.clauses, "claim.open": changed}))


@pytest.mark.parametrize(
    ("kind", "last_day"), [("damaged", 3), ("wrong_item", 7), ("missing", 7), ("not_received", 10), ("faulty", 15)]
)
def test_each_kind_has_its_last_day(policies: Policies, kind: str, last_day: int) -> None:
    policies = replace(policies, claim=msgspec.structs.replace(policies.claim, late_as_faulty=()))
    in_time, too_late = (
        may_claim(order, order.lines[0], policies, NOW, kind=kind)
        for order in (an_order("delivered", delivered=timedelta(days=days)) for days in (last_day, last_day + 1))
    )
    assert isinstance(in_time, Allowed)
    assert isinstance(too_late, Refused)
    assert (too_late.reason, too_late.facts["days"]) == ("too_late", last_day)


def test_while_the_kind_is_not_known_the_longest_time_counts(policies: Policies) -> None:
    for days, reason in ((15, None), (16, "too_late")):
        order = an_order("completed", delivered=timedelta(days=days))
        decision = may_claim(order, order.lines[0], policies, NOW)
        assert getattr(decision, "reason", None) == reason


def a_dryer(*, days: int) -> Order:
    """An order of an appliance that was delivered so many days ago."""
    return an_order("completed", lines=(a_line(a_product(category="appliance")),), delivered=timedelta(days=days))


@pytest.mark.parametrize("days", [4, 15])
def test_damage_told_too_late_may_still_be_a_fault(policies: Policies, days: int) -> None:
    order = an_order("delivered", delivered=timedelta(days=days))
    decision = may_claim(order, order.lines[0], policies, NOW, kind="damaged")
    assert isinstance(decision, Allowed)
    assert (decision.facts["kind"], decision.facts["days"]) == ("faulty", 15)
    assert (decision.facts["late_kind"], decision.facts["late_days"]) == ("damaged", 3)


def test_damage_told_too_late_for_a_fault_too_is_refused_as_damage(policies: Policies) -> None:
    order = an_order("completed", delivered=timedelta(days=16))
    decision = may_claim(order, order.lines[0], policies, NOW, kind="damaged")
    assert isinstance(decision, Refused)
    assert (decision.reason, decision.facts["kind"], decision.facts["days"]) == ("too_late", "damaged", 3)


@pytest.mark.parametrize("wanted", ["", "repair"])
def test_a_fault_under_warranty_is_repaired(policies: Policies, wanted: str) -> None:
    order = a_dryer(days=20)
    decision = may_claim(order, order.lines[0], policies, NOW, kind="faulty", wanted=wanted)
    assert isinstance(decision, Allowed)
    assert decision.clause.id == "warranty.appliance"
    assert (decision.facts["repair_only"], decision.facts["wanted"]) == (True, "repair")
    assert decision.facts["deadline"] == "2027-05-26"


def test_while_the_kind_is_not_known_the_warranty_repairs_nothing_and_keeps_the_question_open(
    policies: Policies,
) -> None:
    order = a_dryer(days=20)
    decision = may_claim(order, order.lines[0], policies, NOW)
    assert isinstance(decision, Allowed)
    assert not {"kind", "repair_only", "wanted"} & decision.facts.keys()
    never_came = may_claim(order, order.lines[0], policies, NOW, kind="not_received")
    assert isinstance(never_came, Refused)


def test_under_warranty_nothing_but_a_repair_is_claimed(policies: Policies) -> None:
    order = a_dryer(days=20)
    decision = may_claim(order, order.lines[0], policies, NOW, kind="faulty", wanted="refund")
    assert isinstance(decision, Refused)
    assert (decision.reason, decision.facts["repair_until"]) == ("too_late", "2027-05-26")


def test_the_warranty_ends_after_its_months(policies: Policies) -> None:
    order = a_dryer(days=366)
    decision = may_claim(order, order.lines[0], policies, NOW, kind="faulty")
    assert isinstance(decision, Refused)
    assert "repair_until" not in decision.facts


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("unpaid", "not_paid"),
        ("paid", "not_shipped"),
        ("packing", "being_packed"),
        ("cancelled", "already_cancelled"),
        ("closed", "already_closed"),
    ],
)
def test_what_has_not_left_or_is_over_is_not_claimed(policies: Policies, state: OrderState, reason: str) -> None:
    order = an_order(state)
    decision = may_claim(order, order.lines[0], policies, NOW, kind="not_received")
    assert isinstance(decision, Refused)
    assert decision.reason == reason


def test_of_a_parcel_on_the_road_it_is_only_claimed_that_it_did_not_come(policies: Policies) -> None:
    order = on_the_road(9)
    decision = may_claim(order, order.lines[0], policies, NOW, kind="damaged")
    assert isinstance(decision, Refused)
    assert decision.reason == "in_transit"
    without_kind = may_claim(order, order.lines[0], policies, NOW)
    assert isinstance(without_kind, Allowed)
    assert without_kind.facts["kind"] == "not_received"


def test_a_parcel_counts_as_lost_some_days_after_it_was_expected(policies: Policies) -> None:
    in_time, over = on_the_road(6), on_the_road(7)
    decision = may_claim(in_time, in_time.lines[0], policies, NOW, kind="not_received")
    assert isinstance(decision, Refused)
    assert (decision.reason, decision.facts["expected"], decision.facts["claim_from"]) == (
        "not_overdue",
        "2026-06-12",
        "2026-06-16",
    )
    assert isinstance(may_claim(over, over.lines[0], policies, NOW, kind="not_received"), Allowed)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"kind": "too_blue"}, "kind_unknown"),
        ({"kind": "damaged", "wanted": "a pony"}, "wish_unknown"),
        ({"kind": "missing", "wanted": "repair"}, "no_repair"),
    ],
)
async def test_what_the_shop_does_not_know_is_refused(counter: Counter, asked: dict[str, str], reason: str) -> None:
    await counter.lay(an_order("delivered"))
    result = await counter.ask("claim.check", asked)
    assert (result.outcome, result.facts["reason"]) == ("refused", reason)


async def test_a_claim_is_kept_with_the_order_and_pays_nothing(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    result = await counter.ask("claim.open", _MONEY)
    order = await counter.order()
    assert result.outcome == "done"
    assert (result.facts["claim"], result.facts["is_instant"]) == (f"C{NUMBER}01", False)
    assert order.claims == (
        msgspec.structs.replace(
            a_claim(), wanted="refund", opened_at=NOW, answer_by=NOW + timedelta(hours=24), note="碗碎了"
        ),
    )
    assert order.refunds == ()
    assert [(entry.action, entry.reason) for entry in order.history] == [("open_claim", "damaged")]


async def test_the_person_who_decides_is_told_which_claim_it_is(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    result = await counter.ask("claim.open", _BOWL)
    assert result.facts["note"] == f"C{NUMBER}01 (damaged, resend)"


async def test_there_is_one_open_claim_of_a_kind_about_a_line(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    await counter.ask("claim.open", _BOWL, key="1")
    again = await counter.ask("claim.open", _BOWL, key="2")
    other = await counter.ask("claim.open", {**_BOWL, "kind": "missing"}, key="3")
    assert (again.outcome, again.facts["reason"], again.facts["claim"]) == (
        "refused",
        "already_claimed",
        f"C{NUMBER}01",
    )
    assert (other.outcome, other.facts["claim"]) == ("done", f"C{NUMBER}02")


async def test_lines_that_cannot_be_claimed_are_named_and_left_out(counter: Counter) -> None:
    gone = a_line(number=2, returned=1)
    await counter.lay(an_order("delivered", lines=(a_line(), gone)))
    result = await counter.ask("claim.open", _BOWL)
    assert result.facts["left_out"] == [{"name": "穗棉坞 云柔四件套 米白", "reason": "line_gone"}]
    assert (await counter.order()).claims[0].lines == (f"{NUMBER}-1",)


async def test_a_line_that_is_not_there_is_not_claimed(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    assert (await counter.ask("claim.open", {**_BOWL, "lines": "9"})).outcome == "missing"


@pytest.mark.parametrize(("quantity", "is_instant"), [(1, True), (2, False)])
async def test_a_small_refund_is_made_at_once_where_the_policy_says_so(
    generous: Counter, quantity: int, *, is_instant: bool
) -> None:
    await generous.lay(an_order("delivered", lines=(a_line(quantity=quantity),)))
    checked = await generous.ask("claim.check", {"kind": "damaged", "wanted": "refund"})
    result = await generous.ask("claim.open", _MONEY)
    order = await generous.order()
    assert checked.facts["is_instant"] == result.facts["is_instant"] == is_instant
    assert [refund.amount for refund in order.refunds] == ([Money(11_000)] if is_instant else [])
    assert order.claims[0].state == ("accepted" if is_instant else "opened")
    assert order.claims[0].refund_id == (f"F{NUMBER}01" if is_instant else "")


async def test_a_resend_is_never_decided_at_once(generous: Counter) -> None:
    await generous.lay(an_order("delivered"))
    assert (await generous.ask("claim.open", _BOWL)).facts["is_instant"] is False


async def test_what_was_paid_back_at_once_is_worth_nothing_when_it_goes_back(generous: Counter) -> None:
    await generous.lay(an_order("delivered", lines=(a_line(), a_line(number=2))))
    await generous.ask("claim.open", {**_MONEY, "lines": f"{NUMBER}-1"})
    result = await generous.ask("return.open", {"line": f"{NUMBER}-1", "reason": "damaged"}, key="2")
    assert result.facts["refund_amount"] == {"minor": 0, "currency": "CNY"}


@pytest.mark.parametrize(
    ("state", "reason"),
    [("accepted", "request_settled"), ("rejected", "request_settled"), ("withdrawn", "withdrawn_before")],
)
async def test_a_claim_that_is_decided_is_not_taken_back(counter: Counter, state: ClaimState, reason: str) -> None:
    await counter.lay(an_order("delivered", claims=(a_claim(state=state),)))
    result = await counter.ask("aftersale.withdraw", _FIRST)
    assert (result.outcome, result.facts["reason"]) == ("refused", reason)


async def test_a_claim_is_taken_back_and_may_be_opened_again(counter: Counter) -> None:
    await counter.lay(an_order("delivered", claims=(a_claim(),)))
    assert (await counter.ask("aftersale.check_withdraw", _FIRST)).facts["lines"] == ["穗棉坞 云柔四件套"]
    result = await counter.ask("aftersale.withdraw", _FIRST)
    order = await counter.order()
    assert (result.outcome, result.facts["request"]) == ("done", f"C{NUMBER}01")
    assert (order.claims[0].state, order.history[-1].action) == ("withdrawn", "withdraw_claim")
    assert (await counter.ask("claim.open", _BOWL, key="2")).facts["claim"] == f"C{NUMBER}02"


async def test_the_claim_that_is_named_is_taken_back(counter: Counter) -> None:
    claims = (a_claim("damaged"), a_claim("missing", number=2), a_claim("faulty", number=3, state="rejected"))
    await counter.lay(an_order("delivered", claims=claims))
    named = await counter.ask("aftersale.check_withdraw", {"request": f"c{NUMBER}01"})
    unknown = await counter.ask("aftersale.check_withdraw", {"request": f"C{NUMBER}09"})
    assert (named.facts["request"], named.facts["kind"]) == (f"C{NUMBER}01", "damaged")
    assert unknown.facts["reason"] == "no_request"


_PICTURES = ("a" * 32, "b" * 32)


@pytest.fixture
def strict(database: Database, records: Records, pack: Pack) -> Counter:
    """A shop that opens no claim about damage without a picture."""
    clause = pack.clauses["claim.open"]
    changed = clause.model_copy(update={"values": {**clause.values, "picture_kinds": ["damaged"]}})
    return Counter(database, SHOP, records, replace(pack, clauses={**pack.clauses, "claim.open": changed}))


async def test_a_claim_keeps_the_pictures_and_its_history_names_them(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    result = await counter.ask("claim.open", {**_BOWL, "pictures": ",".join(_PICTURES)})
    order = await counter.order()
    assert (result.outcome, result.facts["pictures"]) == ("done", 2)
    assert order.claims[0].attachments == _PICTURES
    assert order.history[0].details["attachments"] == ",".join(_PICTURES)


async def test_without_pictures_nothing_is_said_of_any(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    result = await counter.ask("claim.open", {**_BOWL, "pictures": "none"})
    order = await counter.order()
    assert "pictures" not in result.facts
    assert (order.claims[0].attachments, "attachments" in order.history[0].details) == ((), False)


@pytest.mark.parametrize("pictures", [{}, {"pictures": "none"}, {"pictures": " , "}])
async def test_a_kind_that_needs_a_picture_is_not_opened_without(strict: Counter, pictures: dict[str, str]) -> None:
    await strict.lay(an_order("delivered"))
    checked = await strict.ask("claim.check", {"kind": "damaged", "wanted": "resend", **pictures})
    opened = await strict.ask("claim.open", {**_BOWL, **pictures})
    for result in (checked, opened):
        assert (result.outcome, result.facts["reason"]) == ("refused", "no_picture")
    assert (await strict.order()).claims == ()


async def test_it_is_told_before_that_a_picture_is_needed(strict: Counter) -> None:
    await strict.lay(an_order("delivered"))
    damaged = await strict.ask("claim.check", {"kind": "damaged"})
    missing = await strict.ask("claim.check", {"kind": "missing"})
    assert (damaged.outcome, damaged.facts["needs_picture"]) == ("allowed", True)
    assert (missing.outcome, missing.facts["needs_picture"]) == ("allowed", False)


async def test_with_a_picture_it_is_opened_and_of_another_kind_without_one(strict: Counter) -> None:
    await strict.lay(an_order("delivered"))
    with_one = await strict.ask("claim.open", {**_BOWL, "pictures": _PICTURES[0]}, key="1")
    missing = await strict.ask("claim.open", {**_BOWL, "kind": "missing"}, key="2")
    assert (with_one.outcome, missing.outcome) == ("done", "done")
