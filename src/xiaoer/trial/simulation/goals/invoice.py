"""Asking for an invoice."""

from collections.abc import Callable
from random import Random

from xiaoer.ids import OrderId
from xiaoer.pack import Given, SpokenCustomers
from xiaoer.trial.simulation.books import Books, changes
from xiaoer.trial.simulation.task import Task, World, an_order, draw_like, draw_number, order_facts

_STATES = {"delivered": 4, "completed": 3, "paid": 1, "unpaid": 1, "cancelled": 1}


class RequestInvoice:
    """An invoice for a person or a firm, sent to a mail address."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw an order, whom the invoice is for, and whether there is one already."""
        lines = world.draw_lines(random, 1)
        number, state = draw_number(random), random.choices([*_STATES], [*_STATES.values()])[0]
        has_one = state in ("delivered", "completed") and random.random() < 0.15
        when = {"delivered_hours_ago": 60.0, "paid_hours_ago": 150.0} if state in ("delivered", "completed") else {}
        order = an_order(number, state, lines, invoice="requested" if has_one else None, **when)
        is_firm = random.random() < 0.5
        mail = f"kehu{random.randrange(1000)}@example.com"
        facts = order_facts(number, lines) | {"kind": "company" if is_firm else "personal", "email": mail}
        facts["title"] = random.choice(spoken.firms if is_firm else spoken.people)
        if is_firm:
            facts["tax_no"] = draw_like(random, spoken.tax_number)
        return Task(
            goal="invoice",
            given=Given(orders=(order,)),
            order=number,
            facts=facts,
            is_allowed=state in ("delivered", "completed", "paid") and not has_one,
            shows=((facts["title"],), (mail,)),
            is_fulfilled=_requested(number, facts),
        )


def _requested(number: OrderId, facts: dict[str, str]) -> Callable[[Books, Books], bool]:
    def judge(before: Books, after: Books) -> bool:
        what, invoice = changes(before, after), after.orders[number].invoice
        return (
            what.fields == {number: {"invoice", "history"}}
            and not what.stock
            and invoice is not None
            and (invoice.kind, invoice.title, invoice.email) == (facts["kind"], facts["title"], facts["email"])
            and invoice.tax_no == facts.get("tax_no", "")
        )

    return judge
