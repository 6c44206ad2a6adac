"""What one simulated customer wants: a matter with facts, and what the shop must have done about it in the end."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from xiaoer.ids import OrderId
from xiaoer.pack import Clause, Given, GivenLine, GivenOrder, Rule
from xiaoer.shop import Order, PaymentMethod, Product, Variant
from xiaoer.trial.simulation.books import Books

_DEAREST_MINOR = 150_000
_DIGITS = "0123456789"
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOST_DRAWS = 50
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Task:
    """A customer's matter.

    `facts` is all that the customer knows, by the names that its sentences use. `shows` are groups of pieces of text
    (facts in braces): of each group one stands in a summary that is right, and nothing that it `hides`. `is_allowed` is
    what the shop's clauses say of it; `is_fulfilled` judges the books after against those before; a matter that changes
    nothing has none, and is done when the answer holds all that it `tells` of the order. A customer who `drops` it
    takes it back at the summary; one who `corrects` something has said it wrong and says so there; `insists` names the
    sentences of one who sees a wrong summary. `of_customer` are the fields of what is kept of the customer that
    shall be otherwise.
    """

    goal: str
    given: Given
    order: OrderId
    facts: Mapping[str, str]
    is_allowed: bool
    shows: tuple[tuple[str, ...], ...] = ()
    hides: tuple[str, ...] = ()
    tells: Callable[[Order], tuple[str, ...]] = lambda order: ()
    is_fulfilled: Callable[[Books, Books], bool] | None = None
    drops: bool = False
    insists: str = "thing"
    corrects: Mapping[str, str] = field(default_factory=dict)
    of_customer: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of an order to be: what of which product, by which of its short names."""

    product: Product
    variant: Variant
    name: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class World:
    """What goals are drawn from: the shop's goods, clauses and rules, and the moment at which all is played.

    `methods` are payment methods such as customers of this shop have, `phone` is the number that they have already, and
    `day_form` is how the shop writes a day.
    """

    products: tuple[Product, ...]
    clauses: Mapping[str, Clause]
    now: datetime
    zone: ZoneInfo
    rules: tuple[Rule, ...] = ()
    methods: tuple[PaymentMethod, ...] = ()
    phone: str = ""
    day_form: str = "%Y-%m-%d"

    def draw_lines(self, random: Random, count: int, *, sure: bool = False) -> list[Bought]:
        """Draw lines of different products that no name has in common; with `sure`, of plain goods alone.

        Dear things are left out, and so much that it is dear together: what a shop's decision rules leave to a person,
        a customer cannot have done. Where the first ones leave no money for the others, all are drawn
        anew; a shop with too few goods gives fewer.
        """
        lines: list[Bought] = []
        for _ in range(_MOST_DRAWS):
            lines = max(lines, self._draw_once(random, count, sure=sure), key=len)
            if len(lines) == count:
                break
        return lines

    def most_pieces(self, line: Bought, most: int) -> int:
        """Give how many pieces of a line, `most` at most, cost less than what the shop's rules leave to a person."""
        return int(min(most, (self._person_from_minor() - 1) // line.variant.price.minor))

    def _draw_once(self, random: Random, count: int, *, sure: bool) -> list[Bought]:
        lines: list[Bought] = []
        below = self._person_from_minor()
        for product in random.sample(self.products, len(self.products)):
            taken = {name for line in lines for name in line.product.names}
            variant = random.choice(product.variants)
            is_plain = variant.price.minor <= _DEAREST_MINOR and not (sure and _is_odd(product))
            is_cheap = sum(line.variant.price.minor for line in lines) + variant.price.minor < below
            if product.names and taken.isdisjoint(product.names) and variant.stock and is_plain and is_cheap:
                lines.append(Bought(product, variant, random.choice(product.names)))
            if len(lines) == count:
                break
        return lines

    def draw_phone(self, random: Random, form: str) -> str:
        """Draw a phone number other than the one that customers have: a change to the same is none."""
        drawn = draw_like(random, form)
        while bare(drawn) == bare(self.phone):
            drawn = draw_like(random, form)
        return drawn

    def value(self, clause: str, name: str) -> object:
        """Give a value of a clause: the shop's rule in figures and codes."""
        return self.clauses[clause].values[name]

    def number(self, clause: str, name: str) -> int:
        """Give a whole number of a clause; what is none forbids as 0 does."""
        value = self.value(clause, name)
        return value if isinstance(value, int) else 0

    def codes(self, clause: str, name: str) -> tuple[str, ...]:
        """Give a list of codes of a clause; what is none holds none."""
        value = self.value(clause, name)
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()

    def is_in_time(self, clause: str, state: str) -> bool:
        """Say whether a clause still holds for an order in a state: it is one of its `until_states`."""
        return state in self.codes(clause, "until_states")

    def _person_from_minor(self) -> float:
        """Give the least amount from which on a rule has a person decide."""
        conditions = (rule.when for rule in self.rules if rule.when is not None and rule.then.person is not None)
        tests = (test for condition in conditions for _, test in condition.tests() if test.of == "amount_minor")
        return min((test.at_least for test in tests if test.at_least is not None), default=float("inf"))


def _is_odd(product: Product) -> bool:
    return product.category in ("fresh", "custom", "beauty", "food", "underwear", "furniture")


def draw_number(random: Random) -> OrderId:
    """Draw an order number of 14 digits."""
    return OrderId(f"2026061{random.randrange(10**7):07d}")


def draw_like(random: Random, form: str) -> str:
    """Draw a number that has a form: `#` is a digit, `*` a digit or a capital letter, all else stands as it is."""
    kinds = {"#": _DIGITS, "*": _CODE}
    return "".join(random.choice(kinds[sign]) if sign in kinds else sign for sign in form)


def bare(text: str) -> str:
    """Give the letters and digits of a text, to compare what was said with what was written down."""
    return _BETWEEN.sub("", text).casefold()


def an_order(number: OrderId, state: str, lines: list[Bought], **when: float | str | None) -> GivenOrder:
    """Give an order for the stage, with lines that were drawn."""
    bought = [GivenLine(sku=line.variant.sku, quantity=line.quantity) for line in lines]
    return GivenOrder.model_validate({"number": number, "state": state, "lines": bought, **when})


def order_facts(number: OrderId, lines: list[Bought]) -> dict[str, str]:
    """Give what a customer knows of an order: its number, the last four digits, one thing in it."""
    return {"number": number, "tail": number[-4:], "product": lines[0].name}
