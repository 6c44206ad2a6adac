"""Having another variant of a thing instead: before it is sent, or for what has come."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.shop import Product, Variant
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.goals.returning import may_go_back
from xiaoer.trial.simulation.task import Bought, Task, World, an_order, bare, draw_number, order_facts

_STATES = {"paid": 5, "unpaid": 2, "packing": 1, "shipped": 2}
_REASONS = {"does_not_fit": 3, "wrong_choice": 2, "faulty": 1}
_DAYS = (1, 3, 5, 7, 8, 12, 16, 20)
_MOST_LINES = 12
_SHORT = 3


@dataclass(frozen=True, slots=True)
class _Swap:
    """What was bought, the variant that is wanted instead, and the option by which it is called."""

    own: Bought
    wanted: Variant
    option: str


class ChangeOptions:
    """A thing that was not sent yet shall come in another colour or size."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order in some state, and what shall be otherwise."""
        swap, other = _drawn(random, world)
        number, state = draw_number(random), random.choices([*_STATES], [*_STATES.values()])[0]
        orders = [
            an_order(number, state, [swap.own]),
            an_order(draw_number(random), "delivered", [other], delivered_hours_ago=400),
        ]
        return Task(
            goal="change",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=_facts(number, swap),
            is_allowed=world.is_in_time("order.change_items", state),
            shows=((swap.own.product.title,), (swap.option,)),
            hides=(other.product.title, *_not_wanted(swap)),
            is_fulfilled=_changed(number, swap),
            drops=random.random() < 0.1,
        )


class ExchangeLine:
    """A thing that came shall be exchanged for one in another colour or size."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order that came some days ago, what is wanted instead, and why."""
        swap, other = _drawn(random, world)
        number, days = draw_number(random), random.choice(_DAYS)
        reason = random.choices([*_REASONS], [*_REASONS.values()])[0]
        orders = [
            an_order(number, "delivered", [swap.own], delivered_hours_ago=days * 24 - 1),
            an_order(draw_number(random), "paid", [other]),
        ]
        return Task(
            goal="exchange",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=_facts(number, swap) | {"reason": random.choice(spoken.reasons[reason])},
            is_allowed=may_go_back(world, swap.own, reason, days),
            shows=((swap.own.product.title,), (swap.option,)),
            hides=(other.product.title, *_not_wanted(swap)),
            is_fulfilled=_exchanged(number, swap),
            drops=random.random() < 0.1,
        )


def _drawn(random: Random, world: World) -> tuple[_Swap, Bought]:
    """Draw a thing that is there in another variant, which one option tells apart, and something else beside it."""
    lines = world.draw_lines(random, _MOST_LINES)
    for own in lines:
        found = [swap for variant in own.product.variants if (swap := _swap(own, variant)) is not None]
        if found:
            return random.choice(found), next(line for line in lines if line is not own)
    raise LookupError("The shop sells nothing in two variants.")


def _swap(own: Bought, wanted: Variant) -> _Swap | None:
    """Give the swap for a variant; none unless it is there, and differs in an option that no other one has too."""
    others = [name for name, value in wanted.options.items() if own.variant.options.get(name) != value]
    if len(others) != 1 or not wanted.stock or not tells(own.product, wanted, others[0]):
        return None
    return _Swap(own, wanted, wanted.options[others[0]])


def tells(product: Product, wanted: Variant, option: str) -> bool:
    """Say whether a value is called by words of its own: "1.5米" would be taken for part of "1.5米床" as well."""
    value = wanted.options[option]
    values = {variant.options.get(option, "") for variant in product.variants} - {value}
    return not any(value in other or other in value for other in values)


def _not_wanted(swap: _Swap) -> list[str]:
    """Give the values that are neither bought nor wanted, but for those that stand in the words of one that is."""
    product = swap.own.product
    values = {value for variant in product.variants for value in variant.options.values()}
    right = "".join(map(bare, (product.title, *swap.own.variant.options.values(), *swap.wanted.options.values())))
    return sorted(value for value in values if bare(value) not in right and len(value) > _SHORT)


def _facts(number: OrderId, swap: _Swap) -> dict[str, str]:
    return order_facts(number, [swap.own]) | {"line": swap.own.name, "option": swap.option}


def _changed(number: OrderId, swap: _Swap) -> Callable[[Books, Books], bool]:
    own, wanted = swap.own.variant, swap.wanted

    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        dearer = wanted.price.minor - own.price.minor
        settled = set() if not dearer or old.payment is None else {"refunds" if dearer < 0 else "charges"}
        paid_back = new.refunded_amount.minor - old.refunded_amount.minor
        return (
            what.fields == {number: {"lines", "history", *settled}}
            and what.stock == {own.sku: 1, wanted.sku: -1}
            and [line.sku for line in new.lines] == [wanted.sku]
            and paid_back == (max(0, -dearer) if old.payment else 0)
        )

    return judge


def _exchanged(number: OrderId, swap: _Swap) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        settled = {"charges"} if swap.wanted.price.minor > swap.own.variant.price.minor else set()
        opened = new.exchanges[len(old.exchanges) :]
        return (
            what.fields == {number: {"lines", "exchanges", "history", *settled}}
            and what.stock == {swap.wanted.sku: -1}
            and [(item.line, item.sku, item.quantity) for item in opened] == [(old.lines[0].id, swap.wanted.sku, 1)]
        )

    return judge
