"""The counter: where the shop's actions are asked for, under the pack's rules, whoever keeps the records."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from xiaoer.events import Claim
from xiaoer.ids import ActionKey, CustomerId, OrderId, ProductId
from xiaoer.pack import ActionSpec, Pack
from xiaoer.shop.actions import ACTIONS, ALL_ACTIONS, OF_CUSTOMER, Change, Effect, Query, Request, check_arguments
from xiaoer.shop.customers import Customer
from xiaoer.shop.errors import BadRequestError, UnknownActionError
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Order, Product
from xiaoer.shop.policies import Policies, read_policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.standing import Standing

_GOODS_KEPT = timedelta(seconds=60)

Decide: TypeAlias = Callable[[Order | None, Iterable[Product], Customer | None, Standing | None], Change]
"""Decides what is changed: from the customer's own order (none if there is no such one), the goods in it, the customer
and how the customer stands, where these were wanted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change that is wanted: by whom, when, and under which key it is made at most once.

    It is a change of the order, or where none is named of the customer; a `product` that is named is looked at too.
    `needs_prices`: the goods in it are looked at as they are now, whatever was seen of them before. `needs_holder`: the
    decision rests on what the customer holds. `needs_standing`: it is decided on how the customer stands, and no other
    such change of the customer is made meanwhile.
    """

    key: ActionKey
    action: str
    customer: CustomerId | None
    order: OrderId | None
    at: datetime
    product: ProductId | None = None
    needs_prices: bool = False
    needs_holder: bool = False
    needs_standing: bool = False

    def goods(self, order: Order | None) -> list[ProductId]:
        """Give the ids of the goods that are looked at: those in the order, and the one that is named."""
        named = set() if self.product is None else {self.product}
        return sorted(named | {line.product for line in order.lines} if order else named)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks for what, when, and how the customer stands if that matters."""

    arguments: Mapping[str, str]
    customer: CustomerId | None
    now: datetime
    standing: Standing | None
    holder: Customer | None = None


class ShopRecords(Protocol):
    """Where a shop's goods and orders are kept: in Xiaoer's own database, or by the merchant's system."""

    @property
    def can_identify(self) -> bool:
        """Whether `identify` can be asked."""
        ...

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the one customer whom a claim fits."""
        ...

    async def orders_of(self, customer: CustomerId) -> tuple[Order, ...]:
        """Give a customer's orders, newest first."""
        ...

    async def order_of(self, customer: CustomerId, order: OrderId) -> Order | None:
        """Find an order of a customer; a stranger's is none."""
        ...

    async def customer(self, customer: CustomerId) -> Customer | None:
        """Find a customer."""
        ...

    async def product(self, product: ProductId) -> Product | None:
        """Find a product as it is now."""
        ...

    async def products(self) -> tuple[Product, ...]:
        """Give all products, by id."""
        ...

    async def change_once(self, wanted: Wanted, decide: Decide) -> ActionResult:
        """Decide, store what that gives together, give the result; a key's second time gives its first."""
        ...


