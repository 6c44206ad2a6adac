"""Who a customer is by what they say: the same with a shop of our own and with the merchant's system."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.events import Claim, EmailClaim, NameClaim, OrderClaim
from xiaoer.ids import OrderId, ShopId
from xiaoer.pack import Pack
from xiaoer.shop import Address, Customer, Records, Transaction
from xiaoer.shop.identity import ends_in
from xiaoer.store import Database

from .factories import ANNA, BERT, an_order
from .merchants import a_merchant
from .shops import Counter

_HOME = Address(
    person="王女士", phone="13900009999", region="浙江省杭州市西湖区", street="青禾路18号", postcode="310013"
)
_ANNA = Customer(id=ANNA, name="林小满", phone="138-0000-1234", email="Lin@Example.com", addresses=(_HOME,))
_BERT = Customer(id=BERT, name="陈一诺", phone="13900005678", email="chen@example.com", addresses=(_HOME,))
_OF_ANNA = an_order()


@asynccontextmanager
async def a_shop(kind: str, database: Database, pack: Pack, *more: Customer) -> AsyncIterator[Counter]:
    if kind == "embedded":
        shop = ShopId("embedded")
        counter = Counter(database, shop, Records(database, shop), pack)
        await lay(counter, *more)
        yield counter
        return
    async with a_merchant(database, pack, identifies=True) as merchant:
        await lay(merchant, *more)
        yield merchant


async def lay(counter: Counter, *more: Customer) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.store_customers([_ANNA, _BERT, *more])

    await counter.lay(_OF_ANNA)
    await counter.records.change(work)


both = pytest.mark.parametrize("kind", ["embedded", "remote"])


@both
@pytest.mark.parametrize(
    "claim",
    [
        EmailClaim(email=" LIN@example.com "),
        EmailClaim(email="ｌｉｎ@example.com"),
        NameClaim(name="林 小满", postcode="310013"),
        NameClaim(name="林小满", postcode="３１０ ０１３"),
        OrderClaim(order=_OF_ANNA.id, phone_tail="1234"),
    ],
)
async def test_a_claim_that_fits_gives_the_customer(kind: str, claim: Claim, database: Database, pack: Pack) -> None:
    async with a_shop(kind, database, pack) as counter:
        assert counter.shop.can_identify
        assert await counter.shop.identify(claim) == ANNA


@both
@pytest.mark.parametrize(
    "claim",
    [
        EmailClaim(email="nobody@example.com"),
        EmailClaim(email=""),
        EmailClaim(email="lin@example.com%"),
        NameClaim(name="林小满", postcode="310014"),
        NameClaim(name="王女士", postcode="310013"),
        NameClaim(name="", postcode=""),
        OrderClaim(order=_OF_ANNA.id, phone_tail="9999"),
        OrderClaim(order=_OF_ANNA.id, phone_tail="5678"),
        OrderClaim(order=_OF_ANNA.id, phone_tail=""),
        OrderClaim(order=_OF_ANNA.id, phone_tail="01234"),
        OrderClaim(order=OrderId("20260615999999"), phone_tail="1234"),
    ],
)
async def test_a_claim_that_does_not_fit_gives_nobody(kind: str, claim: Claim, database: Database, pack: Pack) -> None:
    async with a_shop(kind, database, pack) as counter:
        assert await counter.shop.identify(claim) is None


@both
async def test_what_two_customers_share_proves_neither(kind: str, database: Database, pack: Pack) -> None:
    twin = Customer(id="C9", name="林小满", phone="", email="lin@example.com", addresses=(_HOME,))  # type: ignore[arg-type]
    async with a_shop(kind, database, pack, twin) as counter:
        assert await counter.shop.identify(EmailClaim(email="lin@example.com")) is None
        assert await counter.shop.identify(NameClaim(name="林小满", postcode="310013")) is None


async def test_a_changed_address_of_e_mail_is_found_and_the_old_one_is_not(database: Database, pack: Pack) -> None:
    async with a_shop("embedded", database, pack) as counter:

        async def work(transaction: Transaction) -> None:
            await transaction.store_customers([Customer(id=ANNA, name="林小满", phone="", email="new@example.com")])

        await counter.records.change(work)
        assert await counter.shop.identify(EmailClaim(email="new@example.com")) == ANNA
        assert await counter.shop.identify(EmailClaim(email="lin@example.com")) is None
        assert await counter.shop.identify(NameClaim(name="林小满", postcode="310013")) is None


async def test_a_system_that_does_not_identify_is_not_asked(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await lay(merchant)
        assert not merchant.shop.can_identify
        assert await merchant.shop.identify(EmailClaim(email="lin@example.com")) is None
        assert "POST /identify" not in merchant.faults.asked


def test_a_claim_shows_nothing_of_itself() -> None:
    claims = [EmailClaim(email="secret"), NameClaim(name="secret", postcode="secret")]
    claims.append(OrderClaim(order=OrderId("secret"), phone_tail="secret"))
    assert all("secret" not in repr(claim) and "secret" not in str(claim) for claim in claims)


@given(st.text(), st.text())
def test_only_the_last_four_of_more_than_four_digits_end_a_number(phone: str, tail: str) -> None:
    digits = [c for c in phone if c.isdecimal()]
    if ends_in(phone, tail):
        assert len(digits) > 4
