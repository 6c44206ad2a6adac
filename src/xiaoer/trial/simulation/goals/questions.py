"""Questions that the books answer, or the shop's knowledge, and nothing is changed for them."""

from collections.abc import Callable, Mapping
from random import Random

from xiaoer.pack import Given, GivenCoupon, GivenMethod, SpokenCustomers
from xiaoer.shop import Claim, Exchange, Order, Return
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted
from xiaoer.trial.simulation.goals.returning import may_go_back
from xiaoer.trial.simulation.task import Task, World, an_order, draw_number, order_facts

_DAYS = (1, 3, 5, 7, 8, 12, 16)
_CASES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "return": ("refund", ("opened", "sent_back", "received")),
    "exchange": ("exchange", ("opened", "sent_back", "sent")),
    "claim": ("claim", ("opened", "accepted", "rejected")),
}
"""Of each kind: how it is given, and how far it may be."""


class AskWallet:
    """How much is there? Points, coupons or the balance of a gift card."""

    def __init__(self, goal: str, hold: Callable[[Random, World], tuple[Given, tuple[str, ...]]]) -> None:
        self._goal = goal
        self._hold = hold

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw what the customer holds, and an order that is not asked about."""
        lines, number = world.draw_lines(random, 1), draw_number(random)
        held, told = self._hold(random, world)
        orders = (an_order(number, "completed", lines, delivered_hours_ago=400),)
        return Task(
            goal=self._goal,
            given=held.model_copy(update={"orders": orders}),
            order=number,
            facts=order_facts(number, lines),
            is_allowed=True,
            tells=lambda order: told,
        )


def points(random: Random, world: World) -> tuple[Given, tuple[str, ...]]:
    """Hold points."""
    number = random.randint(1, 9_999)
    return Given(points=number), (f"{number}",)


def coupons(random: Random, world: World) -> tuple[Given, tuple[str, ...]]:
    """Hold a coupon that can be used, and perhaps one that cannot any more."""
    amount = random.randrange(5, 60)
    title = f"X{random.randrange(100, 999)}"
    gone = GivenCoupon(title="Y1", amount_minor=100, until_days=-3)
    open_one = GivenCoupon(title=title, amount_minor=amount * 100)
    return Given(coupons=(open_one, gone) if random.random() < 0.5 else (open_one,)), (title, f"{amount}.00")


def balance(random: Random, world: World) -> tuple[Given, tuple[str, ...]]:
    """Hold a gift card with something on it."""
    card = next(method for method in world.methods if method.balance is not None)
    minor = random.randrange(1_000, 90_000)
    method = GivenMethod(id=card.id, kind=card.kind, label=card.label, balance_minor=minor)
    return Given(payment_methods=(method,)), (f"{minor / 100:.2f}",)


class AskKnowledge:
    """A question about a rule, which the shop's knowledge answers in words that the pack names."""

    def __init__(self, goal: str) -> None:
        self._goal = goal

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order, so that there might be something else to talk about."""
        lines, number = world.draw_lines(random, 1), draw_number(random)
        return Task(
            goal=self._goal,
            given=Given(orders=(an_order(number, "delivered", lines, delivered_hours_ago=30),)),
            order=number,
            facts=order_facts(number, lines),
            is_allowed=True,
            tells=lambda order: spoken.tasks[self._goal].tells,
        )


def case_asked_for(drawing: Drawing) -> Wanted:
    """How far is a return, an exchange or a claim, and when is it fetched? Or there is none."""
    random, kind = drawing.random, drawing.random.choice([*_CASES])
    given, states = _CASES[kind]
    has_one = random.random() < 0.8
    cases = {given: random.choice(states)} if has_one else {}
    return Wanted(
        order=drawing.order("delivered", delivered_hours_ago=60, **cases),
        is_allowed=has_one,
        is_fulfilled=None,
        facts={"request": drawing.called(kind)},
        tells=_case_ids,
    )


def _case_ids(order: Order) -> tuple[str, ...]:
    cases: tuple[Return | Exchange | Claim, ...] = (*order.returns, *order.exchanges, *order.claims)
    return tuple(case.id for case in cases)


def return_asked_about(drawing: Drawing) -> Wanted:
    """May it go back for no reason, and until when?"""
    days = drawing.random.choice(_DAYS)
    return Wanted(
        order=drawing.order("delivered", delivered_hours_ago=days * 24 - 1),
        is_allowed=may_go_back(drawing.world, drawing.line, "no_longer_wanted", days),
        is_fulfilled=None,
        tells=lambda order: (order.lines[0].title, f"{order.lines[0].unit_price.minor / 100:.2f}"),
    )
