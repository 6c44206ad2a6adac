"""What an action is asked and may look at, and what it gives: a finding, or a change of the shop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from xiaoer.ids import CustomerId
from xiaoer.pack import ActionSpec, Phrases
from xiaoer.shop.customers import Customer
from xiaoer.shop.errors import BadRequestError
from xiaoer.shop.goods import Goods
from xiaoer.shop.history import BY_CUSTOMER
from xiaoer.shop.models import Order, Product
from xiaoer.shop.policies import Policies
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.standing import Standing
from xiaoer.shop.ways import Way, own_way

_SAID = ("mention.", "wanted.")


@dataclass(frozen=True, slots=True)
class Request:
    """An action's arguments, and all that it may look at: nothing of another customer is in here.

    `orders` are the customer's own, newest first. `standing` is known where decision rules ask for it, `holder` (the
    customer with what they hold) where the action needs it.
    """

    arguments: Mapping[str, str]
    customer: CustomerId | None
    orders: tuple[Order, ...]
    goods: Goods
    policies: Policies
    phrases: Phrases
    now: datetime
    standing: Standing | None = None
    holder: Customer | None = None

    def argument(self, name: str) -> str:
        """Give an argument, empty if it was not given."""
        return self.arguments.get(name, "").strip()

    def listed(self, name: str) -> tuple[str, ...]:
        """Give the values of an argument that holds several, parted by commas, each once."""
        values = (value.strip() for value in self.argument(name).split(","))
        return tuple(dict.fromkeys(value for value in values if value))

    @property
    def order(self) -> Order | None:
        """The customer's order that the argument `order` names; an absent one and a stranger's are both none."""
        wanted = self.argument("order")
        return next((order for order in self.orders if order.id == wanted), None)

    def own_way(self, order: Order) -> Way:
        """Give the way by which an order was paid."""
        return own_way(order, self.holder)

    @property
    def by(self) -> str:
        """Who asks, for an order's history."""
        return f"{BY_CUSTOMER}{self.customer}"


@dataclass(frozen=True, slots=True)
class Change:
    """What an effect gives: its result, and what has to be stored (nothing, when it is refused)."""

    result: ActionResult
    order: Order | None = None
    products: tuple[Product, ...] = ()
    customer: Customer | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """An action that looks something up; one that is about goods alone needs no orders."""

    spec: ActionSpec
    answer: Callable[[Request], ActionResult]
    needs_orders: bool = True
    needs_holder: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """An action that changes the order named by its argument `order`, and the stock of the goods in it.

    Without that argument it changes the customer who asks. One that `needs_prices` decides on goods as they are at this
    moment, not as they were last seen; one that `needs_holder` looks at what the customer holds. Balances move with
    what it does to the order's payments.
    """

    spec: ActionSpec
    change: Callable[[Request], Change]
    needs_prices: bool = False
    needs_holder: bool = False


def check_arguments(spec: ActionSpec, arguments: Mapping[str, str]) -> None:
    """Make sure that an action has what it needs and nothing else.

    A find action takes every `mention.<entity>` and `wanted.<entity>`, whatever kinds of entities the pack knows.

    Raises:
        BadRequestError: an argument is missing, or the action has no such parameter.
    """
    for name in spec.parameters:
        if name not in spec.optional and not arguments.get(name, "").strip():
            raise BadRequestError(f"The action {spec.name} needs the argument {name!r}.")
    takes_mentions = "mention" in spec.parameters
    unknown = sorted(
        name for name in set(arguments) - set(spec.parameters) if not (takes_mentions and name.startswith(_SAID))
    )
    if unknown:
        raise BadRequestError(f"The action {spec.name} has no parameter {unknown[0]!r}: {', '.join(spec.parameters)}.")
