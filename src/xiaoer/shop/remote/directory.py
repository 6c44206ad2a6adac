"""Who the customers are, where the merchant's system knows them."""

from collections import OrderedDict
from collections.abc import Callable

from xiaoer.ids import CustomerId, ShopId
from xiaoer.shop.customers import Customer
from xiaoer.shop.records import Records
from xiaoer.shop.remote.errors import ShopAwayError
from xiaoer.shop.remote.merchant import Merchant
from xiaoer.store import Database

_FRESH_SECONDS = 60.0
_MOST_KNOWN = 10_000


class RemoteDirectory(Records):
    """The records in Xiaoer's own database, but for customers: those the merchant's system is asked for.

    A customer met before is remembered, so that a conversation can be read back while the system is away.
    """

    def __init__(self, database: Database, shop: ShopId, merchant: Merchant, *, monotonic: Callable[[], float]) -> None:
        super().__init__(database, shop)
        self._merchant = merchant
        self._monotonic = monotonic
        self._known: OrderedDict[CustomerId, tuple[Customer | None, float]] = OrderedDict()

    async def customer(self, customer: CustomerId) -> Customer | None:
        """Find a customer, as at most a minute ago."""
        known = self._known.get(customer)
        if known is not None and self._monotonic() - known[1] < _FRESH_SECONDS:
            return known[0]
        try:
            found = await self._merchant.customer(customer)
        except ShopAwayError:
            if known is None:
                raise
            return known[0]
        self._known[customer] = (found, self._monotonic())
        self._known.move_to_end(customer)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return found
