"""Giving one thing back, or all but one."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Bought, Task, World, an_order, draw_number, order_facts

_REASONS = {"no_longer_wanted": 3, "does_not_fit": 2, "faulty": 3, "damaged": 2, "wrong_item": 1}
_FAULTS = ("faulty", "damaged", "wrong_item")
_DAYS = (1, 2, 4, 6, 7, 8, 10, 14, 15, 16, 20)


class ReturnLine:
    """A thing that came some days ago goes back, for a reason that decides by which rule."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order that came (or is on its way still), which thing of it, and why."""
        lines = world.draw_lines(random, 3)
        own, other = lines[: random.randint(1, 2)], lines[2:]
        number, days, back = draw_number(random), random.choice(_DAYS), random.choice(own)
        is_here = random.random() < 0.85
        state = "delivered" if is_here else "shipped"
        when = {"delivered_hours_ago": days * 24 - 1} if is_here else {}
        reason = random.choices([*_REASONS], [*_REASONS.values()])[0]
        orders = [an_order(number, state, own, **when), an_order(draw_number(random), "paid", other)]
        return Task(
            goal="return",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, [back]) | {"line": back.name, "reason": random.choice(spoken.reasons[reason])},
            is_allowed=is_here and may_go_back(world, back, reason, days),
            shows=((back.product.title,),),
            hides=tuple(line.product.title for line in lines if line is not back),
            is_fulfilled=_going_back(number, [back]),
            drops=random.random() < 0.1,
        )


class ReturnAllBut:
    """All that came goes back but one thing, which is the only one that is named."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order of several things, which of them is kept, and why the others go."""
        lines = world.draw_lines(random, random.randint(2, 3))
        number, days, kept = draw_number(random), random.choice(_DAYS), random.choice(lines)
        reason = random.choices([*_REASONS], [*_REASONS.values()])[0]
        going = [line for line in lines if line is not kept and may_go_back(world, line, reason, days)]
        return Task(
            goal="return_but",
            given=Given(orders=(an_order(number, "delivered", lines, delivered_hours_ago=days * 24 - 1),)),
            order=number,
            facts=order_facts(number, lines) | {"line": kept.name, "reason": random.choice(spoken.reasons[reason])},
            is_allowed=bool(going),
            shows=tuple((line.product.title,) for line in going),
            hides=(kept.product.title,),
            is_fulfilled=_going_back(number, going),
            drops=random.random() < 0.1,
        )


def may_go_back(world: World, back: Bought, reason: str, days: int) -> bool:
    """Say whether a thing that came so many days ago may go back for a reason, as the shop's clauses have it."""
    delivered = (world.now - timedelta(hours=days * 24 - 1)).astimezone(world.zone).date()
    age = (world.now.astimezone(world.zone).date() - delivered).days
    if reason in _FAULTS:
        return age <= world.number("return.quality", "days")
    excluded = world.value("return.no_reason", "excluded_categories")
    is_excluded = isinstance(excluded, list | tuple) and back.product.category in excluded
    return not is_excluded and age <= world.number("return.no_reason", "days")


def _going_back(number: OrderId, back: Sequence[Bought]) -> Callable[[Books, Books], bool]:
    skus = {each.variant.sku for each in back}

    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        opened = new.returns[len(old.returns) :]
        return (
            what.fields == {number: {"lines", "returns", "history"}}
            and not what.stock
            and [(item.line, item.quantity, item.refund_amount) for item in opened]
            == [(line.id, line.quantity, line.unit_price * line.quantity) for line in old.lines if line.sku in skus]
        )

    return judge
