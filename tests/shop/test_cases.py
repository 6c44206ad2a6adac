"""Returns, exchanges and claims together: found by what is said, told how far they are, and taken back."""

from datetime import timedelta

import msgspec
import pytest

from xiaoer.money import Money
from xiaoer.shop import Policies, Return
from xiaoer.shop.case_progress import progress_facts
from xiaoer.shop.cases import Case
from xiaoer.shop.states import ReturnState

from .factories import BERT, NOW, NUMBER, a_claim, a_line, a_product, a_return, an_order
from .shops import Counter

_RETURN = {"request": f"R{NUMBER}01"}
_OTHER = "20260610000022"
_DEARER = {"line": f"{NUMBER}-1", "variant": a_product().variants[1].sku, "reason": "quality"}


def with_return(state: ReturnState = "opened", days: int = 0) -> Case:
    order = an_order("delivered", lines=(a_line(returned=1),), returns=(a_return(state, days=days),))
    return Case("return", order, order.returns[0])


# Finding the one that is meant


async def _found(counter: Counter, **said: str) -> tuple[str, list[str]]:
    found = await counter.ask("aftersale.find", {name.replace("_of_", "."): value for name, value in said.items()})
    return found.outcome, [choice["value"] for choice in found.facts["choices"]]


@pytest.fixture
async def shop(counter: Counter) -> Counter:
    """A shop with a claim, a return that was sent back, and an older order with an open return."""
    cup = a_product("P2", "灶火里 保温杯", names=("保温杯",))
    first = an_order("delivered", lines=(a_line(returned=1),), returns=(a_return("sent_back"),), claims=(a_claim(),))
    opened = msgspec.structs.replace(
        a_return(), id=f"R{_OTHER}01", line=f"{_OTHER}-1", opened_at=NOW - timedelta(days=1)
    )
    second = an_order("delivered", id=_OTHER, lines=(a_line(cup, order=_OTHER, returned=1),), returns=(opened,))
    await counter.lay(first, second, goods=(a_product(), cup))
    return counter


async def test_what_may_be_taken_back_is_asked_about_first(shop: Counter) -> None:
    assert await _found(shop, scope="open") == ("several", [f"C{NUMBER}01", f"R{_OTHER}01"])


async def test_whatever_is_under_way_is_told_of(shop: Counter) -> None:
    outcome, numbers = await _found(shop, scope="any")
    assert (outcome, set(numbers)) == ("several", {f"R{NUMBER}01", f"C{NUMBER}01", f"R{_OTHER}01"})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"kind": "claim"}, f"C{NUMBER}01"),
        ({"kind": "return"}, f"R{_OTHER}01"),
        ({"mention": "保温杯那个", "mention_of_product": "保温杯"}, f"R{_OTHER}01"),
        ({"mention_of_request_no": f"r{NUMBER}01"}, f"R{NUMBER}01"),
        ({"mention": "昨天申请的", "mention_of_date": "2026-06-14"}, f"R{_OTHER}01"),
        ({"mention_of_order_id": _OTHER}, f"R{_OTHER}01"),
        ({"context": f"C{NUMBER}01"}, f"C{NUMBER}01"),
    ],
)
async def test_kind_thing_number_and_day_tell_them_apart(shop: Counter, said: dict[str, str], meant: str) -> None:
    assert await _found(shop, scope="open", **said) == ("one", [meant])


async def test_a_number_that_is_nobodys_shows_what_there_is(shop: Counter) -> None:
    outcome, numbers = await _found(shop, scope="open", mention_of_request_no="R9999999999999901")
    assert (outcome, len(numbers)) == ("unmatched", 2)


async def test_without_any_there_is_nothing_to_choose(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    assert await _found(counter, scope="open") == ("none", [])


async def test_nobody_finds_a_strangers_case(shop: Counter) -> None:
    found = await shop.ask("aftersale.find", {"mention.request_no": f"R{NUMBER}01"}, customer=BERT)
    assert (found.outcome, found.facts["choices"]) == ("none", [])
    assert (await shop.ask("aftersale.read", _RETURN, customer=BERT)).outcome == "missing"
    refused = await shop.ask("aftersale.check_withdraw", {"request": f"C{NUMBER}01"}, customer=BERT)
    assert refused.outcome == "missing"


# Taking it back


async def test_the_pieces_of_a_return_are_kept_again(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    await counter.ask("return.open", {"line": f"{NUMBER}-1", "reason": "quality"}, key="1")
    done = await counter.ask("aftersale.withdraw", _RETURN, key="2")
    order = await counter.order()
    assert (done.outcome, order.returns[0].state, order.lines[0].kept_quantity) == ("done", "withdrawn", 1)
    assert order.refunded_amount == Money(0)
    assert (order.history[-1].action, order.history[-1].details) == ("withdraw_return", {"return": f"R{NUMBER}01"})
    assert (await counter.ask("return.check", {"line": f"{NUMBER}-1", "reason": "quality"})).outcome == "allowed"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("sent_back", "goods_sent_back"),
        ("received", "goods_received"),
        ("refunded", "request_settled"),
        ("rejected", "request_settled"),
        ("withdrawn", "withdrawn_before"),
    ],
)
async def test_what_is_too_far_is_not_taken_back(counter: Counter, state: ReturnState, reason: str) -> None:
    before = with_return(state).order
    await counter.lay(before)
    refused = await counter.ask("aftersale.withdraw", _RETURN)
    assert (refused.outcome, refused.facts["reason"], refused.facts["clause"]) == ("refused", reason, "return.withdraw")
    assert await counter.order() == before


