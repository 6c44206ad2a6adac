"""The shop that Xiaoer keeps itself, in its own database."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from xiaoer.ids import ActionKey, CustomerId, OrderId, ProductId, ShopId
from xiaoer.pack import ActionSpec, Pack
from xiaoer.shop.actions import ACTIONS, ALL_ACTIONS, Effect, Query, Request, check_arguments
from xiaoer.shop.errors import BadRequestError, UnknownActionError
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Order
from xiaoer.shop.policies import Policies, read_policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.records import Records, Transaction
from xiaoer.store import Database

_GOODS_KEPT = timedelta(seconds=60)


class EmbeddedShop:
    """Implements `Shop` on the store: the rules come from the pack's clauses, each effect is one transaction.

    Raises:
        ClauseMissingError: the pack lacks a clause, in force now, that a rule computes with.
    """

    def __init__(self, database: Database, shop: ShopId, pack: Pack, *, now: datetime) -> None:
        self._records = Records(database, shop)
        self._pack = pack
        self._timezone = ZoneInfo(pack.manifest.timezone)
        self._actions: Mapping[str, Query | Effect] = MappingProxyType(
            {action.spec.name: action for action in ALL_ACTIONS}
        )
        self._policies = self._read_policies(now)
        self._policies_day = self._policies.day(now)
        self._goods: Goods | None = None
        self._goods_read_at = now

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        """The actions, by name."""
        return ACTIONS

    async def run(
        self,
        action: str,
        arguments: Mapping[str, str],
        *,
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey | None = None,
    ) -> ActionResult:
        """Run an action; an effect needs a key, and the same key never changes the shop twice.

        Raises:
            UnknownActionError: there is no such action.
            BadRequestError: an argument or the key is missing.
        """
        known = self._actions.get(action)
        if known is None:
            raise UnknownActionError(f"The shop has no action {action!r}: {', '.join(self._actions)}.")
        check_arguments(known.spec, arguments)
        match known:
            case Query():
                return known.answer(await self._asked(known, arguments, customer, now))
            case Effect():
                if key is None:
                    raise BadRequestError(f"The action {action} changes the shop: it needs a key.")
                return await self._changed(known, arguments, customer, now, key)

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        """Give the words of the live goods by kind of entity: product, brand, colour, size, sku."""
        return Goods.of(await self._records.products()).words()

    async def _asked(
        self, query: Query, arguments: Mapping[str, str], customer: CustomerId | None, now: datetime
    ) -> Request:
        has_orders = query.needs_orders and customer is not None
        orders = await self._records.orders_of(customer) if has_orders and customer is not None else ()
        wanted = arguments.get("product")
        goods = await self._goods_at(now) if wanted is None else await self._one_product(ProductId(wanted))
        return self._request(arguments, customer, orders, goods, now)

    async def _changed(
        self,
        effect: Effect,
        arguments: Mapping[str, str],
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey,
    ) -> ActionResult:
        async def work(transaction: Transaction) -> bytes:
            async def change() -> bytes:
                return msgspec.json.encode(await self._change(transaction, effect, arguments, customer, now))

            return await transaction.once(key, change, now)

        result = msgspec.json.decode(await self._records.change(work), type=ActionResult)
        self._goods = None
        return result

    async def _change(
        self,
        transaction: Transaction,
        effect: Effect,
        arguments: Mapping[str, str],
        customer: CustomerId | None,
        now: datetime,
    ) -> ActionResult:
        order = await transaction.order(OrderId(arguments["order"].strip()))
        own = (order,) if order is not None and customer is not None and order.customer == customer else ()
        goods = await self._goods_of(transaction, own)
        change = effect.change(self._request(arguments, customer, own, goods, now))
        if change.order is not None:
            await transaction.store_orders([change.order])
        await transaction.store_products(change.products)
        return change.result

    async def _goods_of(self, transaction: Transaction, orders: tuple[Order, ...]) -> Goods:
        wanted = sorted({line.product for order in orders for line in order.lines})
        found = [await transaction.product(product) for product in wanted]
        return Goods.of(product for product in found if product is not None)

    def _request(
        self,
        arguments: Mapping[str, str],
        customer: CustomerId | None,
        orders: tuple[Order, ...],
        goods: Goods,
        now: datetime,
    ) -> Request:
        return Request(
            arguments=arguments,
            customer=customer,
            orders=orders,
            goods=goods,
            policies=self._policies_on(now),
            phrases=self._pack.phrases,
            now=now,
        )

    def _policies_on(self, now: datetime) -> Policies:
        """The policies in force on the shop's day; they are read once a day."""
        day = now.astimezone(self._timezone).date()
        if day != self._policies_day:
            self._policies, self._policies_day = self._read_policies(now), day
        return self._policies

    def _read_policies(self, now: datetime) -> Policies:
        day = now.astimezone(self._timezone).date()
        return read_policies(self._pack.clauses, on=day, timezone=self._timezone)

    async def _goods_at(self, now: datetime) -> Goods:
        """The goods as they were at most a minute ago: finding by words need not be fresher."""
        if self._goods is None or abs(now - self._goods_read_at) > _GOODS_KEPT:
            self._goods, self._goods_read_at = Goods.of(await self._records.products()), now
        return self._goods

    async def _one_product(self, product: ProductId) -> Goods:
        found = await self._records.product(product)
        return Goods.of([found] if found else [])
