"""Which of a customer's addresses is meant, and where parcels go from now on."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from xiaoer.ids import CustomerId
from xiaoer.pack import Pack, Phrases
from xiaoer.shop import (
    Address,
    ChangeRefusedError,
    Customer,
    OrderChangingError,
    Policies,
    Records,
    ShopAwayError,
    Transaction,
)
from xiaoer.shop.actions import ALL_ACTIONS, Effect, Query, Request
from xiaoer.shop.goods import Goods
from xiaoer.shop.remote.customer_effects import customer_effects_of, customer_history_of, with_customer_effects
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import ANNA, BERT, NOW, a_holder, an_order
from .merchants import THEIRS, a_merchant
from .shops import Counter

_CHANGES = "POST /customer-changes"
HOME = Address(
    person="林小满",
    phone="13800001234",
    region="浙江省杭州市西湖区",
    street="青梧路18号2幢301室",
    postcode="310013",
    label="家",
)
OFFICE = Address(
    person="林小满", phone="13800001234", region="浙江省杭州市滨江区", street="松间路66号B座", label="公司"
)
DORM = Address(person="林小雨", phone="13900005678", region="江苏省南京市鼓楼区", street="听雨路5号3舍", label="学校")
NEW = {"address": "上海市徐汇区拾穗街2号3楼", "phone": "139 0000 5678"}


def with_book(*addresses: Address, id: CustomerId = ANNA) -> Customer:
    return structs.replace(a_holder(id=id), addresses=addresses)


async def _found(counter: Counter, said: str, **entities: str) -> tuple[str, list[str]]:
    mention = {"mention": said, **{f"mention.{kind}": value for kind, value in entities.items()}}
    result = await counter.ask("address.find", mention)
    return result.outcome, [choice["title"].split(" ")[0] for choice in result.facts["choices"]]


# Which one is meant


@pytest.mark.parametrize(
    ("said", "outcome", "labels"),
    [
        ("以后都寄到公司那个地址", "one", ["公司"]),
        ("默认用滨江的", "one", ["公司"]),
        ("松间路那个设成默认", "one", ["公司"]),
        ("默认换成南京那个", "one", ["学校"]),
        ("用手机尾号5678那个", "one", ["学校"]),
        ("以后寄杭州", "several", ["家", "公司"]),
        ("改下默认地址", "several", ["公司", "学校", "家"]),
        ("以后寄到浦东", "several", ["公司", "学校", "家"]),
    ],
)
async def test_an_address_is_meant_by_what_tells_it_from_the_others(
    counter: Counter, said: str, outcome: str, labels: list[str]
) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE, DORM),))
    assert await _found(counter, said) == (outcome, labels)


async def test_a_new_address_is_none_of_the_known_ones_though_it_lies_beside_one(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE),))
    said = "以后寄到浙江省杭州市滨江区云栈路9号"
    assert await _found(counter, said, address="浙江省杭州市滨江区云栈路9号") == ("unnamed", ["公司", "家"])
    assert await _found(counter, "默认电话改成13911112222", phone="13911112222") == ("unnamed", ["公司", "家"])


async def test_who_has_but_one_address_is_asked_for_a_new_one(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME),))
    assert await _found(counter, "改默认地址") == ("unnamed", ["家"])
    assert await _found(counter, "默认寄家里") == ("one", ["家"])
    assert (await counter.ask("address.find", {}, customer=BERT)).facts["choices"] == []


async def test_an_address_is_shown_with_a_mask(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE, DORM),))
    shown = str((await counter.ask("address.find")).facts) + str((await counter.ask("address.check_default")).facts)
    assert not [
        secret for one in (HOME, OFFICE, DORM) for secret in (one.street, one.phone, one.person) if secret in shown
    ]


# Where parcels go from now on


async def _key_of(counter: Counter, said: str) -> str:
    (choice,) = (await counter.ask("address.find", {"mention": said})).facts["choices"]
    return str(choice["value"])


async def test_a_new_default_is_put_first_and_the_old_one_stays(counter: Counter) -> None:
    await counter.lay(an_order("paid"), holders=(with_book(HOME, OFFICE),))
    check = await counter.ask("address.check_default", NEW)
    assert (check.outcome, check.facts["may_change_order"]) == ("allowed", True)
    assert check.facts["address"]["street"] == "拾穗街2号3楼"
    assert check.facts["address"]["person"] == "林**"
    assert (await counter.ask("address.change_default", NEW)).outcome == "done"
    new = Address(person="林小满", phone="13900005678", region="上海市徐汇区", street="拾穗街2号3楼")
    holder = await counter.holder()
    assert holder.addresses == (new, HOME, OFFICE)
    assert await counter.order() == an_order("paid")
    (entry,) = holder.history
    assert (entry.by, entry.action, entry.at) == ("customer:C1", "change_default_address", NOW)
    assert entry.details["from"] == "浙江省杭州市西湖区 青梧路18号2幢301室 林小满 13800001234"


async def test_a_known_address_becomes_the_default_and_the_old_one_again(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE, DORM),))
    for said, book in (("公司", (OFFICE, HOME, DORM)), ("家里", (HOME, OFFICE, DORM))):
        known = {"known": await _key_of(counter, said)}
        assert (await counter.ask("address.change_default", known, key=said)).outcome == "done"
        assert (await counter.holder()).addresses == book
    assert len((await counter.holder()).history) == 2


async def test_what_is_not_said_stays(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME),))
    assert (await counter.ask("address.change_default", {"phone": "13911112222"})).outcome == "done"
    assert (await counter.holder()).addresses == (structs.replace(HOME, phone="13911112222"), HOME)


async def test_a_known_address_said_in_full_is_not_added_again(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE),))
    said = {"address": OFFICE.region + OFFICE.street}
    assert (await counter.ask("address.change_default", said)).outcome == "done"
    assert (await counter.holder()).addresses == (OFFICE, HOME)


@pytest.mark.parametrize(
    ("said", "outcome", "reason"),
    [
        ({}, "incomplete", "address_incomplete"),
        ({"region": "江苏省苏州市"}, "incomplete", "address_incomplete"),
        ({"address": "上海市徐汇区"}, "incomplete", "address_incomplete"),
        ({"address": "香港九龙观塘道100号2楼"}, "refused", "outside_range"),
        ({"region": "台湾"}, "refused", "outside_range"),
        ({"phone": "12"}, "refused", "phone_invalid"),
        ({"address": HOME.region + HOME.street}, "refused", "same_address"),
        ({"known": "gone"}, "refused", "address_gone"),
    ],
)
async def test_what_cannot_be_the_default_is_refused(
    counter: Counter, said: dict[str, str], outcome: str, reason: str
) -> None:
    await counter.lay(holders=(with_book(HOME),))
    check, done = await counter.ask("address.check_default", said), await counter.ask("address.change_default", said)
    assert (check.outcome, check.facts["reason"]) == (outcome, reason)
    assert (done.outcome, done.facts["reason"]) == ("refused", reason)
    assert await counter.holder() == with_book(HOME)


async def test_an_address_in_latin_letters_is_not_put_into_a_chinese_region(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME),))
    bare, whole = "1250 Nanjing West Road", "1250 Nanjing West Road, Jing'an, Shanghai"
    assert (await counter.ask("address.check_default", {"address": bare})).outcome == "incomplete"
    assert (await counter.ask("address.change_default", {"address": whole})).outcome == "done"
    (default, _) = (await counter.holder()).addresses
    assert (default.region, default.street) == ("Jing'an, Shanghai", bare)


async def test_who_has_no_address_yet_gives_a_whole_one(counter: Counter) -> None:
    await counter.lay(holders=(with_book(),))
    assert (await counter.ask("address.check_default", {"address": "拾穗街2号3楼"})).outcome == "incomplete"
    assert (await counter.ask("address.change_default", NEW)).outcome == "done"
    assert [address.person for address in (await counter.holder()).addresses] == ["林小满"]


@pytest.mark.parametrize("customer", [CustomerId("C404"), None])
async def test_without_a_customer_nothing_is_changed(counter: Counter, customer: CustomerId | None) -> None:
    await counter.lay(holders=(with_book(HOME),))
    for action in ("address.check_default", "address.change_default"):
        result = await counter.ask(action, NEW, customer=customer, key=str(customer))
        assert (result.outcome, result.facts) == ("missing", {})
    assert await counter.holder() == with_book(HOME)


async def test_another_customers_address_can_be_neither_found_nor_taken(counter: Counter) -> None:
    await counter.lay(holders=(with_book(HOME, OFFICE), with_book(DORM, id=BERT)))
    key = await _key_of(counter, "公司")
    assert "公司" not in str((await counter.ask("address.find", {"mention": "公司"}, customer=BERT)).facts)
    foreign = await counter.ask("address.change_default", {"known": key}, customer=BERT, key="foreign")
    assert foreign == await counter.ask("address.change_default", {"known": "absent"}, customer=BERT, key="absent")
    assert (await counter.holder(BERT)).addresses == (DORM,)


_SAID = st.one_of(
    st.sampled_from(
        [NEW, {"phone": "13911112222"}, {"person": "陈知夏"}, {"region": "江苏省苏州市"}, {"address": "香港"}]
    ),
    st.integers(0, 3).map(lambda place: {"place": str(place)}),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(_SAID, max_size=8))
def test_whatever_is_made_the_default_no_address_and_no_money_is_lost(
    policies: Policies, deeds: list[dict[str, str]]
) -> None:
    actions = {action.spec.name: action for action in ALL_ACTIONS}
    find, effect = actions["address.find"], actions["address.change_default"]
    assert isinstance(find, Query)
    assert isinstance(effect, Effect)
    first = structs.replace(a_holder(5_000), addresses=(HOME, OFFICE))
    holder = first
    for said in deeds:
        request = Request(said, ANNA, (), Goods.of([]), policies, Phrases(), NOW, holder=holder)
        if "place" in said:
            choices = find.answer(replace(request, arguments={})).facts["choices"]
            known = choices[int(said["place"]) % len(choices)]["value"]
            request = replace(request, arguments={"known": known})
        after = effect.change(request).customer
        if after is None:
            continue
        assert set(holder.addresses) <= set(after.addresses)
        assert len(set(after.addresses)) == len(after.addresses) <= len(holder.addresses) + 1
        assert after.addresses[0] != holder.addresses[0]
        told = customer_effects_of(holder, after)
        assert with_customer_effects(holder, told, customer_history_of(holder, after)) == after
        holder = after
    assert structs.replace(holder, addresses=first.addresses, history=()) == first


# On the merchant's system


@pytest.mark.parametrize("fault", [Fault.IS_LOST, Fault.FAILS], ids=lambda f: f.name)
async def test_a_change_of_a_customer_cut_off_is_made_once(database: Database, pack: Pack, fault: Fault) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(holders=(with_book(HOME),))
        merchant.faults.add(fault, on=_CHANGES)
        with pytest.raises(ShopAwayError):
            await merchant.ask("address.change_default", NEW, key="k1")
        assert (await merchant.ask("address.change_default", NEW, key="k1")).outcome == "done"
        holder = await merchant.holder()
        assert (len(holder.addresses), len(holder.history)) == (2, 1)
        assert len(set(merchant.server.keys)) == 1


class MeddledCustomers(Records):
    """A merchant's records in which a customer is changed as soon as they were read, so many times."""

    def __init__(self, database: Database, times: int) -> None:
        super().__init__(database, THEIRS)
        self._left = times

    async def customer(self, customer: CustomerId) -> Customer | None:
        found = await super().customer(customer)
        self._left -= 1

        async def meddle(transaction: Transaction) -> None:
            if found is not None and self._left >= 0:
                await transaction.store_customers([structs.replace(found, points=found.points + 1)])

        await self.change(meddle)
        return found


async def test_a_customer_changed_in_between_is_decided_on_anew(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, server={"records": MeddledCustomers(database, 1)}) as merchant:
        await merchant.lay(holders=(with_book(HOME),))
        assert (await merchant.ask("address.change_default", NEW)).outcome == "done"
        holder = await merchant.holder()
        assert (len(holder.addresses), holder.points) == (2, 361)
        assert merchant.faults.asked.count(_CHANGES) == 2


async def test_a_customer_that_keeps_changing_is_left_alone(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, server={"records": MeddledCustomers(database, 9)}) as merchant:
        await merchant.lay(holders=(with_book(HOME),))
        with pytest.raises(OrderChangingError):
            await merchant.ask("address.change_default", NEW)
        assert (await merchant.holder()).addresses == (HOME,)


async def test_a_system_that_gives_customers_no_version_is_sent_no_change_of_them(
    database: Database, pack: Pack
) -> None:
    async with a_merchant(database, pack, server={"versions_customers": False}) as merchant:
        await merchant.lay(holders=(with_book(HOME),))
        with pytest.raises(ChangeRefusedError):
            await merchant.ask("address.change_default", NEW)
        assert _CHANGES not in merchant.faults.asked
