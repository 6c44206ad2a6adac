"""The demo shop: goods, customers and orders in every state, the same for a seed, always fresh for a moment."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from xiaoer.ids import CustomerId, OrderId
from xiaoer.shop.customers import Address, Customer
from xiaoer.shop.demo.aftersale import with_invoice, with_refund_paid, with_return
from xiaoer.shop.demo.lists import CouponEntry, DemoLists, MethodEntry
from xiaoer.shop.demo.scenes import FIRST_SCENES, SCENES, Scene
from xiaoer.shop.demo.timeline import PATHS, Pieces, Purchase, Setting, Step, make_order
from xiaoer.shop.models import Order, Product
from xiaoer.shop.policies import Policies

_CUSTOMERS = 60
_ORDERS = 330
_MOST_POINTS = 7_000
_FIRST_CUSTOMER = 1001
_Entry = TypeVar("_Entry", MethodEntry, CouponEntry)


@dataclass(frozen=True, slots=True)
class DemoShop:
    """Everything that the demo shop starts with; the first customer has orders for every flow."""

    products: tuple[Product, ...]
    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]


def make_demo(lists: DemoLists, policies: Policies, *, seed: int, now: datetime, currency: str = "CNY") -> DemoShop:
    """Make a demo shop: the same lists and seed give the same goods, people and order numbers at any moment.

    All times count back from `now`, so that there is always an order placed just now, one delivered six days ago
    and one delivered eight days ago.
    """
    setting = Setting(lists, policies, now.replace(microsecond=0))
    return _Maker(setting, random.Random(seed), currency).shop()  # noqa: S311  # a demo, not a secret


class _Maker:
    def __init__(self, setting: Setting, chance: random.Random, currency: str) -> None:
        self._setting = setting
        self._chance = chance
        self._currency = currency
        self._numbers: set[OrderId] = set()

    def shop(self) -> DemoShop:
        products = tuple(
            entry.product(self._stocks(), self._currency) for entry in self._setting.lists.products.products
        )
        customers = self._customers()
        scenes = [(scene, customers[0]) for scene in FIRST_SCENES]
        for number in range(_ORDERS - len(scenes)):
            scenes.append((SCENES[number % len(SCENES)], self._chance.choice(customers[1:])))
        orders = tuple(self._order(scene, customer, products) for scene, customer in scenes)
        return DemoShop(products, customers, orders)

    def _stocks(self) -> tuple[int, ...]:
        return tuple(self._chance.choice((0, 6, 18, 35, 60, 120, 200)) for _ in range(7))

    def _customers(self) -> tuple[Customer, ...]:
        people = self._setting.lists.people
        names = [
            people.name.format(family=family, given=given)
            for family in people.family_names
            for given in people.given_names
        ]
        names.remove(people.first_customer)
        chosen = [people.first_customer, *self._chance.sample(names, _CUSTOMERS - 1)]
        return tuple(self._customer(number, name) for number, name in enumerate(chosen, start=_FIRST_CUSTOMER))

    def _customer(self, number: int, name: str) -> Customer:
        lists = self._setting.lists
        place = self._chance.choice(lists.places.places)
        street = self._street()
        phone = self._chance.choice(lists.people.phones).format(number=number, two=number % 100)
        points = self._chance.randint(0, _MOST_POINTS)
        level = [level.code for level in lists.people.levels if level.from_points <= points][-1]
        address = Address(person=name, phone=phone, region=place.region, street=street, postcode=place.postcode)
        return Customer(
            id=CustomerId(f"C{number}"),
            name=name,
            phone=phone,
            email=f"c{number}@example.com",
            addresses=(address,),
            level=level,
            points=points,
            payment_methods=tuple(
                entry.method(number, place, self._currency)
                for place, entry in _some(lists.people.payment_methods, number)
            ),
            coupons=tuple(
                entry.coupon(place, self._currency, self._setting.now)
                for place, entry in _some(lists.people.coupons, number)
            ),
        )

    def _street(self) -> str:
        """Make a street with its house; the draws keep their order: a seed gives the shop it always gave."""
        places = self._setting.lists.places
        return places.address.format(
            street=self._chance.choice(places.streets),
            door=self._chance.randint(1, 288),
            estate=self._chance.choice(places.estates),
            building=self._chance.randint(1, 18),
            room=self._chance.randint(101, 1802),
        )

    def _order(self, scene: Scene, customer: Customer, products: Sequence[Product]) -> Order:
        purchase = self._purchase(scene, customer, products)
        last = self._setting.now - timedelta(hours=self._chance.uniform(scene.hours_ago[0], scene.hours_ago[1]))
        placed_at, steps = self._steps(scene, last.replace(microsecond=0))
        order = make_order(purchase, placed_at, steps, self._setting)
        if scene.invoice is not None:
            order = with_invoice(order, scene.invoice, customer.name, self._setting)
        if scene.return_state is not None:
            order = with_return(order, scene.return_state, self._return_reason(order), self._setting)
        return with_refund_paid(order, self._setting) if scene.is_refund_paid and order.refunds else order

    def _steps(self, scene: Scene, last: datetime) -> tuple[datetime, tuple[Step, ...]]:
        """The steps to a scene's state, made backwards from the last one, each after a likely time."""
        steps: list[Step] = []
        at = last
        for action in reversed(scene.path or PATHS[scene.state]):
            steps.append(Step(action, at))
            at -= self._took(action)
        return at, tuple(reversed(steps))

    def _took(self, action: str) -> timedelta:
        policies = self._setting.policies
        match action:
            case "pay":
                return timedelta(seconds=self._chance.randint(20, 60 * policies.unpaid.minutes - 60))
            case "expire":
                return timedelta(minutes=policies.unpaid.minutes)
            case "pack" | "ship":
                return timedelta(minutes=self._chance.randint(60, 30 * policies.shipping_promise.hours - 60))
            case "deliver":
                return timedelta(minutes=self._chance.randint(20 * 60, policies.delivery_times.near_days * 24 * 60))
            case "complete":
                return timedelta(minutes=self._chance.randint(60, policies.receipt.days * 24 * 60))
            case _:
                return timedelta(minutes=self._chance.randint(5, 600))

    def _purchase(self, scene: Scene, customer: Customer, products: Sequence[Product]) -> Purchase:
        lists = self._setting.lists
        chosen = self._chance.sample(products, self._chance.choice((1, 1, 1, 2, 2, 3)))
        if scene.category:
            chosen[0] = self._chance.choice([p for p in products if p.category == scene.category])
        pieces = tuple(
            Pieces(product, self._chance.choice(product.variants), self._chance.choice((1, 1, 1, 2)))
            for product in {product.id: product for product in chosen}.values()
        )
        return Purchase(
            number=self._number(),
            customer=customer,
            pieces=pieces,
            method=self._method(scene),
            carrier=self._chance.choice(lists.carriers.carriers),
            note=self._chance.choice(("", "", "", *lists.people.notes)),
            cancel_reason=self._chance.choice(lists.people.cancel_reasons),
        )

    def _method(self, scene: Scene) -> str:
        policies = self._setting.policies
        if scene.method is None:
            return self._chance.choice(sorted(policies.refund_times.days))
        return policies.payment.methods[scene.method % len(policies.payment.methods)]

    def _number(self) -> OrderId:
        while True:
            number = OrderId(f"2026{self._chance.randrange(10**10):010d}")
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _return_reason(self, order: Order) -> str:
        excluded = self._setting.policies.no_reason_return.excluded_categories
        quality = self._setting.policies.quality_return.reasons
        if order.lines[0].category in excluded:
            return self._chance.choice(quality)
        return self._chance.choice(self._setting.lists.people.return_reasons)


def _some(entries: Sequence[_Entry], customer: int) -> Iterator[tuple[int, _Entry]]:
    """Give the entries that a customer has, with their places: the first customer has all, others two of three."""
    for place, entry in enumerate(entries, start=1):
        if customer == _FIRST_CUSTOMER or (customer + place) % 3:
            yield place, entry
