"""Cancelling an order, one thing in it, or some pieces of one."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Bought, Task, World, an_order, draw_number, order_facts

_STATES = {"paid": 5, "unpaid": 2, "packing": 1, "shipped": 2, "delivered": 1, "cancelled": 1}
_DRAWS, _MOST_PIECES = 5, 4
_REASONS = ("no_longer_wanted", "wrong_choice", "too_slow", "price")


class CancelOrder:
    """The whole order shall not come."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order in some state, another one beside it, and a reason."""
        lines = world.draw_lines(random, 4)
        own, other = lines[: random.randint(1, 2)], lines[2:3]
        number, state = draw_number(random), random.choices([*_STATES], [*_STATES.values()])[0]
        orders = [
            an_order(number, state, own),
            an_order(draw_number(random), "delivered", other, delivered_hours_ago=50),
        ]
        return Task(
            goal="cancel",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, own) | _reason(random, spoken),
            is_allowed=world.is_in_time("order.cancel", state),
            shows=tuple((line.product.title,) for line in own),
            insists="whole",
            is_fulfilled=_cancelled(number, own),
            drops=random.random() < 0.1,
        )


class CancelPart:
    """One thing of an order shall not come, the rest shall."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order of several things, and which of them is not wanted."""
        lines = world.draw_lines(random, random.randint(2, 3))
        number, state = draw_number(random), random.choices(["paid", "packing", "shipped"], [5, 1, 1])[0]
        gone = random.choice(lines)
        return Task(
            goal="cancel_part",
            given=Given(orders=(an_order(number, state, lines),)),
            order=number,
            facts=order_facts(number, lines) | _reason(random, spoken) | {"line": gone.name},
            is_allowed=world.is_in_time("order.cancel", state),
            shows=((gone.product.title,),),
            hides=tuple(line.product.title for line in lines if line is not gone),
            insists="part",
            is_fulfilled=_taken_out(number, gone),
        )


class CancelPieces:
    """Some pieces of a thing shall not come, the others shall."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order with several pieces of a thing, and how many of them are not wanted."""
        count = random.randint(1, 2)
        draws = (world.draw_lines(random, count) for _ in range(_DRAWS))
        first, *others = max(draws, key=lambda lines: world.most_pieces(lines[0], _MOST_PIECES))
        own = replace(first, quantity=random.randint(2, max(2, world.most_pieces(first, _MOST_PIECES))))
        number, state = draw_number(random), random.choices(["paid", "packing", "shipped"], [5, 1, 1])[0]
        gone = replace(own, quantity=random.randint(1, own.quantity - 1))
        left = own.quantity - gone.quantity
        return Task(
            goal="cancel_pieces",
            given=Given(orders=(an_order(number, state, [own, *others]),)),
            order=number,
            facts=order_facts(number, [own, *others])
            | _reason(random, spoken)
            | {"line": own.name, "pieces": f"{gone.quantity}"},
            is_allowed=world.is_in_time("order.cancel", state),
            shows=((own.product.title,), _shown(gone.quantity, left, spoken)),
            insists="pieces",
            is_fulfilled=_taken_out(number, gone),
        )


def _shown(gone: int, left: int, spoken: SpokenCustomers) -> tuple[str, ...]:
    """Give how a summary may say how many pieces go, or how many are left."""
    return (f"×{gone}", *(words.format(total=left) for words in spoken.shown["total"]))


def _reason(random: Random, spoken: SpokenCustomers) -> dict[str, str]:
    return {"reason": random.choice(spoken.reasons[random.choice(_REASONS)])}


def _cancelled(number: OrderId, lines: list[Bought]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        touched = {"state", "history", *(("refunds",) if old.payment else ())}
        return (
            what.fields == {number: touched}
            and what.stock == {line.variant.sku: line.quantity for line in lines}
            and new.state == "cancelled"
            and new.refunded_amount == old.paid_amount
        )

    return judge


def _taken_out(number: OrderId, gone: Bought) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        left = {line.sku: line.kept_quantity for line in new.lines}
        return (
            what.fields == {number: {"lines", "refunds", "history"}}
            and what.stock == {gone.variant.sku: gone.quantity}
            and new.state == old.state
            and left == {line.sku: line.quantity - (line.sku == gone.variant.sku) * gone.quantity for line in old.lines}
            and new.refunded_amount == gone.variant.price * gone.quantity
        )

    return judge
