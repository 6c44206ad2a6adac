"""How a customer stands with the shop: what decision rules may look at beside the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from xiaoer.shop.customers import Customer
from xiaoer.shop.models import Order

_LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's level, a code, and how many returns were opened in the last 30 days and not withdrawn."""

    level: str = ""
    returns: int = 0

    @classmethod
    def of(cls, customer: Customer | None, orders: Iterable[Order], now: datetime) -> "Standing":
        """Count over all orders of a customer."""
        since = now - _LOOKED_BACK
        returns = [item for order in orders for item in order.returns if item.opened_at >= since]
        return cls(
            level=customer.level if customer else "",
            returns=sum(item.state != "withdrawn" for item in returns),
        )
