"""Asking for the difference to a price that fell."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Task, World, an_order, draw_number, order_facts

_FALLS_MINOR = (0, 500, 1_200, 3_000)
_DAYS = (1, 3, 5, 7, 8, 12)


class ProtectPrice:
    """A thing costs less than it did some days ago, or does not."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order, when it was paid, and by how much the price of the thing in it fell since."""
        own, other = world.draw_lines(random, 2)
        number, days, fall = draw_number(random), random.choice(_DAYS), random.choice(_FALLS_MINOR)
        order = an_order(number, "paid", [own], paid_hours_ago=days * 24 - 1)
        paid_minor = own.variant.price.minor + fall
        dearer = tuple(line.model_copy(update={"paid_minor": paid_minor}) for line in order.lines)
        orders = [order.model_copy(update={"lines": dearer}), an_order(draw_number(random), "unpaid", [other])]
        return Task(
            goal="price",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, [own]) | {"line": own.name},
            is_allowed=fall > 0 and _is_protected(world, own.product.category, days),
            shows=((own.product.title,),),
            hides=(other.product.title,),
            is_fulfilled=_paid_back(number, fall),
            drops=random.random() < 0.1,
        )


def _is_protected(world: World, category: str, days: int) -> bool:
    excluded = world.value("price.protect", "excluded_categories")
    limit = world.value("price.protect", "days")
    paid = (world.now - timedelta(hours=days * 24 - 1)).astimezone(world.zone).date()
    age = (world.now.astimezone(world.zone).date() - paid).days
    is_excluded = isinstance(excluded, list | tuple) and category in excluded
    return not is_excluded and isinstance(limit, int) and age <= limit


def _paid_back(number: OrderId, fall_minor: int) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        made = new.refunds[len(old.refunds) :]
        return (
            what.fields == {number: {"lines", "refunds", "history"}}
            and not what.stock
            and [refund.amount.minor for refund in made] == [fall_minor]
        )

    return judge
