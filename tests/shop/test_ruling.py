"""The pack's decision rules: what the policies allow may be refused by one, or left to a person."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from xiaoer.ids import ShopId
from xiaoer.pack import Clause, Pack, Rule
from xiaoer.shop import Customer, Records, Return, Transaction
from xiaoer.shop.states import ReturnState
from xiaoer.store import Database

from .conftest import SHOP
from .factories import ANNA, NOW, NUMBER, a_line, a_product, a_return, an_order
from .merchants import a_merchant
from .shops import Counter

_RETURN = {"line": f"{NUMBER}-1", "reason": "quality"}
_PERSON = {"person": "look at it"}
_DELIVERED = an_order("delivered", delivered=timedelta(days=2))
CounterOf = Callable[..., Counter]
"""Gives a shop whose pack has these rules and no others."""


def _rule(when: dict[str, Any] | None, then: dict[str, str] = _PERSON, *, action: str = "return.open") -> Rule:
    row = {"id": "row", "action": action, "then": then, "clause": "return.quality"}
    return Rule.model_validate({**row, "when": when} if when else row)


def _ruled(pack: Pack, *rules: Rule, clauses: dict[str, Clause] | None = None) -> Pack:
    return Pack(
        folder=pack.folder,
        version=pack.version,
        manifest=pack.manifest,
        clauses=clauses or pack.clauses,
        rules={f"row{n}": rule.model_copy(update={"id": f"row{n}"}) for n, rule in enumerate(rules)},
        phrases=pack.phrases,
    )


@pytest.fixture
def counter_of(database: Database, records: Records, pack: Pack) -> CounterOf:
    return lambda *rules: Counter(database, SHOP, records, _ruled(pack, *rules))


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (None, True),
        ({"of": "order_state", "is": "delivered"}, True),
        ({"of": "order_state", "is": "paid"}, False),
        ({"of": "amount_minor", "at_least": 11_000}, True),
        ({"of": "amount_minor", "above": 11_000}, False),
        ({"of": "category", "in": ["food", "bedding"]}, True),
        ({"of": "category", "is": "food"}, False),
        ({"of": "reason", "is": "quality"}, True),
        ({"of": "reason", "is": "damaged"}, False),
        ({"of": "days_since_delivery", "at_most": 2}, True),
        ({"of": "days_since_delivery", "below": 2}, False),
        ({"of": "days_since_payment", "at_least": 4}, True),
        ({"of": "payment_method", "is": "wechat"}, True),
        ({"of": "region", "in": ["新疆", "浙江"]}, True),
        ({"of": "region", "in": ["新疆"]}, False),
        ({"of": "returns_in_30_days", "is": 0}, True),
        ({"of": "returns_in_30_days", "above": 0}, False),
    ],
)
async def test_a_rule_decides_where_its_condition_holds(
    counter_of: CounterOf, when: dict[str, Any] | None, holds: bool
) -> None:
    counter = counter_of(_rule(when))
    await counter.lay(_DELIVERED)
    asked = await counter.ask("return.check", _RETURN)
    done = await counter.ask("return.open", _RETURN)
    assert (asked.outcome, done.outcome) == (("person", "person") if holds else ("allowed", "done"))
    assert (await counter.order() == _DELIVERED) is holds


@pytest.mark.parametrize(("most", "outcome"), [(0, "person"), (1, "done")])
async def test_a_rule_about_the_customer_decides_where_no_order_is_changed(
    counter_of: CounterOf, most: int, outcome: str
) -> None:
    action = "address.change_default"
    shop = counter_of(
        _rule({"of": "order_state", "is": "delivered"}, action=action),
        _rule({"of": "returns_in_30_days", "above": most}, action=action),
    )
    await shop.lay(msgspec.structs.replace(_DELIVERED, returns=(a_return(),)))
    wanted = {"address": "浙江省杭州市西湖区青梧路99号"}
    check = await shop.ask("address.check_default", wanted)
    assert check.outcome == {"done": "allowed"}.get(outcome, outcome)
    assert (await shop.ask("address.change_default", wanted)).outcome == outcome
    assert len((await shop.holder()).addresses) == (outcome == "done")


async def test_what_a_person_decides_changes_nothing_and_is_noted(counter_of: CounterOf) -> None:
    counter = counter_of(_rule(None))
    await counter.lay(_DELIVERED)
    result = await counter.ask("return.open", _RETURN)
    assert result.outcome == "person"
    assert (result.facts["rule"], result.facts["note"]) == ("row0", "look at it")
    assert (result.facts["clause"], result.facts["refund_amount"]["minor"]) == ("return.quality", 11_000)
    assert await counter.order() == _DELIVERED


async def test_a_refusal_of_a_rule_has_its_reason_words_and_clause(counter_of: CounterOf) -> None:
    refusal = {"refuse": "stocktaking", "words": "the warehouse is closed"}
    counter = counter_of(_rule(None, refusal, action="order.cancel"))
    await counter.lay(an_order("paid"))
    for action in ("order.check_cancel", "order.cancel"):
        result = await counter.ask(action, {"reason": "x"} if action == "order.cancel" else {})
        assert result.outcome == "refused"
        assert (result.facts["reason"], result.facts["words"]) == ("stocktaking", "the warehouse is closed")
        assert result.facts["clause"] == "return.quality"
    assert (await counter.order()).state == "paid"


async def test_of_several_rows_the_first_that_holds_decides(counter_of: CounterOf) -> None:
    never, refuse = _rule({"of": "reason", "is": "damaged"}), _rule(None, {"refuse": "no", "words": "no"})
    counter = counter_of(never, refuse, _rule(None))
    await counter.lay(_DELIVERED)
    assert (await counter.ask("return.check", _RETURN)).facts["rule"] == "row1"


async def test_what_the_policies_refuse_is_not_left_to_a_person(counter_of: CounterOf) -> None:
    counter = counter_of(_rule(None, action="order.cancel"))
    await counter.lay(an_order("shipped"))
    assert (await counter.ask("order.check_cancel")).facts["reason"] == "in_transit"


async def test_a_rule_whose_clause_is_over_has_no_say(database: Database, records: Records, pack: Pack) -> None:
    over = Clause.model_validate(
        {"id": "old.rule", "title": "a", "text": "b", "valid_from": "2025-01-01", "valid_until": "2026-06-14"}
    )
    rule = _rule(None).model_copy(update={"clause": "old.rule"})
    counter = Counter(database, SHOP, records, _ruled(pack, rule, clauses={**pack.clauses, "old.rule": over}))
    await counter.lay(_DELIVERED)
    assert (await counter.ask("return.check", _RETURN)).outcome == "allowed"


def _returns(count: int, *, days_ago: int, state: ReturnState = "refunded") -> tuple[Return, ...]:
    item = Return(
        id="R1",
        line=f"{NUMBER}-1",
        quantity=1,
        reason="x",
        state=state,
        opened_at=NOW - timedelta(days=days_ago),
        refund_amount=a_product().variants[0].price,
    )
    return (item,) * count


@pytest.mark.parametrize(
    ("returns", "outcome"),
    [
        (_returns(3, days_ago=30), "person"),
        (_returns(2, days_ago=3), "allowed"),
        (_returns(9, days_ago=31), "allowed"),
        (_returns(9, days_ago=3, state="withdrawn"), "allowed"),
    ],
)
async def test_returns_of_the_last_30_days_are_counted_over_all_orders(
    counter_of: CounterOf, returns: tuple[Return, ...], outcome: str
) -> None:
    counter = counter_of(_rule({"of": "returns_in_30_days", "at_least": 3}))
    other = an_order("completed", id="20260501000001", returns=returns, lines=(a_line(order="20260501000001"),))
    await counter.lay(_DELIVERED, other)
    assert (await counter.ask("return.check", _RETURN)).outcome == outcome


async def test_two_returns_at_once_do_not_pass_a_limit_together(database: Database, pack: Pack) -> None:
    ruled = _ruled(pack, _rule({"of": "returns_in_30_days", "at_least": 1}))
    numbers = [f"2026050100000{n}" for n in range(4)]
    orders = [
        an_order("delivered", id=number, lines=(a_line(order=number),), delivered=timedelta(days=2))
        for number in numbers
    ]
    own = Counter(database, ShopId("own"), Records(database, ShopId("own")), ruled)
    async with a_merchant(database, ruled) as merchant:
        for shop in (own, merchant):
            await shop.lay(*orders)
            wishes = [{"order": number, "line": f"{number}-1", "reason": "quality"} for number in numbers]
            asked = [shop.ask("return.open", wish, key=wish["order"]) for wish in wishes]
            results = await asyncio.gather(*asked)
            assert sorted(result.outcome for result in results) == ["done", "person", "person", "person"]
            assert sum(len(order.returns) for order in await shop.records.orders()) == 1


@pytest.mark.parametrize(("level", "outcome"), [("gold", "person"), ("standard", "allowed")])
async def test_the_level_of_the_customer_counts_in_every_shop(
    database: Database, pack: Pack, level: str, outcome: str
) -> None:
    ruled = _ruled(pack, _rule({"of": "customer_level", "is": "gold"}))
    anna = Customer(id=ANNA, name="林小满", phone="13800001234", email="lin@example.com", level=level)

    async def know(transaction: Transaction) -> None:
        await transaction.store_customers([anna])

    own = Counter(database, ShopId("own"), Records(database, ShopId("own")), ruled)
    async with a_merchant(database, ruled) as merchant:
        for shop in (own, merchant):
            await shop.records.change(know)
            await shop.lay(_DELIVERED)
            assert (await shop.ask("return.check", _RETURN)).outcome == outcome