async def test_what_was_set_aside_for_an_exchange_goes_back_and_its_charge_is_dropped(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    await counter.ask("exchange.open", _DEARER, key="1")
    assert (await counter.stock(), (await counter.order()).charges[0].state) == (9, "waiting")
    done = await counter.ask("aftersale.withdraw", {"request": f"E{NUMBER}01"}, key="2")
    order = await counter.order()
    assert (done.outcome, order.exchanges[0].state, order.charges[0].state) == ("done", "withdrawn", "dropped")
    assert (await counter.stock(), order.lines[0].kept_quantity, order.refunds) == (10, 1, ())


async def test_a_charge_that_was_paid_is_paid_back(counter: Counter) -> None:
    await counter.lay(an_order("delivered"))
    await counter.ask("exchange.open", _DEARER, key="1")
    order = await counter.order()
    paid = msgspec.structs.replace(order.charges[0], state="paid", paid_at=NOW)
    await counter.lay(msgspec.structs.replace(order, charges=(paid,)))
    told = await counter.ask("aftersale.check_withdraw", {"request": f"E{NUMBER}01"})
    await counter.ask("aftersale.withdraw", {"request": f"E{NUMBER}01"}, key="2")
    after = await counter.order()
    assert told.facts["refund_amount"]["minor"] == after.refunds[0].amount.minor == paid.amount.minor
    assert after.paid_amount - after.refunded_amount == an_order("delivered").paid_amount


async def test_what_was_paid_back_meanwhile_is_spread_over_all_pieces(counter: Counter) -> None:
    line = msgspec.structs.replace(a_line(quantity=3), unit_price=Money(12_000))
    await counter.lay(an_order("delivered", lines=(line,), placed=timedelta(days=2)))
    await counter.ask("return.open", {"line": line.id, "reason": "quality", "quantity": "1"}, key="1")
    await counter.ask("order.protect_price", {}, key="2")
    await counter.ask("aftersale.withdraw", _RETURN, key="3")
    order = await counter.order()
    assert order.lines[0].credit == Money(-(-2 * 1_000 // 3))
    assert order.lines[0].kept_quantity == 3


# How far it is


def test_an_open_return_waits_for_its_pick_up(policies: Policies) -> None:
    facts = progress_facts(with_return(), policies, NOW)
    assert (facts["request_state"], facts["pick_up"]["date"], facts["is_late"]) == ("opened", "2026-06-16", False)
    assert progress_facts(with_return(days=3), policies, NOW)["is_late"] is True


def test_what_arrived_is_paid_by_a_day(policies: Policies) -> None:
    facts = progress_facts(with_return("received", days=1), policies, NOW)
    assert (facts["refund_by"], facts["is_late"], facts["refund_method"]) == ("2026-06-17", False, "wechat")
    assert progress_facts(with_return("received", days=9), policies, NOW)["is_late"] is True


def test_when_nothing_is_known_of_the_moment_no_day_is_promised(policies: Policies) -> None:
    case = with_return("received")
    assert isinstance(case.item, Return)
    unknown = Case("return", case.order, msgspec.structs.replace(case.item, changed_at=None))
    facts = progress_facts(unknown, policies, NOW)
    assert "refund_by" not in facts
    assert facts["review_days"] == 2


def test_a_claim_has_its_answer_until(policies: Policies) -> None:
    order = an_order("delivered", claims=(a_claim(),))
    facts = progress_facts(Case("claim", order, order.claims[0]), policies, NOW)
    assert (facts["kind"], facts["wanted"], facts["is_late"]) == ("damaged", "resend", False)
    late = progress_facts(Case("claim", order, order.claims[0]), policies, NOW + timedelta(days=2))
    assert late["is_late"] is True
