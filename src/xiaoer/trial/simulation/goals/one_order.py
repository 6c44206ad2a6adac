"""A matter about one order, beside which there is another that stays as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from xiaoer.ids import OrderId, SkuId
from xiaoer.pack import Given, GivenMethod, GivenOrder, SpokenCustomers
from xiaoer.shop import Order
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Bought, Task, World, an_order, draw_number, order_facts

_STAYS_AWAY = 0.1
_NOTHING: Mapping[SkuId, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a matter is drawn with: chance, the shop, how customers speak, and the number and line of the order."""

    random: Random
    world: World
    spoken: SpokenCustomers
    number: OrderId
    line: Bought

    def order(self, state: str, **when: float | str | None) -> GivenOrder:
        """Give the order of the matter, in a state."""
        return an_order(self.number, state, [self.line], **when)

    def one_of(self, weights: Mapping[str, int]) -> str:
        """Draw one of some names by their weights."""
        return self.random.choices([*weights], [*weights.values()])[0]

    def called(self, code: str) -> str:
        """Draw words by which customers call what has a code."""
        return self.random.choice(self.spoken.called[code])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of an order, whether the clauses allow it, and how the books are once it is done.

    Who only wants to know something has no books to be judged by, but what the answer `tells` of the order. `facts` are
    known beside those of the order, `shows` stands in a summary beside the order.
    """

    order: GivenOrder
    is_allowed: bool
    is_fulfilled: Callable[[Books, Books], bool] | None
    facts: Mapping[str, str] = field(default_factory=dict)
    shows: tuple[tuple[str, ...], ...] = ()
    methods: tuple[GivenMethod, ...] = ()
    tells: Callable[[Order], tuple[str, ...]] = lambda order: ()
    insists: str = "thing"


Draw: TypeAlias = Callable[[Drawing], Wanted]


@dataclass(frozen=True, slots=True)
class OneOrder:
    """A goal that is drawn by what is wanted of an order."""

    goal: str
    draw_wanted: Draw

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw the order, another one that came, and what is wanted."""
        own, other = world.draw_lines(random, 2)
        number = draw_number(random)
        wanted = self.draw_wanted(Drawing(random, world, spoken, number, own))
        orders = [wanted.order, an_order(draw_number(random), "completed", [other], delivered_hours_ago=400)]
        return Task(
            goal=self.goal,
            given=Given(orders=tuple(random.sample(orders, len(orders))), payment_methods=wanted.methods),
            order=number,
            facts=order_facts(number, [own]) | {"line": own.name, **wanted.facts},
            is_allowed=wanted.is_allowed,
            shows=((own.product.title, number), *wanted.shows),
            hides=(other.product.title,),
            tells=wanted.tells,
            is_fulfilled=wanted.is_fulfilled,
            insists=wanted.insists,
            drops=wanted.is_fulfilled is not None and random.random() < _STAYS_AWAY,
        )


def changed_alone(
    number: OrderId,
    fields: set[str],
    is_so: Callable[[Order, Order], bool],
    *,
    stock: Mapping[SkuId, int] = _NOTHING,
) -> Callable[[Books, Books], bool]:
    """Judge that just these fields of one order are otherwise, and its history, and that they are so."""

    def judge(before: Books, after: Books) -> bool:
        what = changes(before, after)
        return (
            what.fields == {number: {*fields, "history"}}
            and what.stock == stock
            and not what.balances
            and is_so(before.orders[number], after.orders[number])
        )

    return judge
