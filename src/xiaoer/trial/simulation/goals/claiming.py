"""Claiming what is wrong with a thing that came, or that it never came."""

from collections.abc import Callable
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.shop import Order
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone
from xiaoer.trial.simulation.task import Bought, Task, World, an_order, draw_number, order_facts

_KINDS = ("damaged", "wrong_item", "missing", "faulty")
_WISHES = ("resend", "refund")
_DAYS = (1, 2, 3, 16, 20)
"""Days since delivery within every kind's time, or after all of them: which kind a customer means has no sharp edge."""


class ClaimLine:
    """A thing that came some days ago is damaged, faulty, another one, or not all there."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order that came, which thing of it, what is wrong with it, and what would put it right."""
        lines = world.draw_lines(random, 3)
        own, other = lines[: random.randint(1, 2)], lines[2:]
        number, days, bad = draw_number(random), random.choice(_DAYS), random.choice(own)
        kind, wanted = random.choice(_KINDS), random.choice(_WISHES)
        is_late = days > _least_days(world)
        is_repaired = is_late and _is_under_warranty(world, kind, bad)
        wanted = "repair" if is_repaired else wanted
        orders = [
            an_order(number, "delivered", own, delivered_hours_ago=days * 24 - 1),
            an_order(draw_number(random), "paid", other),
        ]
        told = {"line": bad.name, "reason": random.choice(spoken.reasons[kind]), "wanted": wanted}
        return Task(
            goal="claim",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, [bad]) | told,
            is_allowed=is_repaired or not is_late,
            shows=((bad.product.title,),),
            hides=tuple(line.product.title for line in lines if line is not bad),
            is_fulfilled=_claimed(number, bad, wanted),
            drops=random.random() < 0.1,
        )


def _least_days(world: World) -> int:
    limits = [world.value("claim.open", f"days_{kind}") for kind in _KINDS]
    return min(limit for limit in limits if isinstance(limit, int))


def _is_under_warranty(world: World, kind: str, bad: Bought) -> bool:
    """Say whether what came too long ago for any claim is still repaired, as what broke later is."""
    kinds = ("faulty", *world.codes("claim.open", "late_as_faulty"))
    return kind in kinds and bad.product.category in world.codes("warranty.appliance", "categories")


def _claimed(number: OrderId, bad: Bought, wanted: str) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number], after.orders[number]
        lines = tuple(line.id for line in old.lines if line.sku == bad.variant.sku)
        opened = new.claims[len(old.claims) :]
        return (
            what.fields == {number: {"claims", "history"}}
            and not what.stock
            and [(claim.lines, claim.wanted, claim.state) for claim in opened] == [(lines, wanted, "opened")]
        )

    return judge


def not_received(drawing: Drawing) -> Wanted:
    """A parcel was signed for some days ago and is not here."""
    random, days = drawing.random, drawing.random.choice(_DAYS)
    wanted = random.choice(_WISHES)

    def is_claimed(old: Order, new: Order) -> bool:
        opened = new.claims[len(old.claims) :]
        return [(claim.kind, claim.wanted, claim.state) for claim in opened] == [("not_received", wanted, "opened")]

    return Wanted(
        order=drawing.order("delivered", delivered_hours_ago=days * 24 - 1),
        is_allowed=days <= drawing.world.number("claim.open", "days_not_received"),
        is_fulfilled=changed_alone(drawing.number, {"claims"}, is_claimed),
        facts={"wanted": wanted},
    )
