"""The records of a shop that the merchant's system keeps."""

import asyncio
import hashlib
from weakref import WeakValueDictionary

import msgspec
import structlog

from xiaoer.events import Claim
from xiaoer.ids import ActionKey, CustomerId, OrderId, ProductId
from xiaoer.shop.counter import Decide, Wanted
from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Order, Product
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.records import Records, Transaction
from xiaoer.shop.remote.catalogue import CatalogueCopy
from xiaoer.shop.remote.customer_effects import customer_effects_of, customer_history_of
from xiaoer.shop.remote.effects import effects_of, history_of, restocks_of
from xiaoer.shop.remote.errors import OrderChangingError, ShopAwayError
from xiaoer.shop.remote.merchant import Merchant
from xiaoer.shop.remote.shapes import CustomerChange, KeptCustomer, KeptOrder, OrderChange, OrderEffect
from xiaoer.shop.standing import Standing

_MOST_DECISIONS = 3
_log = structlog.get_logger()


class _Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided: the result for the customer, and the change that makes it true (none: nothing changes)."""

    result: ActionResult
    change: OrderChange | None = None
    of_customer: CustomerChange | None = None


class RemoteRecords:
    """Implements `ShopRecords` on the merchant's system.

    Orders are asked for each time. Before a change is sent, the decision is noted in `memory` (Xiaoer's own database):
    the same key sends the same change again, whatever was cut off in between, and the system knows it by its own key.
    """

    def __init__(
        self, merchant: Merchant, catalogue: CatalogueCopy, memory: Records, *, can_identify: bool = False
    ) -> None:
        self.merchant = merchant
        self.can_identify = can_identify
        self._catalogue = catalogue
        self._memory = memory
        self._deciding: WeakValueDictionary[CustomerId, asyncio.Lock] = WeakValueDictionary()

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the one customer whom a claim fits."""
        return await self.merchant.identify(claim) if self.can_identify else None

    async def orders_of(self, customer: CustomerId) -> tuple[Order, ...]:
        """Give a customer's newest orders."""
        return await self.merchant.orders_of(customer)

    async def order_of(self, customer: CustomerId, order: OrderId) -> Order | None:
        """Find an order of a customer."""
        return await self.merchant.order_of(customer, order)

    async def customer(self, customer: CustomerId) -> Customer | None:
        """Find a customer."""
        return await self.merchant.customer(customer)

    async def products(self) -> tuple[Product, ...]:
        """Give all products, by id, as they were when last seen."""
        return await self._catalogue.products()

    async def product(self, product: ProductId) -> Product | None:
        """Find a product as it is now; as last seen while the system is away."""
        try:
            return await self.merchant.product(product)
        except ShopAwayError:
            copy = self._catalogue.find(product)
            if copy is None:
                raise
            _log.warning("shop.product_stale", product=product)
            return copy

    async def change_once(self, wanted: Wanted, decide: Decide) -> ActionResult:
        """Decide and have the change made; decide again where what it is decided on was changed in between.

        Raises:
            OrderChangingError: it was changed in between each time.
            ChangeRefusedError: the merchant's system does not make the change.
            ShopAwayError, BadAnswerError, AccessRefusedError: as in `Connection.ask`. Whether the change was made is
                known when it is asked for again under the same key.
        """
        if wanted.customer is None or not wanted.needs_standing:
            return await self._changed_once(wanted, decide)
        # The system compares the version of one order only, so what looks at all of them goes one after the other.
        async with self._deciding.setdefault(wanted.customer, asyncio.Lock()):
            return await self._changed_once(wanted, decide)

    async def _changed_once(self, wanted: Wanted, decide: Decide) -> ActionResult:
        for number in range(1, _MOST_DECISIONS + 1):
            intent = await self._intent(wanted, decide, ActionKey(f"{wanted.key}/{number}"))
            if await self._is_made(intent, _outward(wanted.key, number)):
                return intent.result
        raise OrderChangingError(f"It was changed elsewhere {_MOST_DECISIONS} times while it was to be changed.")

    async def _is_made(self, intent: _Intent, key: str) -> bool:
        if intent.of_customer is not None:
            return await self.merchant.change_customer(intent.of_customer, key=key)
        return intent.change is None or await self.merchant.change(intent.change, key=key)

    async def _intent(self, wanted: Wanted, decide: Decide, key: ActionKey) -> _Intent:
        """Give what was decided under this key before, or decide now and note it."""
        given = msgspec.json.encode(await self._decided(wanted, decide))

        async def give() -> bytes:
            return given

        async def note(transaction: Transaction) -> bytes:
            return await transaction.once(key, give, wanted.at)

        return msgspec.json.decode(await self._memory.change(note), type=_Intent)

    async def _decided(self, wanted: Wanted, decide: Decide) -> _Intent:
        order, holder = await self._order_of(wanted), await self._holder_of(wanted)
        goods = await self._goods_of(order, wanted)
        change = decide(order, goods, holder, await self._standing_of(wanted))
        if holder is not None and change.customer is not None:
            return _Intent(result=change.result, of_customer=_change_of_customer(wanted, holder, change.customer))
        if change.order is None or order is None:
            return _Intent(result=change.result)
        effects = (*effects_of(order, change.order), *restocks_of(goods, change.products))
        return _Intent(result=change.result, change=_change_of(wanted, order, change.order, effects))

    async def _order_of(self, wanted: Wanted) -> KeptOrder | None:
        if wanted.customer is None or wanted.order is None:
            return None
        return await self.merchant.order_of(wanted.customer, wanted.order)

    async def _holder_of(self, wanted: Wanted) -> KeptCustomer | None:
        if wanted.customer is None or not wanted.needs_holder:
            return None
        return await self.merchant.customer(wanted.customer)

    async def _standing_of(self, wanted: Wanted) -> Standing | None:
        if wanted.customer is None or not wanted.needs_standing:
            return None
        customer = await self.merchant.customer(wanted.customer)
        return Standing.of(customer, await self.merchant.orders_of(wanted.customer), wanted.at)

    async def _goods_of(self, order: KeptOrder | None, wanted: Wanted) -> list[Product]:
        """The goods in an order; as last seen will do where only differences of their stock are told."""
        found: list[Product] = []
        for product in wanted.goods(order):
            seen = None if wanted.needs_prices else self._catalogue.find(product)
            known = seen or await self.merchant.product(product)
            found += [known] if known else []
        return found


def _change_of(wanted: Wanted, before: KeptOrder, after: Order, effects: tuple[OrderEffect, ...]) -> OrderChange:
    return OrderChange(
        action=wanted.action,
        customer=before.customer,
        order=before.id,
        version=before.version,
        at=wanted.at,
        effects=effects,
        history=history_of(before, after),
    )


def _change_of_customer(wanted: Wanted, before: KeptCustomer, after: Customer) -> CustomerChange:
    return CustomerChange(
        action=wanted.action,
        customer=before.id,
        version=before.version,
        at=wanted.at,
        effects=customer_effects_of(before, after),
        history=customer_history_of(before, after),
    )


def _outward(key: ActionKey, number: int) -> str:
    """Name a decision outside: whoever knows our keys knows the conversations in them, so they stay inside."""
    return hashlib.sha256(f"{key}/{number}".encode()).hexdigest()
