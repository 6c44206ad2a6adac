"""What the shop keeps of a customer beside orders: the default address, and what is waited for."""

from collections.abc import Callable, Sequence
from random import Random

from xiaoer.ids import SkuId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.shop import Customer, Product, Variant, parted
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.goals.address import is_at
from xiaoer.trial.simulation.goals.swapping import tells
from xiaoer.trial.simulation.task import Task, World, an_order, bare, draw_number, order_facts

_STAYS_AWAY = 0.1
_LEFT = 5
"""So many pieces there are of what is not sold out."""


class ChangeDefaultAddress:
    """Parcels shall go elsewhere from now on, perhaps to another person."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw a place to which the shop sends, or does not, and whose it is."""
        lines, number = world.draw_lines(random, 1, sure=True), draw_number(random)
        is_far = bool(spoken.far_places) and random.random() < 0.2
        place = random.choice(spoken.far_places if is_far else spoken.places)
        facts = order_facts(number, lines) | {"address": place}
        if random.random() < 0.5:
            facts |= {"person": random.choice(spoken.people), "phone": world.draw_phone(random, spoken.phone)}
        return Task(
            goal="default_address",
            given=Given(orders=(an_order(number, "completed", lines, delivered_hours_ago=400),)),
            order=number,
            facts=facts,
            is_allowed=not is_far,
            shows=((parted(place).street,),),
            is_fulfilled=_goes_there(facts),
            drops=random.random() < _STAYS_AWAY,
            of_customer=frozenset({"addresses"}),
        )


def _goes_there(facts: dict[str, str]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, old, new = changes(before, after), _owner(before), _owner(after)
        first = new.addresses[0]
        return (
            not (what.fields or what.stock or what.balances)
            and set(old.addresses) < set(new.addresses)
            and is_at(first, facts["address"])
            and bare(first.person) == bare(facts.get("person", old.addresses[0].person))
            and bare(first.phone) == bare(facts.get("phone", old.addresses[0].phone))
        )

    return judge


class AskStockNotice:
    """A variant is sold out, or is not, and the customer wants to hear when it is back."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw the variant, and whether there is any of it."""
        product, wanted, option = _told_apart(random, world)
        number, is_out = draw_number(random), random.random() < 0.75
        stock = {variant.sku: _LEFT for variant in product.variants}
        bought = next(line for line in world.draw_lines(random, 2) if line.product.id != product.id)
        return Task(
            goal="stock_notice",
            given=Given(
                orders=(an_order(number, "completed", [bought], delivered_hours_ago=400),),
                stock=stock | {wanted.sku: 0 if is_out else _LEFT},
            ),
            order=number,
            facts=order_facts(number, [bought]) | {"line": random.choice(product.names), "option": option},
            is_allowed=is_out,
            shows=((product.title,), (option,)),
            is_fulfilled=_waits_for([wanted.sku]),
            drops=random.random() < _STAYS_AWAY,
            of_customer=frozenset({"stock_notices"}),
        )


class WithdrawStockNotice:
    """What was waited for is no longer wanted; another thing still is, or nothing was waited for."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw two things that are waited for, of which one is not wanted any more."""
        own, other, bought = world.draw_lines(random, 3)
        number, is_noted = draw_number(random), random.random() < 0.75
        notices = [own.variant.sku, other.variant.sku] if is_noted else []
        return Task(
            goal="notice_off",
            given=Given(
                orders=(an_order(number, "completed", [bought], delivered_hours_ago=400),),
                notices=tuple(random.sample(notices, len(notices))),
                stock=dict.fromkeys(notices, 0),
            ),
            order=number,
            facts=order_facts(number, [bought]) | {"line": own.name},
            is_allowed=is_noted,
            shows=((own.product.title,),),
            hides=(other.product.title,),
            is_fulfilled=_waits_for([other.variant.sku]),
            drops=random.random() < _STAYS_AWAY,
            of_customer=frozenset({"stock_notices"}),
        )


def _told_apart(random: Random, world: World) -> tuple[Product, Variant, str]:
    """Draw a variant that one option alone tells from the others of its product, and how that is called."""
    while True:
        product = random.choice([product for product in world.products if product.names])
        variant = random.choice(product.variants)
        for option, value in variant.options.items():
            values = [other.options.get(option) for other in product.variants]
            if values.count(value) == 1 and tells(product, variant, option):
                return product, variant, value


def _waits_for(skus: Sequence[SkuId]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what = changes(before, after)
        is_alone = not (what.fields or what.stock or what.balances)
        return is_alone and [notice.sku for notice in _owner(after).stock_notices] == list(skus)

    return judge


def _owner(books: Books) -> Customer:
    (owner,) = books.customers.values()
    return owner
