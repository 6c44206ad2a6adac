"""Asking where an order is, or the money for one."""

from random import Random

from xiaoer.pack import Given, SpokenCustomers
from xiaoer.shop import Order
from xiaoer.trial.simulation.task import Task, World, an_order, draw_number, order_facts


class TrackOrder:
    """Where is it? Of a parcel on its way the customer wants the number."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order, on its way or not, and another one that came long ago."""
        lines = world.draw_lines(random, 2)
        number, state = draw_number(random), random.choices(["shipped", "paid", "packing"], [5, 2, 1])[0]
        orders = [
            an_order(number, state, lines[:1], paid_hours_ago=40.0),
            an_order(draw_number(random), "delivered", lines[1:], delivered_hours_ago=100),
        ]
        return Task(
            goal="track",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, lines),
            is_allowed=True,
            tells=_parcel,
        )


class AskRefund:
    """When does the money come? There is a return or a refund under way, or there is none."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order with money on its way, or none."""
        lines = world.draw_lines(random, 1, sure=True)
        refund = random.choice(["opened", "received", "processing", "paid", None])
        number = draw_number(random)
        order = an_order(number, "delivered", lines, delivered_hours_ago=100, refund=refund)
        return Task(
            goal="refund",
            given=Given(orders=(order,)),
            order=number,
            facts=order_facts(number, lines),
            is_allowed=refund is not None,
            tells=_money,
        )


def _parcel(order: Order) -> tuple[str, ...]:
    return (order.shipment.tracking_no,) if order.shipment else ()


def _money(order: Order) -> tuple[str, ...]:
    amounts = [item.refund_amount for item in order.returns] + [refund.amount for refund in order.refunds]
    return tuple(f"{amount.minor / 100:.2f}" for amount in amounts[-1:])
