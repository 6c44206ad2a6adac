"""What one simulated customer wants: a matter with facts, and what the shop must have done about it in the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from xiaoer.ids import OrderId
from xiaoer.pack import Clause, Given, GivenLine, GivenOrder
from xiaoer.shop import Order, Product, Variant
from xiaoer.trial.simulation.books import Books

_DEAREST_MINOR = 150_000


@dataclass(frozen=True, slots=True)
class Task:
    """A customer's matter.

    `facts` is all that the customer knows, by the names that its sentences use. `shows` are groups of pieces of text
    (facts in braces): of each group one stands in a summary that is right, and nothing that it `hides`. `is_allowed` is
    what the shop's clauses say of it; `is_fulfilled` judges the books after against those before; a matter that changes
    nothing has none, and is done when the answer holds all that it `tells` of the order. A customer who `drops` it
    takes it back at the summary; one who `corrects` something has said it wrong and says so there; `insists` names the
    sentences of one who sees a wrong summary.
    """

    goal: str
    given: Given
    order: OrderId
    facts: Mapping[str, str]
    is_allowed: bool
    shows: tuple[tuple[str, ...], ...] = ()
    hides: tuple[str, ...] = ()
    tells: Callable[[Order], tuple[str, ...]] = lambda order: ()
    is_fulfilled: Callable[[Books, Books], bool] | None = None
    drops: bool = False
    insists: str = "thing"
    corrects: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of an order to be: what of which product, by which of its short names."""

    product: Product
    variant: Variant
    name: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class World:
    """What goals are drawn from: the shop's goods and clauses, and the moment at which all is played."""

    products: tuple[Product, ...]
    clauses: Mapping[str, Clause]
    now: datetime
    zone: ZoneInfo

    def draw_lines(self, random: Random, count: int, *, sure: bool = False) -> list[Bought]:
        """Draw lines of different products that no name has in common; with `sure`, of plain goods alone.

        Dear things are left out: what a shop's decision rules leave to a person, a customer cannot have done.
        """
        lines: list[Bought] = []
        for product in random.sample(self.products, len(self.products)):
            taken = {name for line in lines for name in line.product.names}
            variant = random.choice(product.variants)
            is_plain = variant.price.minor <= _DEAREST_MINOR and not (sure and _is_odd(product))
            if product.names and taken.isdisjoint(product.names) and variant.stock and is_plain:
                lines.append(Bought(product, variant, random.choice(product.names)))
            if len(lines) == count:
                break
        return lines

    def value(self, clause: str, name: str) -> object:
        """Give a value of a clause: the shop's rule in figures and codes."""
        return self.clauses[clause].values[name]


def _is_odd(product: Product) -> bool:
    return product.category in ("fresh", "custom", "beauty", "food", "underwear", "furniture")


def draw_number(random: Random) -> OrderId:
    """Draw an order number of 14 digits."""
    return OrderId(f"2026061{random.randrange(10**7):07d}")


def an_order(number: OrderId, state: str, lines: list[Bought], **when: float | str | None) -> GivenOrder:
    """Give an order for the stage, with lines that were drawn."""
    bought = [GivenLine(sku=line.variant.sku, quantity=line.quantity) for line in lines]
    return GivenOrder.model_validate({"number": number, "state": state, "lines": bought, **when})


def order_facts(number: OrderId, lines: list[Bought]) -> dict[str, str]:
    """Give what a customer knows of an order: its number, the last four digits, one thing in it."""
    return {"number": number, "tail": number[-4:], "product": lines[0].name}
