"""A look at a merchant's system, route by route: what is as the contract says, and what is not. It changes nothing."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import datetime

from xiaoer.errors import XiaoerError
from xiaoer.ids import CustomerId, OrderId, ProductId
from xiaoer.shop.remote.merchant import Merchant, Since
from xiaoer.shop.remote.shapes import KeptOrder, OrderChange

_NOBODY, _NO_ORDER, _NO_PRODUCT = CustomerId("xiaoer-nobody"), OrderId("xiaoer-none"), ProductId("xiaoer-none")
_NO_VERSION = "xiaoer-no-version"
_NO_KEY = "xiaoer-check"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried; `told` says what was found, or what is wrong."""

    tried: str
    is_right: bool
    told: str


async def check_merchant(merchant: Merchant, customer: CustomerId, *, now: datetime) -> AsyncIterator[Finding]:
    """Try every route with a customer who has at least one order; nothing is changed."""
    yield await _tried("the goods", _goods(merchant))
    yield await _tried("a product that does not exist", _is_none(merchant.product(_NO_PRODUCT)))
    yield await _tried("the customer", _is_some(merchant.customer(customer)))
    yield await _tried("a customer who does not exist", _is_none(merchant.customer(_NOBODY)))
    yield await _tried("an order that does not exist", _is_none(merchant.order_of(customer, _NO_ORDER)))
    try:
        orders = await merchant.orders_of(customer)
    except XiaoerError as error:
        yield Finding("the customer's orders", is_right=False, told=str(error))
        return
    yield Finding("the customer's orders", is_right=bool(orders), told=f"{len(orders)} orders")
    for order in orders[:1]:
        yield await _tried("one of them", _is_some(merchant.order_of(customer, order.id)))
        yield await _tried("the same for another customer", _is_none(merchant.order_of(_NOBODY, order.id)))
        yield await _tried("a change of a version that is gone", _is_not_made(merchant, order, now))


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
