"""Taking back a return, an exchange or a claim."""

from collections.abc import Mapping

from xiaoer.shop import Order
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone

_KINDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "return": ("refund", "returns", ("sent_back", "received")),
    "exchange": ("exchange", "exchanges", ("sent_back", "received", "sent")),
    "claim": ("claim", "claims", ("accepted", "rejected")),
}
"""Of each kind: how it is given, where an order keeps it, and the states in which it is too far."""


def withdrawn(drawing: Drawing) -> Wanted:
    """A case that was opened, or went on since, shall not be."""
    random, line, kind = drawing.random, drawing.line, drawing.random.choice([*_KINDS])
    given, field, too_far = _KINDS[kind]
    state = "opened" if random.random() < 0.7 else random.choice(too_far)
    goes_back = {"lines"} if kind != "claim" else set()

    def is_so(old: Order, new: Order) -> bool:
        return [case.state for case in getattr(new, field)] == ["withdrawn"] and all(
            line.kept_quantity == line.quantity for line in new.lines
        )

    return Wanted(
        order=drawing.order("delivered", delivered_hours_ago=60, **{given: state}),
        is_allowed=state == "opened",
        is_fulfilled=changed_alone(
            drawing.number,
            {field, *goes_back},
            is_so,
            stock={line.variant.sku: line.quantity} if kind == "exchange" else {},
        ),
        facts={"request": drawing.called(kind)},
    )
