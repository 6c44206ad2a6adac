"""The shop that Xiaoer keeps itself, in its own database."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from xiaoer.ids import ShopId
from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop.balances import moved_amounts, with_moved
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.counter import Decide, ShopCounter, Wanted
from xiaoer.shop.customers import Customer
from xiaoer.shop.history import BY_CUSTOMER
from xiaoer.shop.models import Order, Product
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.reach import MOVE_BALANCE
from xiaoer.shop.records import Records, Transaction
from xiaoer.shop.standing import Standing
from xiaoer.store import Database


class EmbeddedShop(ShopCounter):
    """The counter on the store: each effect is one transaction.

    Raises:
        ClauseMissingError: the pack lacks a clause, in force now, that a rule computes with.
    """

    def __init__(self, database: Database, shop: ShopId, pack: Pack, *, now: datetime) -> None:
        super().__init__(_OwnRecords(database, shop), pack, now=now)


class _OwnRecords(Records):
    """Implements `ShopRecords`."""

    async def change_once(self, wanted: Wanted, decide: Decide) -> ActionResult:
        async def work(transaction: Transaction) -> bytes:
            async def change() -> bytes:
                return msgspec.json.encode(await _make(transaction, wanted, decide))

            return await transaction.once(wanted.key, change, wanted.at)

        return msgspec.json.decode(await self.change(work), type=ActionResult)


async def _make(transaction: Transaction, wanted: Wanted, decide: Decide) -> ActionResult:
    standing = await _standing_of(transaction, wanted)
    own = await _order_of(transaction, wanted)
    holder = await _holder_of(transaction, wanted)
    change = decide(own, await _goods_of(transaction, own, wanted), holder, standing)
    if holder is not None and change.customer is not None:
        await transaction.store_customers([change.customer])
    if own is not None and change.order is not None:
        moved = moved_amounts(own, change.order)
        await transaction.store_orders([change.order])
        await transaction.store_customers([] if holder is None else _with_balances(holder, moved, wanted))
    await transaction.store_products(change.products)
    return change.result


def _with_balances(holder: Customer, moved: Mapping[str, Money], wanted: Wanted) -> Iterator[Customer]:
    """Give a customer whose balances moved with an order, which is noted like any other change; else nobody."""
    changed = with_moved(holder, moved)
    if changed != holder:
        amounts = {method.id: str(moved[method.id]) for method in holder.payment_methods if method.id in moved}
        details = {"order": str(wanted.order), **amounts}
        yield noted(changed, MOVE_BALANCE, Note(by=f"{BY_CUSTOMER}{holder.id}", at=wanted.at, details=details))


async def _order_of(transaction: Transaction, wanted: Wanted) -> Order | None:
    if wanted.customer is None or wanted.order is None:
        return None
    return await transaction.order_of(wanted.customer, wanted.order)


async def _holder_of(transaction: Transaction, wanted: Wanted) -> Customer | None:
    if wanted.customer is None or not wanted.needs_holder:
        return None
    return await transaction.customer(wanted.customer)


async def _standing_of(transaction: Transaction, wanted: Wanted) -> Standing | None:
    """Look at all that the customer has, in the transaction of the change: what is decided on is what is stored on."""
    if wanted.customer is None or not wanted.needs_standing:
        return None
    customer = await transaction.customer(wanted.customer)
    return Standing.of(customer, await transaction.orders_of(wanted.customer), wanted.at)


async def _goods_of(transaction: Transaction, order: Order | None, wanted: Wanted) -> list[Product]:
    found = [await transaction.product(product) for product in wanted.goods(order)]
    return [product for product in found if product is not None]
