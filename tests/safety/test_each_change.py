"""Whatever can be changed: the summary of it changes nothing, what is no plain yes neither, and the yes just that."""

from collections.abc import Sequence

import pytest

from xiaoer.shop import Order

from ..durability.tasks import TASKS, Task, cheaper, late, waiting
from .watching import Said, Watch
from .ways import WAYS
from .world import VICTIM, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", TASKS)
async def test_each_change_is_made_by_a_yes_to_its_summary_alone(own: World, name: str) -> None:
    task = TASKS[name]
    watch = await led_to_the_summary(own, task, await orders_for(own, task))
    await watch.say(Said("我老婆说可以吗"), await own.read_books())
    assert watch.changes == []
    await watch.say(Said("确认", is_yes=True), await own.read_books())
    assert watch.changes == [task.entry]


async def orders_for(world: World, task: Task) -> Sequence[Order]:
    """Give the orders that a task may be about, with what it needs: a late parcel, a price that fell, a notice."""
    orders = [order for order in await world.books.orders() if order.state == task.state]
    match task.action:
        case "order.urge":
            orders = [late(order) for order in orders if order.appointment is None][:5]
            late_ones = orders
            await world.books.change(lambda transaction: transaction.store_orders(late_ones))
        case "order.protect_price":
            orders = [max(orders, key=lambda order: order.placed_at)]
            product = await world.books.product(orders[0].lines[0].product)
            assert product is not None
            fallen = cheaper(product)
            await world.books.change(lambda transaction: transaction.store_products([fallen]))
        case "stock.withdraw_notice":
            holder, product = await world.books.customer(VICTIM), (await world.books.products())[0]
            assert holder is not None
            orders = [order for order in orders if order.customer == VICTIM]
            await world.books.change(lambda transaction: transaction.store_customers([waiting(holder, product)]))
        case _:
            pass
    return [order for order in orders if task.fits(order)]


async def led_to_the_summary(world: World, task: Task, orders: Sequence[Order]) -> Watch:
    """Say what a task needs said, about one order after the other, until there is a summary to say yes to.

    Where there is more to choose from than the task's own words know, the first is chosen.
    """
    for order in orders:
        watch = Watch(world, await WAYS["native"](world, order.customer), order.customer)
        for text in (*task.says, "第一个"):
            await watch.say(Said(text.format(order=order.id)), await world.read_books())
            if await is_summed_up(watch):
                return watch
    raise AssertionError(f"No order of {len(orders)} comes to a summary of {task.action}.")


async def is_summed_up(watch: Watch) -> bool:
    question = (await watch.world.joined.turns.state(watch.way.conversation)).question
    return question is not None and question.kind == "confirm"
