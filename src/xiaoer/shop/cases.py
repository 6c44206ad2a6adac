"""Cases: what a customer wants put right after a purchase, be it a return, an exchange or a claim."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from xiaoer.shop.models import Claim, Exchange, Order, OrderLine, Return

CaseKind: TypeAlias = Literal["return", "exchange", "claim"]

_UNDER_WAY = ("opened", "sent_back", "received")


@dataclass(frozen=True, slots=True)
class Case:
    """One of an order's cases."""

    kind: CaseKind
    order: Order
    item: Return | Exchange | Claim

    @property
    def id(self) -> str:
        """Its number."""
        return self.item.id

    @property
    def is_open(self) -> bool:
        """Whether nothing was done about it yet."""
        return self.item.state == "opened"

    @property
    def is_under_way(self) -> bool:
        """Whether it has not come to its end."""
        return self.item.state in _UNDER_WAY

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        """The lines of the order that it is about."""
        ids = self.item.lines if isinstance(self.item, Claim) else (self.item.line,)
        return tuple(line for line in self.order.lines if line.id in ids)

    @property
    def quantity(self) -> int:
        """How many pieces go back; 0 for a claim."""
        return 0 if isinstance(self.item, Claim) else self.item.quantity


def cases_of(order: Order) -> tuple[Case, ...]:
    """Give all cases of an order, the newest first."""
    cases = (
        *(Case("return", order, item) for item in order.returns),
        *(Case("exchange", order, item) for item in order.exchanges),
        *(Case("claim", order, item) for item in order.claims),
    )
    return tuple(sorted(reversed(cases), key=lambda case: case.item.opened_at, reverse=True))


def find_case(order: Order, number: str) -> Case | None:
    """Find a case by its number, in whatever letters it is written."""
    return next((case for case in cases_of(order) if case.id.casefold() == number.casefold()), None)