class ShopCounter:
    """Implements `Shop` on any records: the rules come from the pack's clauses.

    Raises:
        ClauseMissingError: the pack lacks a clause, in force now, that a rule computes with.
    """

    def __init__(self, records: ShopRecords, pack: Pack, *, now: datetime) -> None:
        self._records = records
        self._pack = pack
        self._timezone = ZoneInfo(pack.manifest.timezone)
        self._actions: Mapping[str, Query | Effect] = MappingProxyType(
            {action.spec.name: action for action in ALL_ACTIONS}
        )
        self._policies = self._read_policies(now)
        self._policies_day = self._policies.day(now)
        self._listed: tuple[Product, ...] = ()
        self._goods = Goods.of(self._listed)
        self._goods_read_at: datetime | None = None

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        """The actions, by name."""
        return ACTIONS

    @property
    def can_identify(self) -> bool:
        """Whether `identify` can be asked; otherwise only a token proves who somebody is."""
        return self._records.can_identify

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the one customer whom a claim fits; none if it fits nobody, or more than one."""
        return await self._records.identify(claim)

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
                wanted = Wanted(
                    key,
                    action,
                    customer,
                    OrderId(arguments["order"].strip()) if "order" in arguments else None,
                    now,
                    ProductId(arguments["product"].strip()) if "product" in arguments else None,
                    needs_prices=known.needs_prices,
                    needs_holder=known.needs_holder,
                    needs_standing=self._needs_standing(known.spec, now),
                )
                return await self._changed(known, arguments, wanted)

    def _needs_standing(self, spec: ActionSpec, now: datetime) -> bool:
        """Say whether a decision rule about the action asks for all that the customer has."""
        rules = self._policies_on(now).rules.get(spec.decides or spec.name, ())
        named = {name for rule in rules if rule.rule.when is not None for name in rule.rule.when.names()}
        return not named.isdisjoint(OF_CUSTOMER)

    async def _standing(self, spec: ActionSpec, customer: CustomerId | None, now: datetime) -> Standing | None:
        if customer is None or not self._needs_standing(spec, now):
            return None
        return Standing.of(await self._records.customer(customer), await self._records.orders_of(customer), now)

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        """Give the words of the live goods by kind of entity: product, brand, colour, size, sku."""
        return Goods.of(await self._records.products()).words()

    async def _asked(
        self, query: Query, arguments: Mapping[str, str], customer: CustomerId | None, now: datetime
    ) -> Request:
        orders = await self._orders(arguments, customer) if query.needs_orders else ()
        wanted = arguments.get("product")
        goods = await self._goods_at(now) if wanted is None else await self._one_product(ProductId(wanted))
        standing = await self._standing(query.spec, customer, now)
        holder = await self._records.customer(customer) if query.needs_holder and customer is not None else None
        return self._request(_Asker(arguments, customer, now, standing, holder), orders, goods)

    async def _orders(self, arguments: Mapping[str, str], customer: CustomerId | None) -> tuple[Order, ...]:
        """The customer's orders that an action may look at: where it names one, that one alone."""
        if customer is None:
            return ()
        if "order" not in arguments:
            return await self._records.orders_of(customer)
        order = await self._records.order_of(customer, OrderId(arguments["order"].strip()))
        return () if order is None else (order,)

    async def _changed(self, effect: Effect, arguments: Mapping[str, str], wanted: Wanted) -> ActionResult:
        def decide(
            order: Order | None, goods: Iterable[Product], holder: Customer | None, standing: Standing | None
        ) -> Change:
            own = () if order is None else (order,)
            asker = _Asker(arguments, wanted.customer, wanted.at, standing, holder)
            return effect.change(self._request(asker, own, Goods.of(goods)))

        result = await self._records.change_once(wanted, decide)
        self._goods_read_at = None
        return result

    def _request(self, asker: "_Asker", orders: tuple[Order, ...], goods: Goods) -> Request:
        return Request(
            arguments=asker.arguments,
            customer=asker.customer,
            # The records give nothing of others; should they ever, it ends here.
            orders=tuple(order for order in orders if order.customer == asker.customer),
            goods=goods,
            policies=self._policies_on(asker.now),
            phrases=self._pack.phrases,
            now=asker.now,
            standing=asker.standing,
            holder=asker.holder if asker.holder is not None and asker.holder.id == asker.customer else None,
        )

    def _policies_on(self, now: datetime) -> Policies:
        """The policies in force on the shop's day; they are read once a day."""
        day = now.astimezone(self._timezone).date()
        if day != self._policies_day:
            self._policies, self._policies_day = self._read_policies(now), day
        return self._policies

    def _read_policies(self, now: datetime) -> Policies:
        day = now.astimezone(self._timezone).date()
        rules = self._pack.rules.values()
        return read_policies(self._pack.clauses, on=day, timezone=self._timezone, rules=rules)

    async def _goods_at(self, now: datetime) -> Goods:
        """The goods as they were at most a minute ago: finding by words need not be fresher."""
        if self._goods_read_at is None or abs(now - self._goods_read_at) > _GOODS_KEPT:
            listed, self._goods_read_at = await self._records.products(), now
            if listed is not self._listed:  # records that know that nothing changed give the same list
                self._listed, self._goods = listed, Goods.of(listed)
        return self._goods

    async def _one_product(self, product: ProductId) -> Goods:
        found = await self._records.product(product)
        return Goods.of([found] if found else [])
