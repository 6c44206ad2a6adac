"""Having an order sent elsewhere, or to somebody else."""

from collections.abc import Callable
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.shop import Address, parted
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Task, World, an_order, bare, draw_number, order_facts

_STAYS_AWAY = 0.1
_STATES = {"paid": 5, "unpaid": 1, "packing": 2, "shipped": 2, "delivered": 1}


class ChangeAddress:
    """A new address, perhaps with another person and phone; some mistype the phone and put it right."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order in some state and where it shall go."""
        lines = world.draw_lines(random, 3, sure=True)
        number, state = draw_number(random), random.choices([*_STATES], [*_STATES.values()])[0]
        orders = [
            an_order(number, state, lines[:1]),
            an_order(draw_number(random), "delivered", lines[1:2], delivered_hours_ago=30),
        ]
        is_far = bool(spoken.far_places) and random.random() < 0.15
        place = random.choice(spoken.far_places if is_far else spoken.places)
        facts = order_facts(number, lines) | {"address": place}
        wanted, corrects = {"address": place}, {}
        if random.random() < 0.5:
            facts |= {"person": random.choice(spoken.people), "phone": world.draw_phone(random, spoken.phone)}
            wanted |= {"person": facts["person"], "phone": facts["phone"]}
            if random.random() < 0.4:
                corrects = {"phone": world.draw_phone(random, spoken.phone)}
                wanted |= corrects
        return Task(
            goal="address",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=facts,
            is_allowed=world.is_in_time("order.address", state) and not is_far,
            shows=((place,), *((f"{{{name}}}",) for name in ("person", "phone") if name in facts)),
            is_fulfilled=_sent_there(number, wanted),
            corrects=corrects,
        )


class ChangeRecipient:
    """Somebody else takes the parcel in, at the same place."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order in some state, and whose name and phone, or phone alone, shall stand on it."""
        lines = world.draw_lines(random, 2, sure=True)
        number, state = draw_number(random), random.choices([*_STATES], [*_STATES.values()])[0]
        orders = [
            an_order(number, state, lines[:1]),
            an_order(draw_number(random), "completed", lines[1:], delivered_hours_ago=400),
        ]
        wanted = {"phone": world.draw_phone(random, spoken.phone)}
        if random.random() < 0.6:
            wanted["person"] = random.choice(spoken.people)
        return Task(
            goal="recipient",
            given=Given(orders=tuple(random.sample(orders, len(orders)))),
            order=number,
            facts=order_facts(number, lines) | wanted,
            is_allowed=world.is_in_time("order.address", state),
            shows=tuple((f"{{{name}}}",) for name in wanted),
            is_fulfilled=_taken_in_by(number, wanted),
            drops=random.random() < _STAYS_AWAY,
        )


def _taken_in_by(number: OrderId, wanted: dict[str, str]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number].address, after.orders[number].address
        return (
            what.fields == {number: {"address", "history"}}
            and not what.stock
            and (new.region, new.street) == (old.region, old.street)
            and bare(new.person) == bare(wanted.get("person", old.person))
            and bare(new.phone) == bare(wanted["phone"])
        )

    return judge


def _sent_there(number: OrderId, wanted: dict[str, str]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), before.orders[number].address, after.orders[number].address
        return (
            what.fields == {number: {"address", "history"}}
            and not what.stock
            and is_at(new, wanted["address"])
            and bare(new.person) == bare(wanted.get("person", old.person))
            and bare(new.phone) == bare(wanted.get("phone", old.phone))
        )

    return judge


def is_at(address: Address, place: str) -> bool:
    """Say whether an address is the place that was wanted, both parted as the shop parts them."""
    wanted = parted(place)
    is_there = bare(address.region + address.street) == bare(wanted.region + wanted.street)
    return is_there and wanted.postcode in ("", address.postcode)
