"""A look at a merchant's system, route by route: what is as the contract says, and what is not. It changes nothing."""

from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xiaoer.errors import XiaoerError
from xiaoer.events import Claim, EmailClaim, NameClaim, OrderClaim
from xiaoer.ids import CustomerId, OrderId, ProductId
from xiaoer.shop.customers import Customer
from xiaoer.shop.remote.merchant import Merchant, Since
from xiaoer.shop.remote.shapes import CustomerChange, KeptOrder, OrderChange
from xiaoer.text import digits_of

_NOBODY, _NO_ORDER, _NO_PRODUCT = CustomerId("xiaoer-nobody"), OrderId("xiaoer-none"), ProductId("xiaoer-none")
_NO_EMAIL = EmailClaim(email="xiaoer-nobody@example.com")
_NO_NAME = NameClaim(name="xiaoer-nobody", postcode="000000")
_NO_ORDER_CLAIM = OrderClaim(order=_NO_ORDER, phone_tail="0000")
_WORDS: Mapping[type, str] = {
    EmailClaim: "e-mail address",
    NameClaim: "name and postcode",
    OrderClaim: "order and telephone number",
}
_TAIL = 4
_NO_VERSION = "xiaoer-no-version"
_NO_KEY = "xiaoer-check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; `told` says what was found, or what is wrong."""

    tried: str
    is_right: bool
    told: str


async def check_merchant(
    merchant: Merchant, customer: CustomerId, *, now: datetime, identifies: bool = True
) -> AsyncIterator[Finding]:
    """Try every route with a customer who has at least one order; nothing is changed.

    `identifies`: the system is asked who a customer is, so that this is tried too.
    """
    yield await _tried("the goods", _goods(merchant))
    yield await _tried("a product that does not exist", _is_none(merchant.product(_NO_PRODUCT)))
    yield await _tried("the customer", _is_some(merchant.customer(customer)))
    yield await _tried("a customer who does not exist", _is_none(merchant.customer(_NOBODY)))
    if identifies:
        async for finding in _identifications(merchant, customer):
            yield finding
    yield await _tried("an order that does not exist", _is_none(merchant.order_of(customer, _NO_ORDER)))
    try:
        orders = await merchant.orders_of(customer)
    except XiaoerError as error:
        yield Finding("the customer's orders", is_right=False, told=str(error))
        return
    told = (
        f"{len(orders)} orders" if orders else "no order, so no route of orders was tried; name a customer who has one"
    )
    yield Finding("the customer's orders", is_right=bool(orders), told=told)
    for order in orders[:1]:
        yield await _tried("one of them", _is_some(merchant.order_of(customer, order.id)))
        yield await _tried("the same for another customer", _is_none(merchant.order_of(_NOBODY, order.id)))
        yield await _tried("a change of a version that is gone", _is_not_made(merchant, order, now))
    yield await _tried("a change of the customer of a version that is gone", _leaves_customer(merchant, customer, now))


async def _identifications(merchant: Merchant, customer: CustomerId) -> AsyncIterator[Finding]:
    """Try to be identified with what the system itself knows of the customer, and with what fits nobody.

    What the customer has not given (an e-mail, a postcode, an order) cannot be tried.
    """
    for claim in (_NO_EMAIL, _NO_NAME, _NO_ORDER_CLAIM):
        yield await _tried(f"{_WORDS[type(claim)]} that nobody has", _is_none(merchant.identify(claim)))
    try:
        known = await merchant.customer(customer)
        orders = await merchant.orders_of(customer)
    except XiaoerError:
        return  # told by the tries of those routes
    for claim in _claims_of(known, orders) if known else ():
        yield await _tried(f"the customer's {_WORDS[type(claim)]}", _is(customer, merchant.identify(claim)))
    if known and orders:
        wrong = OrderClaim(order=orders[0].id, phone_tail=_other_tail(known.phone))
        yield await _tried("the order with another telephone number", _is_none(merchant.identify(wrong)))


def _claims_of(known: Customer, orders: Sequence[KeptOrder]) -> Iterator[Claim]:
    if known.email:
        yield EmailClaim(email=known.email)
    for address in known.addresses[:1]:
        if known.name and address.postcode:
            yield NameClaim(name=known.name, postcode=address.postcode)
    if orders and len(digits_of(known.phone)) > _TAIL:
        yield OrderClaim(order=orders[0].id, phone_tail=digits_of(known.phone)[-_TAIL:])


def _other_tail(phone: str) -> str:
    return "0000" if not digits_of(phone).endswith("0000") else "1111"


class _WrongError(Exception):
    """Something was answered that is not as it should be."""


async def _tried(what: str, trial: Awaitable[str]) -> Finding:
    try:
        return Finding(what, is_right=True, told=await trial)
    except (XiaoerError, _WrongError) as error:
        return Finding(what, is_right=False, told=str(error))


async def _goods(merchant: Merchant) -> str:
    page = await merchant.goods(Since())
    if page is None or not page.products:
        raise _WrongError("no product that is as the contract says")
    again = await merchant.product(page.products[0].id)
    if again is None:
        raise _WrongError("the first product of the list is not found by its id")
    following = ", and there are more pages" if page.next else ""
    account = "; it keeps an account of changes" if page.since.as_of else ""
    return f"{len(page.products)} products on the first page{following}{account}"


async def _is_some(found: Awaitable[object | None]) -> str:
    if await found is None:
        raise _WrongError("is not found")
    return "found"


async def _is(customer: CustomerId, found: Awaitable[CustomerId | None]) -> str:
    if (identified := await found) != customer:
        raise _WrongError("is nobody" if identified is None else "is another customer")
    return "found"


async def _is_none(found: Awaitable[object | None]) -> str:
    if await found is not None:
        raise _WrongError("is found, though it should not be")
    return "not found, as it should be"


async def _is_not_made(merchant: Merchant, order: KeptOrder, now: datetime) -> str:
    """Ask for a change without an effect, for a version that never was: nothing happens even where it is taken."""
    change = OrderChange(
        action="order.check", customer=order.customer, order=order.id, version=_NO_VERSION, at=now, effects=()
    )
    if await merchant.change(change, key=_NO_KEY):
        raise _WrongError("is made: the version of the order is not compared")
    return "not made, as it should be"


async def _leaves_customer(merchant: Merchant, customer: CustomerId, now: datetime) -> str:
    """Ask for a change of the customer without an effect, for a version that never was; not all take such changes."""
    known = await merchant.customer(customer)
    if known is None:
        raise _WrongError("not tried, since the customer is not found")
    if not known.version:
        return "takes none: it gives customers no version"
    change = CustomerChange(action="customer.check", customer=customer, version=_NO_VERSION, at=now, effects=())
    if await merchant.change_customer(change, key=_NO_KEY):
        raise _WrongError("is made: the version of the customer is not compared")
    return "not made, as it should be"
